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

    init(shape: [Int], read: @escaping (SharedBytes) throws(DataError) -> ReadDataset) {
        self.shape = shape
        self.read = read
    }
}

extension DatasetRequest {
    func checkedRows(of count: Int, _ dataset: HDF5Dataset) throws(DataError) -> Range<Int> {
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
