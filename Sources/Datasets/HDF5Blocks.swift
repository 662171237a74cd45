// Datasets larger than memory are looked at in blocks of rows.

extension HDF5Dataset {
    /// The numbers in one row.
    var rowWidth: Int { shape.dropFirst().reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } }

    /// Calls `body` with a block of rows after the other; a scalar is one row.
    ///
    /// Blocks are of about 8 MB, and end where chunks do, so that no chunk is unpacked twice.
    func forEachBlock(bytesEach: Int = 8, _ body: (Range<Int>) throws(DataError) -> Void) throws(DataError) {
        let rowCount = shape.first ?? 1
        guard rowCount > 0, elementCount(of: Array(shape.dropFirst()), bytesEach: 8) != nil else {
            if rowCount <= 0 { return }
            throw error("A row of \(describe(shape: Array(shape.dropFirst()))) values does not fit into memory.")
        }
        let chunkRows = min(rowCount, max(1, try layout().chunkShape?.first ?? 1))
        let blockRows = max(1, (1 << 23) / max(1, bytesEach) / max(1, rowWidth) / chunkRows) * chunkRows
        var start = 0
        while start < rowCount {
            let end = start + min(blockRows, rowCount - start)
            try body(start..<end)
            start = end
        }
    }

    /// Reads the numbers of some rows.
    func numbers(inRows rows: Range<Int>) throws(DataError) -> [Double] { try values(Double.self, inRows: rows) }

    /// Reads the numbers of some rows, converted to a type of at most 8 bytes.
    func values<Element: HDF5Element>(_: Element.Type, inRows rows: Range<Int>) throws(DataError) -> [Element] {
        guard let count = elementCount(of: [rows.count] + shape.dropFirst(), bytesEach: 8) else {
            throw error("\(rows.count) rows of \(describe(shape: shape)) do not fit into memory.")
        }
        var problem: DataError?
        let values = [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            do throws(DataError) {
                let target = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
                try read(into: target, rows: shape.isEmpty ? nil : rows)
                initializedCount = count
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        return values
    }

    /// Reads the strings of some rows.
    func strings(inRows rows: Range<Int>) throws(DataError) -> [String] {
        guard case .strings(let byteCount) = valueType.form else {
            preconditionFailure("\(handle.place) holds no strings")
        }
        guard elementCount(of: [rows.count] + shape.dropFirst(), bytesEach: max(8, byteCount ?? 8)) != nil else {
            throw error("Its strings do not fit into memory.")
        }
        var strings: [String] = []
        try readStrings(rows) { strings.append(String(decoding: $0, as: UTF8.self)) }
        return strings
    }
}
