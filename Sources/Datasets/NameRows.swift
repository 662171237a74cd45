/// Names, one a row: a dataset of strings, or a field of strings of a compound dataset.
final class NameRows: RowSource {
    let found: FoundRows
    private let dataset: HDF5Dataset
    private let read: (Range<Int>, (ArraySlice<UInt8>) -> Void) throws(DataError) -> Void
    private var table = NameTable()

    /// - Parameter read: hands over the strings of some rows in turn.
    init(
        _ dataset: HDF5Dataset, rowCount: Int, rowShape: [Int] = [], notes: [String],
        _ read: @escaping (Range<Int>, (ArraySlice<UInt8>) -> Void) throws(DataError) -> Void
    ) {
        self.dataset = dataset
        self.read = read
        found = FoundRows(
            place: Datasets.place(file: dataset.file, dataset: dataset.name), typeName: "string", rowCount: rowCount,
            rowShape: rowShape, elementType: .uint8, format: .int32, areNames: true, notes: notes)
    }

    var names: [String] { table.names }

    func requirePresent(_ rows: RowSet) throws(DataError) { try dataset.requirePresent(rows, dimension: 0) }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        let numbers = target.bindMemory(to: Int32.self, capacity: rows.count * found.featureCount)
        var next = 0
        try read(rows) { name in
            numbers[next] = table.number(name)
            next += 1
        }
    }
}
