import CHDF5
import Foundation

/// The values of a file that are asked for.
package struct DatasetRequest: Codable, Hashable, Sendable {
    /// The path of a dataset, or of a group that other tools store one matrix or one column in.
    package var name: String
    /// The rows from the first to the one before the second, counted from 0; nil for all.
    package var rows: [Int]?
    /// The features from the first to the one before the second, counted from 0; nil for all.
    ///
    /// [0, -1] are all but the last, and [-1, 0] is the last.
    package var columns: [Int]?
    /// Fields of a compound type, each of which gives features; empty for other types.
    package var fields: [String] = []
    /// Whether the last dimension counts the examples; nil where the file tells, as MATLAB's do.
    package var examplesAreLast: Bool?

    package init(
        name: String, rows: [Int]? = nil, columns: [Int]? = nil, fields: [String] = [], examplesAreLast: Bool? = nil
    ) {
        self.name = name
        self.rows = rows
        self.columns = columns
        self.fields = fields
        self.examplesAreLast = examplesAreLast
    }
}

extension DatasetRequest {
    /// Whether inputs and targets are columns of one matrix.
    fileprivate var isOfOneMatrix: Bool { columns == [0, -1] || columns == [-1, 0] }
}

extension DatasetRequest: ExpressibleByStringInterpolation {
    package init(stringLiteral name: String) { self.init(name: name) }
}

/// What a contained process has read of a dataset, whose values are in its nameless file.
struct ReadDataset: Codable {
    enum Form: String, Codable {
        case uint8, float32, float64
        /// Numbers of `names`, as `Int32`.
        case codes
    }
    var form: Form
    /// Rows first.
    var shape: [Int]
    var elementType: ElementType
    /// Where the values begin in the nameless file, in bytes.
    var offset: Int
    /// Of codes; for numbers, the names that an enumeration gives them.
    var names: [String] = []
    var namedValues: [Int] = []
    /// How many values the file marks as missing; they are NaN.
    var missingCount = 0
    /// What the user should know of how the values were read.
    var notes: [String]
    /// File and dataset, for messages.
    var place: String
    var typeName: String
}

extension HDF5File {
    /// Reads a dataset as a matrix of examples: `uint8` and booleans as they are, other integers of up to 16 bits and
    /// floating types of up to 32 as `Float` (exactly), wider types as `Double` (integers beyond 2^53 are rounded).
    ///
    /// netCDF's `scale_factor`, `add_offset` and `_FillValue` are applied.
    /// - Parameter areTargets: whether names are read too.
    func read(
        _ request: DatasetRequest, areTargets: Bool, _ permissions: HDF5Permissions, into shared: SharedBytes
    ) throws(DataError) -> ReadDataset {
        try plan(request, areTargets: areTargets, permissions).read(shared)
    }

    /// What there is to read, before anything large is read.
    func plan(_ request: DatasetRequest, areTargets: Bool, _ permissions: HDF5Permissions) throws(DataError)
        -> PlannedRead
    {
        var notes = try follow(request.name).map { "'\(request.name)' lies in another file, \($0)" }
        let name = request.name.split(separator: "/").joined(separator: "/")
        if kind(of: name) == "group" {
            return try PlannedRead(group: name, in: self, request, areTargets: areTargets, permissions)
        }
        let dataset = try HDF5Dataset(file: self, name: name)
        try dataset.checkPresence(in: self, permissions, &notes)
        if !request.fields.isEmpty {
            return try PlannedRead(fieldsOf: dataset, request, areTargets: areTargets, notes)
        }
        return try PlannedRead(dataset, in: self, request, areTargets: areTargets, notes)
    }
}

/// A dataset that is there and can be read, and what becomes of it.
struct PlannedRead {
    /// Rows first, of the rows that are asked for.
    let shape: [Int]
    let read: (SharedBytes) throws(DataError) -> ReadDataset

    init(
        _ dataset: HDF5Dataset, in file: HDF5File, _ request: DatasetRequest, areTargets: Bool, _ found: [String]
    ) throws(DataError) {
        var notes = found
        let place = Datasets.place(file: dataset.file, dataset: dataset.name)
        guard dataset.shape.allSatisfy({ $0 > 0 }), !dataset.shape.isEmpty else {
            let found = dataset.shape.isEmpty ? "a single value (rank 0)" : describe(shape: dataset.shape)
            throw dataset.error(
                "It is \(found); expected at least one row of at least one feature: N x ... with the examples first.")
        }
        let attributes = try file.attributes(of: dataset.name)
        let isLast = request.examplesAreLast ?? (attributes["MATLAB_class"] != nil && dataset.shape.count > 1)
        if isLast, request.examplesAreLast == nil {
            notes.append(
                "'\(dataset.name)' is MATLAB's, whose last dimension here, \(dataset.shape.last ?? 0), counts the examples "
                    + "(examples \"first\" would take the first)")
        }
        // MATLAB has no vectors: N x 1 and 1 x N are meant alike.
        let isVector = request.examplesAreLast == nil && dataset.shape.count == 2 && dataset.shape.contains(1)
        let whole =
            isLast && isVector
            ? [max(dataset.shape[0], dataset.shape[1]), 1]
            : isLast ? [dataset.shape.last ?? 1] + dataset.shape.dropLast() : dataset.shape
        if !areTargets || dataset.valueType.isText == false { try dataset.requireNumbers() }
        let rows = try request.checkedRows(of: whole[0], dataset)
        let width = whole.dropFirst().reduce(1, *)
        if request.isOfOneMatrix, whole.count != 2 {
            throw dataset.error(
                "It is \(describe(shape: whole)); inputs and targets in one dataset are expected to be a matrix N x D, whose last "
                    + "column is the target. Is this the dataset of the inputs?")
        }
        let columns = try request.checkedColumns(of: width, dataset)
        let shape = [rows.count] + (columns.map { [$0.count] } ?? Array(whole.dropFirst()))
        self.shape = shape
        if areTargets, case .strings = dataset.valueType.form {
            read = { (shared) throws(DataError) in
                let (strings, codes) = try dataset.readStrings(progress: shared.extendPatience)
                let offset = try shared.append(rows.count, of: Int32.self) { target in
                    for (index, row) in rows.enumerated() { target[index] = codes[row] }
                }
                return ReadDataset(
                    form: .codes, shape: shape, elementType: .uint8, offset: offset, names: strings, notes: notes,
                    place: place, typeName: dataset.typeName)
            }
            return
        }
        func number(_ name: String) -> Double? {
            switch attributes[name] {
            case .integer(let value): Double(value)
            case .real(let value): value
            default: nil
            }
        }
        let factor = number("scale_factor"), added = number("add_offset")
        let missing = factor != nil || added != nil ? number("_FillValue") ?? number("missing_value") : nil
        let isPacked = factor != nil || added != nil
        if isPacked { notes.append("'\(dataset.name)' is unpacked with its scale_factor and add_offset") }
        let elementType = dataset.elementType ?? .float64  // reading says what is wrong with a dataset without numbers
        let names = dataset.valueType.names.sorted { $0.key < $1.key }
        let finalNotes = notes
        func readDataset<Element: HDF5Element>(_ form: ReadDataset.Form, as _: Element.Type, _ shared: SharedBytes)
            throws(DataError) -> ReadDataset
        {
            var missingCount = 0
            let offset = try shared.append(shape.reduce(1, *), of: Element.self) { (target) throws(DataError) in
                if let columns {
                    try dataset.read(
                        columns, of: width, into: target, rows: rows, isLast: isLast, shared.extendPatience)
                } else if isLast {
                    try dataset.readTransposed(into: target, rows: rows, progress: shared.extendPatience)
                } else {
                    try dataset.read(into: target, rows: rows, progress: shared.extendPatience)
                }
                guard isPacked, let numbers = target as? UnsafeMutableBufferPointer<Double> else { return }
                for index in numbers.indices {
                    let isMissing = numbers[index] == missing
                    missingCount += isMissing ? 1 : 0
                    numbers[index] = isMissing ? .nan : numbers[index] * (factor ?? 1) + (added ?? 0)
                }
            }
            return ReadDataset(
                form: form, shape: shape, elementType: isPacked ? .float64 : elementType, offset: offset,
                names: names.map(\.value), namedValues: names.map(\.key), missingCount: missingCount,
                notes: finalNotes, place: place, typeName: dataset.typeName)
        }
        let isBits = dataset.valueType.form == .bits
        read = { (shared) throws(DataError) in
            switch (elementType.kind, elementType.byteCount) {
            case _ where isPacked: return try readDataset(.float64, as: Double.self, shared)
            case (.unsigned, 1): return try readDataset(.uint8, as: UInt8.self, shared)
            case (.boolean, _) where isBits:
                return try readDataset(.uint8, as: UInt8.self, shared)
            case (.unsigned, 2), (.signed, ...2), (.boolean, _), (.floating, ...4):
                return try readDataset(.float32, as: Float.self, shared)
            default: return try readDataset(.float64, as: Double.self, shared)
            }
        }
    }

    fileprivate init(shape: [Int], read: @escaping (SharedBytes) throws(DataError) -> ReadDataset) {
        self.shape = shape
        self.read = read
    }
}

extension DatasetRequest {
    fileprivate func checkedRows(of count: Int, _ dataset: HDF5Dataset) throws(DataError) -> Range<Int> {
        guard let rows else { return 0..<count }
        guard rows.count == 2, rows[0] >= 0, rows[0] < rows[1], rows[1] <= count else {
            throw dataset.error(
                "rows are \(rows); expected [from, to] with 0 <= from < to <= \(count), the number of its rows.")
        }
        return rows[0]..<rows[1]
    }
}

extension DatasetRequest {
    fileprivate func checkedColumns(of count: Int, _ dataset: HDF5Dataset) throws(DataError) -> Range<Int>? {
        guard let columns else { return nil }
        let (first, end) =
            columns == [-1, 0] ? (count - 1, count) : (columns[0], columns[1] < 0 ? count + columns[1] : columns[1])
        guard first >= 0, first < end, end <= count else {
            throw dataset.error(
                "columns are \(columns); expected [from, to] with 0 <= from < to <= \(count), the number of its features."
            )
        }
        return first..<end
    }
}

extension HDF5Dataset {
    /// Reads some features of each row.
    fileprivate func read<Element: HDF5Element>(
        _ columns: Range<Int>, of width: Int, into target: UnsafeMutableBufferPointer<Element>, rows: Range<Int>,
        isLast: Bool, _ progress: () -> Void
    ) throws(DataError) {
        let values = UnsafeMutableBufferPointer<Element>.allocate(capacity: rows.count * width)
        defer { values.deallocate() }
        if isLast {
            try readTransposed(into: values, rows: rows, progress: progress)
        } else {
            try read(into: values, rows: rows, progress: progress)
        }
        for row in 0..<rows.count {
            for (index, column) in columns.enumerated() {
                target[row * columns.count + index] = values[row * width + column]
            }
        }
    }

    /// Reads a dataset whose last dimension counts the rows, as rows first.
    fileprivate func readTransposed<Element: HDF5Element>(
        into target: UnsafeMutableBufferPointer<Element>, rows: Range<Int>, progress: () -> Void
    ) throws(DataError) {
        let width = target.count / rows.count, rowCount = shape.reduce(1, *) / width
        let values = UnsafeMutableBufferPointer<Element>.allocate(capacity: rowCount * width)
        defer { values.deallocate() }
        try read(into: values, progress: progress)
        // Blocks that fit into the cache.
        for firstRow in stride(from: rows.lowerBound, to: rows.upperBound, by: 32) {
            for j in 0..<width {
                for row in firstRow..<min(firstRow + 32, rows.upperBound) {
                    target[(row - rows.lowerBound) * width + j] = values[j * rowCount + row]
                }
            }
        }
    }
}

// MARK: - Fields of compound types

extension PlannedRead {
    /// Fields of numbers, side by side; or one field of strings as targets.
    fileprivate init(
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

// MARK: - Groups that stand for one matrix or one column

extension PlannedRead {
    /// AnnData's sparse matrices (`encoding-type` csr_matrix, csc_matrix) and categorical columns.
    init(
        group name: String, in file: HDF5File, _ request: DatasetRequest, areTargets: Bool,
        _ permissions: HDF5Permissions
    ) throws(DataError) {
        func error(_ problem: String) -> DataError { DataError(file: file.path, dataset: name, problem) }
        func part(_ part: String) throws(DataError) -> HDF5Dataset {
            let dataset = try file.dataset("\(name)/\(part)")
            var notes: [String] = []
            try dataset.checkPresence(in: file, permissions, &notes)
            return dataset
        }
        let place = Datasets.place(file: file.path, dataset: name)
        let encoding = try file.attributes(of: name)["encoding-type"]?.description ?? ""
        switch encoding {
        case "categorical" where areTargets:
            let codeSet = try part("codes"), categories = try part("categories")
            let rows = try request.checkedRows(of: codeSet.shape.first ?? 0, codeSet)
            self.init(shape: [rows.count]) { (shared) throws(DataError) in
                let codes = try codeSet.read(Double.self)
                let names: [String]
                if case .strings = categories.valueType.form {
                    let (strings, order) = try categories.readStrings()
                    names = order.map { strings[Int($0)] }
                } else {
                    names = try categories.read(Double.self).map { Int(exactly: $0).map(String.init) ?? "\($0)" }
                }
                let missing = rows.filter { codes[$0] == -1 }
                if let first = missing.first {
                    throw error(
                        "\(missing.count == 1 ? "1 row has" : "\(missing.count) rows have") no category, the first is row \(first). "
                            + "Leave them out.")
                }
                if let row = rows.first(where: { codes[$0] < 0 || codes[$0] >= Double(names.count) }) {
                    throw error("Row \(row) has the code \(codes[row]); expected 0 to \(names.count - 1).")
                }
                let offset = try shared.append(rows.count, of: Int32.self) { target in
                    for (index, row) in rows.enumerated() { target[index] = Int32(codes[row]) }
                }
                return ReadDataset(
                    form: .codes, shape: [rows.count], elementType: .uint8, offset: offset, names: names,
                    notes: ["'\(name)' is a categorical column"], place: place, typeName: "categorical")
            }
        case "csr_matrix", "csc_matrix":
            let values = try part("data"), indices = try part("indices"), starts = try part("indptr")
            guard let size = try file.integers(ofAttribute: "shape", of: name), size.count == 2,
                size.allSatisfy({ $0 > 0 })
            else { throw error("It is a sparse matrix without its attribute shape.") }
            guard elementCount(of: size, bytesEach: 4) != nil else {
                throw error("\(describe(shape: size)) values do not fit into memory. Read fewer rows.")
            }
            let isByRow = encoding == "csr_matrix"
            let rows = try request.checkedRows(of: size[0], starts)
            self.init(shape: [rows.count, size[1]]) { (shared) throws(DataError) in
                let data = try values.read(Float.self), places = try indices.read(Double.self)
                let ends = try starts.read(Double.self)
                let (outer, inner) = isByRow ? (size[0], size[1]) : (size[1], size[0])
                guard ends.count == outer + 1, data.count == places.count, ends.first == 0,
                    ends.last == Double(data.count), zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 })
                else { throw error("Its parts data, indices and indptr do not fit together.") }
                if let entry = places.firstIndex(where: { !($0 >= 0 && $0 < Double(inner)) }) {
                    throw error("Entry \(entry) of indices is \(places[entry]); expected 0 to \(inner - 1).")
                }
                let offset = try shared.append(rows.count * size[1], of: Float.self) { target in
                    target.update(repeating: 0)
                    for index in 0..<outer {
                        for entry in Int(ends[index])..<Int(ends[index + 1]) {
                            let other = Int(places[entry])
                            let (row, column) = isByRow ? (index, other) : (other, index)
                            if rows.contains(row) { target[(row - rows.lowerBound) * size[1] + column] += data[entry] }
                        }
                    }
                }
                return ReadDataset(
                    form: .float32, shape: [rows.count, size[1]], elementType: .float32, offset: offset,
                    notes: ["'\(name)' is a sparse matrix, \(data.count) of \(size[0] * size[1]) values are stored"],
                    place: place, typeName: "sparse \(values.typeName)")
            }
        default:
            throw error(try file.holdings(ofGroup: name))
        }
    }
}
