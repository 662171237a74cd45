extension HDF5File {
    /// The rows that a group stands for: a sparse matrix in one of the forms of `SparseGroup`, and AnnData's
    /// categorical columns.
    func rows(ofGroup name: String, _ request: DatasetRequest, areTargets: Bool, _ permissions: HDF5Permissions)
        throws(DataError) -> any RowSource
    {
        func part(_ part: String) throws(DataError) -> HDF5Dataset {
            let dataset = try dataset("\(name)/\(part)")
            var notes: [String] = []
            try dataset.requireWhole(in: self, permissions, &notes)
            return dataset
        }
        if areTargets, try attributes(of: name)["encoding-type"]?.description == "categorical" {
            return try CategoryRows(place(file: path, dataset: name), name, part("codes"), part("categories"))
        }
        guard let group = try sparseGroup(name, examplesAreLast: request.examplesAreLast) else {
            throw DataError(file: path, dataset: name, try holdings(ofGroup: name))
        }
        return try SparseMatrixRows(
            place(file: path, dataset: name), name, group, part(group.parts.values), part(group.parts.indices),
            part(group.parts.starts))
    }
}

/// AnnData's categorical column: numbers of categories, and the categories.
final class CategoryRows: RowSource {
    let found: FoundRows
    let names: [String]
    private let codes: HDF5Dataset

    init(_ place: String, _ name: String, _ codes: HDF5Dataset, _ categories: HDF5Dataset) throws(DataError) {
        self.codes = codes
        if case .strings = categories.valueType.form {
            var names: [String] = []
            try categories.readStrings(0..<(categories.shape.first ?? 0)) {
                names.append(String(decoding: $0, as: UTF8.self))
            }
            self.names = names
        } else {
            names = try categories.read(Double.self).map { Int(exactly: $0).map(String.init) ?? "\($0)" }
        }
        found = FoundRows(
            place: place, typeName: "categorical", rowCount: codes.shape.first ?? 0, rowShape: [], elementType: .uint8,
            format: .int32, areNames: true, notes: ["'\(name)' is a categorical column"])
    }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        var numbers = [Double](repeating: 0, count: rows.count)
        try numbers.withUnsafeMutableBufferPointer { (buffer) throws(DataError) in
            try codes.read(into: buffer, rows: rows)
        }
        let missing = numbers.count { $0 == -1 }
        if let first = numbers.firstIndex(of: -1) {
            throw DataError(
                "\(found.place): \(missing == 1 ? "1 row has" : "\(missing) rows have") no category, the first is row "
                    + "\(rows.lowerBound + first). Leave them out.")
        }
        if let first = numbers.firstIndex(where: { $0 < 0 || $0 >= Double(names.count) }) {
            throw DataError(
                "\(found.place): Row \(rows.lowerBound + first) has the code \(numbers[first]); expected 0 to "
                    + "\(names.count - 1).")
        }
        let result = target.bindMemory(to: Int32.self, capacity: rows.count)
        for (index, number) in numbers.enumerated() { result[index] = Int32(number) }
    }
}

/// A compressed sparse matrix (N x D), by rows or by columns, as rows with their zeros.
final class SparseMatrixRows: RowSource {
    let found: FoundRows
    private let width: Int
    private let isByRow: Bool
    private let values: HDF5Dataset
    private let indices: HDF5Dataset
    /// Where the entries of each row, or column, begin, and where the last ones end.
    private let starts: [Int]
    /// How many rows, or columns, there are in the other direction.
    private let inner: Int

    init(
        _ place: String, _ name: String, _ group: SparseGroup, _ values: HDF5Dataset, _ indices: HDF5Dataset,
        _ starts: HDF5Dataset
    ) throws(DataError) {
        let (size, isByRow) = (group.size, group.isByRow)
        (self.values, self.indices, self.isByRow) = (values, indices, isByRow)
        width = size[1]
        let (outer, inner) = isByRow ? (size[0], size[1]) : (size[1], size[0])
        self.inner = inner
        let ends = try starts.read(Double.self), count = values.shape.first ?? 0
        guard ends.count == outer + 1, indices.shape == values.shape, values.shape.count == 1, ends.first == 0,
            ends.last == Double(count), zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            throw DataError(
                "\(place): Its parts \(group.parts.values), \(group.parts.indices) and \(group.parts.starts) do not "
                    + "fit together: \(describe(shape: values.shape)) values, \(describe(shape: indices.shape)) places "
                    + "and \(ends.count) beginnings of \(describe(shape: size)). Write it again.")
        }
        self.starts = ends.map { Int($0) }
        found = FoundRows(
            place: place, typeName: "sparse \(values.typeName)", rowCount: size[0], rowShape: [size[1]],
            elementType: .float32, format: .float32,
            // Every block of rows has entries of all columns.
            blockRows: isByRow ? 1 : size[0],
            notes: (group.note.map { [$0] } ?? []) + [
                "'\(name)' is a sparse matrix, \(count) of "
                    + "\(size[0].multipliedReportingOverflow(by: size[1]).partialValue) values are stored"
            ])
    }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        let matrix = target.bindMemory(to: Float.self, capacity: rows.count * width)
        matrix.update(repeating: 0, count: rows.count * width)
        let outer = isByRow ? rows : 0..<starts.count - 1
        let entries = starts[outer.lowerBound]..<starts[outer.upperBound]
        guard !entries.isEmpty else { return }
        var data = [Float](repeating: 0, count: entries.count), places = [Double](repeating: 0, count: entries.count)
        try data.withUnsafeMutableBufferPointer { (buffer) throws(DataError) in
            try values.read(into: buffer, rows: entries)
        }
        try places.withUnsafeMutableBufferPointer { (buffer) throws(DataError) in
            try indices.read(into: buffer, rows: entries)
        }
        for index in outer {
            for entry in starts[index]..<starts[index + 1] {
                let place = places[entry - entries.lowerBound]
                guard place >= 0, place < Double(inner) else {
                    throw DataError(
                        "\(found.place): Entry \(entry) of indices is \(place); expected 0 to \(inner - 1).")
                }
                let (row, column) = isByRow ? (index, Int(place)) : (Int(place), index)
                if rows.contains(row) {
                    matrix[(row - rows.lowerBound) * width + column] += data[entry - entries.lowerBound]
                }
            }
        }
    }
}
