import Foundation

extension PlannedRead {
    /// Fields of numbers, side by side; or one field of strings as targets.
    init(
        fieldsOf dataset: HDF5Dataset, _ request: DatasetRequest, areTargets: Bool, _ notes: [String]
    ) throws(DataError) {
        let known = try dataset.fields()
        let place = Datasets.place(file: dataset.file, dataset: dataset.name)
        var chosen: [(name: String, type: HDF5ValueType)] = []
        for name in request.fields {
            guard let field = known.first(where: { $0.name == name }) else {
                throw dataset.error(
                    known.isEmpty
                        ? "It has no fields, for it holds values of type \(dataset.typeName). Leave out field."
                        : "It has no field '\(name)'; it has \(known.map(\.name).joined(separator: ", ")).")
            }
            chosen.append(field)
        }
        guard let count = dataset.shape.first, dataset.shape.count == 1, count > 0 else {
            throw dataset.error("It is \(describe(shape: dataset.shape)); fields are read of N rows.")
        }
        let rows = try request.checkedRows(of: count, dataset)
        if areTargets, chosen.count == 1, case .strings(let byteCount?) = chosen[0].type.form {
            let name = chosen[0].name
            self.init(shape: [rows.count]) { (shared) throws(DataError) in
                shared.extendPatience()
                let strings = try dataset.readStrings(ofField: name, byteCount: byteCount)
                var names: [String] = [], numbers: [String: Int32] = [:]
                let offset = try shared.append(rows.count, of: Int32.self) { target in
                    for (index, row) in rows.enumerated() {
                        if numbers[strings[row]] == nil {
                            numbers[strings[row]] = Int32(names.count)
                            names.append(strings[row])
                        }
                        target[index] = numbers[strings[row]] ?? 0
                    }
                }
                return ReadDataset(
                    form: .codes, shape: [rows.count], elementType: .uint8, offset: offset, names: names, notes: notes,
                    place: place, typeName: "string")
            }
            return
        }
        for field in chosen where field.type.elementType == nil || field.type.form == .bits {
            throw dataset.error("Its field '\(field.name)' is of type \(field.type.name); expected numbers.")
        }
        let widths = chosen.map { field in
            if case .arrays(let lengths) = field.type.form { lengths.reduce(1, *) } else { 1 }
        }
        let width = widths.reduce(0, +)
        let isSmall = chosen.allSatisfy { field in
            guard let type = field.type.elementType else { return false }
            return type.byteCount <= (type.kind == .floating ? 4 : 2)
        }
        let isWhole = chosen.allSatisfy { $0.type.elementType?.isInteger == true }
        let shape = width == 1 && chosen.count == 1 ? [rows.count] : [rows.count, width]
        self.init(shape: shape) { (shared) throws(DataError) in
            func read<Element: HDF5Element>(_ form: ReadDataset.Form, _: Element.Type, _ make: (Double) -> Element)
                throws(DataError) -> ReadDataset
            {
                let offset = try shared.append(rows.count * width, of: Element.self) { (target) throws(DataError) in
                    var start = 0
                    for (field, fieldWidth) in zip(chosen, widths) {
                        shared.extendPatience()
                        let values = try dataset.readNumbers(ofField: field.name, field.type, width: fieldWidth)
                        for (index, row) in rows.enumerated() {
                            for j in 0..<fieldWidth {
                                target[index * width + start + j] = make(values[row * fieldWidth + j])
                            }
                        }
                        start += fieldWidth
                    }
                }
                let type = ElementType(isWhole ? .signed : .floating, byteCount: isSmall ? 4 : 8)
                return ReadDataset(
                    form: form, shape: shape, elementType: type, offset: offset, notes: notes, place: place,
                    typeName: type.name)
            }
            return isSmall
                ? try read(.float32, Float.self) { Float($0) } : try read(.float64, Double.self) { $0 }
        }
    }
}
