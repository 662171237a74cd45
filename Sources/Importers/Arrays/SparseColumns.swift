import Datasets

/// A matrix of which some entries are stored, column after column, as MATLAB does.
struct SparseColumns {
    let columnCount: Int
    /// Int32: the row of each entry.
    let rows: SourceBytes
    /// Int32: where each column begins among the entries, and where the last ends.
    let starts: SourceBytes
    /// The entries.
    let values: SourceBytes
    let type: ElementType
    let isBigEndian: Bool

    /// The matrix with its zeros, made some 128 MB of rows at a time, for each of which all entries are looked at.
    ///
    /// - Throws: an error if parts do not fit together, if an entry lies outside, or if the matrix would be a thousand
    ///   times as large as what is stored, and above 256 MB.
    func denseRows(rowCount: Int, place: String, beside output: String) throws(DataError) -> SpooledRows {
        func error(_ problem: String) -> DataError { DataError("\(place): \(problem)") }
        let size = type.byteCount
        guard starts.count == 4 * (columnCount + 1) else {
            throw error(
                "It has \(starts.count / 4) beginnings of columns; expected \(columnCount + 1). The file is damaged: "
                    + "save it again.")
        }
        let entryCount = min(rows.count / 4, values.count / size)
        guard let total = byteCount(of: [rowCount, columnCount], bytesEach: size),
            total <= max(1 << 28, 1000 * (rows.count + values.count))
        else {
            throw error(
                "It is \(rowCount) x \(columnCount), sparse; with its zeros it would be more than a thousand times as "
                    + "large as what is stored. Save the columns that matter.")
        }
        let spool = try SpoolWriter(beside: output)
        let rowLength = columnCount * size, isSwapped = isBigEndian != (UInt16(1).bigEndian == 1)
        let blockRows = min(rowCount, max(1, (1 << 27) / rowLength))
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockRows * rowLength, alignment: 16)
        defer { block.deallocate() }
        for firstRow in stride(from: 0, to: rowCount, by: blockRows) {
            let count = min(blockRows, rowCount - firstRow)
            block.initializeMemory(as: UInt8.self, repeating: 0)
            try forEachColumn(entryCount, place) { column, rowNumbers, values throws(DataError) in
                for entry in 0..<rowNumbers.count / 4 {
                    let stored = rowNumbers.loadUnaligned(fromByteOffset: 4 * entry, as: UInt32.self)
                    let row = Int(isSwapped ? stored.byteSwapped : stored)
                    guard row < rowCount else {
                        throw error(
                            "An entry of column \(column) is in row \(row), counted from 0, of \(rowCount): the file "
                                + "is damaged. Save it again.")
                    }
                    guard row >= firstRow, row < firstRow + count else { continue }
                    let start = (row - firstRow) * rowLength + column * size
                    for byte in 0..<size {
                        block[start + byte] = values[entry * size + (isSwapped ? size - 1 - byte : byte)]
                    }
                }
            }
            try spool.append(UnsafeRawBufferPointer(rebasing: block[..<(count * rowLength)]))
        }
        return SpooledRows(
            file: spool.file, offset: 0, rowCount: rowCount, rowShape: [columnCount], elementType: type)
    }

    /// Calls `body` with each column, up to thousands of the rows of its entries at a time, and their values, as they
    /// are stored.
    private func forEachColumn(
        _ entryCount: Int, _ place: String,
        _ body: (Int, UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(DataError) -> Void
    ) throws(DataError) {
        let size = type.byteCount, columnsPerPiece = 1 << 14, entriesPerPiece = 1 << 14
        var previousEnd = 0
        for firstColumn in stride(from: 0, to: columnCount, by: columnsPerPiece) {
            let count = min(columnsPerPiece, columnCount - firstColumn)
            let bounds = try starts.bytes(4 * firstColumn..<4 * (firstColumn + count + 1))
            for index in 0..<count {
                let from = Int(bounds.number(at: 4 * index, width: 4, isBigEndian: isBigEndian))
                let to = Int(bounds.number(at: 4 * index + 4, width: 4, isBigEndian: isBigEndian))
                guard from == previousEnd, from <= to, to <= entryCount else {
                    throw DataError(
                        "\(place): Column \(firstColumn + index), counted from 0, has the entries \(from) to \(to) of "
                            + "\(entryCount), and the one before ends with \(previousEnd): the file is damaged. Save "
                            + "it again."
                    )
                }
                previousEnd = to
                for start in stride(from: from, to: to, by: entriesPerPiece) {
                    let end = min(to, start + entriesPerPiece)
                    let rowNumbers = try rows.bytes(4 * start..<4 * end)
                    let numbers = try values.bytes(size * start..<size * end)
                    try rowNumbers.withBytes { rowNumbers throws(DataError) in
                        try numbers.withBytes { numbers throws(DataError) in
                            try body(firstColumn + index, rowNumbers, numbers)
                        }
                    }
                }
            }
        }
    }
}
