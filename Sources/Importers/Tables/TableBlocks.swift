import Datasets
import Foundation

/// Some rows of a table as text.
struct TableBlock {
    /// The bytes, which end with a row.
    let bytes: [UInt8]
    /// Where they begin in the file.
    let offset: Int
}

/// Reads a table in blocks of whole rows.
struct TableBlockReader {
    /// The most bytes that a row may have.
    static let longestRow = 1 << 26

    private let source: TableSource
    private let delimiter: UInt8
    private let blockByteCount: Int
    private var offset: Int

    /// - Parameter offset: where the first row begins.
    init(_ source: TableSource, from offset: Int, delimiter: UInt8, blockByteCount: Int) {
        self.source = source
        self.delimiter = delimiter
        self.blockByteCount = blockByteCount
        self.offset = offset
    }

    /// Returns the next block; nil at the end.
    ///
    /// A row that no block of the usual size has room for makes the block larger.
    mutating func next() throws(DataError) -> TableBlock? {
        var size = blockByteCount
        while offset < source.byteCount {
            let count = min(size, source.byteCount - offset)
            var bytes = try bytes(count)
            let isLast = offset + count == source.byteCount
            let end = isLast ? count : endOfRows(bytes)
            if end > 0 {
                bytes.removeLast(count - end)
                defer { offset += end }
                return TableBlock(bytes: bytes, offset: offset)
            }
            guard size < TableBlockReader.longestRow else {
                throw DataError(
                    file: source.name,
                    "The row that begins at byte \(offset) (counted from 0) does not end within 64 MiB. Is a quote not "
                        + "closed, or the file no text?")
            }
            size = min(size * 2, TableBlockReader.longestRow)
        }
        return nil
    }

    private func bytes(_ count: Int) throws(DataError) -> [UInt8] {
        var failure: DataError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { [source, offset] buffer, filled in
            let target = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
            do throws(DataError) {
                try read(target, from: source.file, at: offset, source.name)
                filled = count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Where the last row ends that has its line end in the bytes, which are not the last of the file; 0 if none has.
    private func endOfRows(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            // Whether a CR at the end is one half of a CRLF, the next block tells.
            let count = bytes[bytes.count - 1] == carriageReturn ? bytes.count - 1 : bytes.count
            guard memchr(start, Int32(quote), count) != nil else {
                var end = count
                while end > 0, start[end - 1] != lineFeed, start[end - 1] != carriageReturn { end -= 1 }
                return end
            }
            var scanner = CSVScanner(start, count: count, delimiter: delimiter), end = 0
            let noFields = UnsafeMutableBufferPointer<CSVField>(start: nil, count: 0)
            while case let row = scanner.nextRow(noFields), row.isEnded { end = scanner.position }
            return end
        }
    }
}

/// Works on items on several threads, and takes the results in the order of the items.
///
/// - Parameters:
///   - next: gives the next item, on one thread at a time; nil at the end.
///   - work: is done on several threads at a time.
///   - take: gets the results in order, on one thread at a time.
/// - Throws: the first error, after which no further item is begun.
func forEachInOrder<Item, Output>(
    threads: Int, next: @escaping () throws(DataError) -> Item?, work: @escaping (Item) -> Output,
    take: @escaping (Output) throws(DataError) -> Void
) throws(DataError) {
    let turn = NSCondition()
    var itemCount = 0, takenCount = 0, isOver = false
    var nextFailure: DataError?, failure: DataError?

    /// Returns the next item and its number; nil if there is none, or after an error.
    func nextItem() -> (Item, number: Int)? {
        turn.lock()
        defer { turn.unlock() }
        guard !isOver, failure == nil else { return nil }
        do throws(DataError) {
            guard let item = try next() else {
                isOver = true
                return nil
            }
            itemCount += 1
            return (item, itemCount - 1)
        } catch {
            nextFailure = error
            isOver = true
            return nil
        }
    }

    /// Waits until the results of all items before have been taken.
    func takeInTurn(_ output: Output, _ number: Int) {
        turn.lock()
        while takenCount != number { turn.wait() }
        if failure == nil {
            do throws(DataError) { try take(output) } catch { failure = error }
        }
        takenCount += 1
        turn.broadcast()
        turn.unlock()
    }

    // What it changes is changed by one thread at a time, under the lock.
    nonisolated(unsafe) let loop = { while let (item, number) = nextItem() { takeInTurn(work(item), number) } }
    concurrently(threads) { _ in loop() }
    if let error = failure ?? nextFailure { throw error }
}
