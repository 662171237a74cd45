import Foundation
import Support
import Synchronization

/// The rows of a dataset, or of datasets in several files that follow each other, which are read when they are asked
/// for.
package struct RowsOnDisk: Sendable {
    /// The rows of one file.
    struct Part: Sendable {
        let file: String
        let state: FileState
        let request: DatasetRequest
        let found: FoundRows
        /// How many rows the parts before have.
        let firstRow: Int
    }

    private let parts: [Part]
    private let areTargets: Bool
    private let permissions: HDF5Permissions
    package let rowCount: Int
    /// What the rows of all parts are.
    let found: FoundRows

    /// - Parameter parts: at least one; `firstRow` counts on.
    init(_ parts: [Part], areTargets: Bool, _ permissions: HDF5Permissions) throws(DataError) {
        self.parts = parts
        self.areTargets = areTargets
        self.permissions = permissions
        rowCount = parts.reduce(0) { $0 + $1.found.rowCount }
        var found = parts[0].found
        for other in parts.dropFirst().map(\.found) {
            guard other.rowShape == found.rowShape, other.format == found.format, other.areNames == found.areNames
            else {
                throw DataError(
                    "\(other.place): Its rows are \(describe(shape: other.rowShape)) \(other.typeName), those of "
                        + "\(found.place) are \(describe(shape: found.rowShape)) \(found.typeName). Files of one split "
                        + "must have rows of one shape and type.")
            }
            found.blockRows = max(found.blockRows, other.blockRows)
            found.notes += other.notes.filter { !found.notes.contains($0) }
        }
        self.found = found
    }

    package var shape: [Int] { [rowCount] + found.rowShape }

    /// The bytes that so many rows have in memory; the largest number if they are more.
    package func byteCount(rows: Int) -> Int {
        let (count, hasOverflow) = found.rowByteCount.multipliedReportingOverflow(by: rows)
        return hasOverflow ? .max : count
    }

    /// How many rows have about so many bytes, a whole number of blocks that are read at once.
    func rowCount(ofBytes byteCount: Int) -> Int {
        max(1, byteCount / max(1, found.rowByteCount) / found.blockRows) * found.blockRows
    }

    /// So many rows are read at the cost of one, from a multiple of that number on.
    package var blockRows: Int { found.blockRows }

    /// Reads rows.
    ///
    /// - Parameters:
    ///   - rows: in ascending order.
    ///   - isAhead: whether nobody waits yet, so that other work goes first.
    ///   - observe: called with the rows that are there, and the values that have come since the last call.
    /// - Returns: the values, and for names what their numbers stand for.
    func read(
        _ rows: RowSet, isAhead: Bool = false, observe: (NumberStorage, Range<Int>) -> Void = { _, _ in }
    ) throws(DataError) -> (values: NumberStorage, names: [String]) {
        let isRaw = parts.allSatisfy { $0.found.rawOffset != nil }
        let memory = try naming(found.place) { () throws(DataError) in
            try MemoryBlock(byteCount: byteCount(rows: rows.count), isShared: !isRaw)
        }
        let values = NumberStorage(found.format, memory)
        var table = NameTable(), observed = 0
        func note(_ place: Int) {
            let end = place * found.featureCount
            if end > observed { observe(values, observed..<end) }
            observed = max(observed, end)
        }
        for part in parts {
            let places = rows.places(in: part.firstRow..<part.firstRow + part.found.rowCount)
            guard !places.isEmpty else { continue }
            let chosen: RowSet =
                switch rows {
                case .range(let range):
                    .range(
                        range.lowerBound + places.lowerBound - part.firstRow..<range.lowerBound + places.upperBound
                            - part.firstRow)
                case .list(let list): .list(list[places].map { UInt32(Int($0) - part.firstRow) })
                }
            let target = memory.base + places.lowerBound * found.rowByteCount
            let names = try part.state.held(by: part.file) { () throws(DataError) in
                guard let offset = part.found.rawOffset else {
                    return try readContained(part, chosen, into: target, isAhead: isAhead) {
                        note(places.lowerBound + $0)
                    }
                }
                try readRaw(part, chosen, at: offset, into: target) { note(places.lowerBound + $0) }
                return []
            }
            if found.areNames {
                let numbers = names.map { table.number(ArraySlice($0.utf8)) }
                let codes = target.bindMemory(to: Int32.self, capacity: places.count * found.featureCount)
                for index in 0..<places.count * found.featureCount { codes[index] = numbers[Int(codes[index])] }
            }
        }
        note(rows.count)
        return (values, table.names)
    }

    /// Has a child process read rows that the library must be asked for.
    private func readContained(
        _ part: Part, _ rows: RowSet, into target: UnsafeMutableRawPointer, isAhead: Bool,
        _ progress: (Int) -> Void
    ) throws(DataError) -> [String] {
        try contained(file: part.file, progress: progress) { (work) throws(DataError) in
            if isAhead { work.letOthersGoFirst() }
            let source = try HDF5File(path: part.file).rows(part.request, areTargets: areTargets, permissions)
            try source.read(rows, into: target, progress: work.report)
            return source.names
        }
    }

    /// Reads rows that lie in the file as they are in memory: two threads read a piece while the one before is
    /// observed.
    private func readRaw(
        _ part: Part, _ rows: RowSet, at offset: Int, into target: UnsafeMutableRawPointer, _ progress: (Int) -> Void
    ) throws(DataError) {
        // A pipe that has taken the place of the file meanwhile is not waited for.
        let descriptor = open(part.file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(file: part.file, "The file cannot be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        let width = found.rowByteCount, pieceRows = max(1, (1 << 25) / max(1, width))
        let failure = Atomic<Int>(-1)
        for start in stride(from: 0, to: rows.count, by: pieceRows) {
            let places = start..<min(start + pieceRows, rows.count), middle = start + places.count / 2
            withoutActuallyEscaping(progress) { progress in
                nonisolated(unsafe) let progress = progress, target = target
                concurrently(3) { index in
                    if index == 0 { return progress(start) }
                    let half = index == 1 ? start..<middle : middle..<places.upperBound
                    for run in rows.runs(in: half) {
                        let isThere = readFully(
                            descriptor, into: target + run.lowerBound * width, byteCount: run.count * width,
                            at: offset + rows[run.lowerBound] * width)
                        if !isThere { failure.store(Int(errno), ordering: .relaxed) }
                    }
                }
            }
            let code = failure.load(ordering: .relaxed)
            guard code < 0 else {
                throw DataError(
                    file: part.file,
                    code == 0
                        ? "The file is cut short: it ends before its values do. Fetch it again, or wait until it is "
                            + "written."
                        : "The file cannot be read: \(String(cString: strerror(Int32(code)))).")
            }
        }
        progress(rows.count)
    }
}

/// Reads bytes at an offset of a file; false if they are not there, with `errno` 0 at the file's end.
private func readFully(_ descriptor: Int32, into target: UnsafeMutableRawPointer, byteCount: Int, at offset: Int)
    -> Bool
{
    var done = 0
    while done < byteCount {
        let count = pread(descriptor, target + done, byteCount - done, off_t(offset + done))
        if count < 0, errno == EINTR { continue }
        if count == 0 { errno = 0 }
        guard count > 0 else { return false }
        done += count
    }
    return true
}

/// What changes when a file is written to.
struct FileState: Equatable, Sendable {
    private let size: Int
    private let number: UInt64
    private let changedAt: [Int]

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        size = Int(status.st_size)
        number = UInt64(status.st_ino)
        #if os(Linux)
            changedAt = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        #else
            changedAt = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
        #endif
    }

    /// Runs `body`, which reads a file that was in this state when it was looked at.
    ///
    /// - Throws: what `body` threw, or if the file has another state afterwards that it was changed: what was read may
    ///   then be of either, and what `body` complains of may come from that.
    func held<Result>(by path: String, _ body: () throws(DataError) -> Result) throws(DataError) -> Result {
        let outcome = Swift.Result { () throws(DataError) in try body() }
        guard FileState(path) == self else {
            throw DataError(
                file: path, "The file was changed while it was read. Wait until it is written, and try again.")
        }
        return try outcome.get()
    }
}
