/// Fields of numbers of a compound dataset, side by side.
final class FieldRows: RowSource {
    let found: FoundRows
    private let dataset: HDF5Dataset
    private let fields: [(name: String, type: HDF5ValueType, width: Int)]
    private let width: Int

    /// - Parameter fields: at least one.
    init(_ dataset: HDF5Dataset, _ fields: [(name: String, type: HDF5ValueType)], notes: [String]) throws(DataError) {
        for field in fields where field.type.elementType == nil || field.type.form == .bits {
            throw dataset.error("Its field '\(field.name)' is of type \(field.type.name); expected numbers.")
        }
        self.dataset = dataset
        self.fields = fields.map { field in
            if case .arrays(let lengths) = field.type.form { return (field.name, field.type, lengths.reduce(1, *)) }
            return (field.name, field.type, 1)
        }
        width = self.fields.reduce(0) { $0 + $1.width }
        // Fields of several types have one that holds them all.
        let isSmall = fields.allSatisfy { field in
            guard let type = field.type.elementType else { return false }
            return type.byteCount <= (type.kind == .floating ? 4 : 2)
        }
        let isWhole = fields.allSatisfy { $0.type.elementType?.isInteger == true }
        let type = ElementType(isWhole ? .signed : .floating, byteCount: isSmall ? 4 : 8)
        found = FoundRows(
            place: Datasets.place(file: dataset.file, dataset: dataset.name), typeName: type.name,
            rowCount: dataset.shape.first ?? 1, rowShape: width == 1 && fields.count == 1 ? [] : [width],
            elementType: type, format: isSmall ? .float32 : .float64,
            blockRows: max(1, try dataset.layout().chunkShape?.first ?? 1), notes: notes)
    }

    func requirePresent(_ rows: RowSet) throws(DataError) { try dataset.requirePresent(rows, dimension: 0) }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        var start = 0
        for field in fields {
            let values = try dataset.readNumbers(ofField: field.name, field.type, width: field.width, rows)
            for row in 0..<rows.count {
                for column in 0..<field.width {
                    let value = values[row * field.width + column], place = row * width + start + column
                    if found.format == .float32 {
                        target.storeBytes(of: Float(value), toByteOffset: place * 4, as: Float.self)
                    } else {
                        target.storeBytes(of: value, toByteOffset: place * 8, as: Double.self)
                    }
                }
            }
            start += field.width
        }
    }
}

extension HDF5Dataset {
    /// Fields of numbers; or one field of strings as targets.
    func rows(ofFields names: [String], areTargets: Bool, notes: [String]) throws(DataError) -> any RowSource {
        let known = try fields()
        var chosen: [(name: String, type: HDF5ValueType)] = []
        for name in names {
            guard let field = known.first(where: { $0.name == name }) else {
                throw error(
                    known.isEmpty
                        ? "It has no fields, for it holds values of type \(typeName). Leave out field."
                        : "It has no field '\(name)'; it has \(known.map(\.name).joined(separator: ", ")).")
            }
            chosen.append(field)
        }
        guard let count = shape.first, shape.count == 1, count > 0 else {
            throw error("It is \(describe(shape: shape)); fields are read of N rows.")
        }
        guard areTargets, chosen.count == 1, case .strings(let byteCount?) = chosen[0].type.form else {
            return try FieldRows(self, chosen, notes: notes)
        }
        let name = chosen[0].name
        return NameRows(self, rowCount: count, notes: notes) { (rows, body) throws(DataError) in
            try self.readStrings(ofField: name, byteCount: byteCount, rows, body)
        }
    }
}
