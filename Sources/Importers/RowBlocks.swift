import Datasets

extension SpooledRows {
    /// The bytes of a block, of at least one row.
    static let blockByteCount = 1 << 22

    /// Gives `body` the bytes of rows in blocks, in their order, and how many rows each block has.
    ///
    /// - Parameter rows: in ascending order; nil for all.
    package func forEachBlock(
        of rows: RowSet? = nil, _ body: (UnsafeMutableRawBufferPointer, _ rowCount: Int) throws(DataError) -> Void
    ) throws(DataError) {
        let width = rowByteCount, blockRows = max(1, SpooledRows.blockByteCount / max(1, width))
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: width * min(blockRows, max(1, rowCount)), alignment: 16)
        defer { buffer.deallocate() }
        var next = 0, nextChosen = 0
        let end = rows.map { $0.last.map { $0 + 1 } ?? 0 } ?? rowCount
        while next < end {
            if let rows { next = rows[nextChosen] }
            let count = min(blockRows, end - next)
            let block = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * width)])
            try read(block, from: file, at: offset + next * width, "the rows")
            var kept = count
            if let rows {
                // Chosen rows move to the front of the block, none beyond its own place.
                kept = 0
                while nextChosen < rows.count, case let row = rows[nextChosen] - next, row < count {
                    if kept < row, let start = block.baseAddress {
                        (start + kept * width).copyMemory(from: start + row * width, byteCount: width)
                    }
                    kept += 1
                    nextChosen += 1
                }
            }
            try body(UnsafeMutableRawBufferPointer(rebasing: block[..<(kept * width)]), kept)
            next += count
        }
    }

    /// Gives `body` the values of rows in blocks, with the number of rows in each.
    package func forEachBlockOfNumbers(
        of rows: RowSet? = nil,
        _ body: (UnsafeMutableBufferPointer<Double>, _ rowCount: Int) throws(DataError) -> Void
    ) throws(DataError) {
        let numbers = UnsafeMutableBufferPointer<Double>.allocate(
            capacity: featureCount * max(1, SpooledRows.blockByteCount / max(1, rowByteCount)))
        defer { numbers.deallocate() }
        try forEachBlock(of: rows) { bytes, count throws(DataError) in
            let values = UnsafeMutableBufferPointer(rebasing: numbers[..<(count * featureCount)])
            elementType.convert(UnsafeRawBufferPointer(bytes), to: values)
            try body(values, count)
        }
    }
}

extension ElementType {
    /// Reads numbers of this type, in this machine's byte order.
    func convert(_ bytes: UnsafeRawBufferPointer, to numbers: UnsafeMutableBufferPointer<Double>) {
        func convert<Element: BitwiseCopyable>(_: Element.Type, _ double: (Element) -> Double) {
            for index in numbers.indices {
                numbers[index] = double(
                    bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self))
            }
        }
        switch (kind, byteCount) {
        case (.boolean, _), (.unsigned, 1): convert(UInt8.self) { Double($0) }
        case (.unsigned, 2): convert(UInt16.self) { Double($0) }
        case (.unsigned, 4): convert(UInt32.self) { Double($0) }
        case (.unsigned, _): convert(UInt64.self) { Double($0) }
        case (.signed, 1): convert(Int8.self) { Double($0) }
        case (.signed, 2): convert(Int16.self) { Double($0) }
        case (.signed, 4): convert(Int32.self) { Double($0) }
        case (.signed, _): convert(Int64.self) { Double($0) }
        case (.floating, 2): convert(UInt16.self) { HalfFloat(bits: $0).asDouble }
        case (.floating, 4): convert(Float.self) { Double($0) }
        case (.floating, _): convert(Double.self) { $0 }
        }
    }
}
