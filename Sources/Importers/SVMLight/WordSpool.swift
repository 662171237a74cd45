import Datasets

/// Rows of a varying number of words in a temporary file, written and then read in their order.
final class WordSpool {
    private let spool: SpoolWriter
    private var buffer: [UInt64] = []
    private let blockLength = 1 << 17

    init(beside output: String) throws(DataError) { spool = try SpoolWriter(beside: output) }

    var byteCount: Int { spool.byteCount + 8 * buffer.count }

    func append(_ row: [UInt64]) throws(DataError) {
        buffer.append(UInt64(row.count))
        buffer += row
        if buffer.count >= blockLength { try finish() }
    }

    /// Writes what is left.
    func finish() throws(DataError) {
        try buffer.withBytes { bytes throws(DataError) in try spool.append(bytes) }
        buffer.removeAll(keepingCapacity: true)
    }

    func forEachRow(_ body: ([UInt64]) throws(DataError) -> Void) throws(DataError) {
        var row: [UInt64] = [], rest: UInt64 = 0
        let size = MemoryLayout<UInt64>.size
        for start in stride(from: 0, to: spool.byteCount, by: blockLength * size) {
            let count = min(blockLength, (spool.byteCount - start) / size)
            var words = [UInt64](repeating: 0, count: count)
            try words.withMutableBytes { buffer throws(DataError) in
                try read(buffer, from: spool.file, at: start, "a temporary file")
            }
            for word in words {
                if rest == 0 {
                    rest = word
                    row.removeAll(keepingCapacity: true)
                } else {
                    row.append(word)
                    rest -= 1
                }
                if rest == 0 { try body(row) }
            }
        }
    }
}
