import CZlib
import Datasets
import Foundation

/// A text file with a table: a regular file as it is, or in a spool what standard input or a gzip file holds.
struct TableSource {
    /// What messages call it.
    let name: String
    let file: SpoolFile
    let byteCount: Int
    /// Where the text begins, after a byte order mark.
    let start: Int
    /// The size and the time of the last change, of a regular file that is read as it is.
    private let state: State?

    private struct State: Equatable {
        let byteCount: Int
        let changedAt: [Int]

        init?(_ descriptor: Int32) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { return nil }
            byteCount = Int(status.st_size)
            #if os(Linux)
                changedAt = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
            #else
                changedAt = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
            #endif
        }
    }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: of a regular file, plain or compressed with gzip; `-` is standard input, also compressed.
    ///   - output: beside which a spool has room.
    /// - Throws: an error if there is no such file, if it is empty or damaged, or if it is something else than text.
    init(_ path: String, beside output: String) throws(DataError) {
        name = path == "-" ? "standard input" : path
        if path == "-" {
            (file, byteCount) = try unpacked(dup(STDIN_FILENO), name, beside: output)
            state = nil
        } else {
            let opened = SpoolFile(descriptor: try openRegularFile(path))
            var beginning = [UInt8](repeating: 0, count: 2)
            if pread(opened.descriptor, &beginning, 2, 0) == 2, beginning == [0x1F, 0x8B] {
                (file, byteCount) = try unpacked(dup(opened.descriptor), name, beside: output)
                state = nil
            } else {
                file = opened
                state = State(opened.descriptor)
                byteCount = state?.byteCount ?? 0
            }
        }
        guard byteCount > 0 else { throw DataError(file: name, "It is empty; expected a table.") }
        var beginning = [UInt8](repeating: 0, count: min(512, byteCount))
        try beginning.withUnsafeMutableBufferPointer { [file, name] bytes throws(DataError) in
            try read(UnsafeMutableRawBufferPointer(bytes), from: file, at: 0, name)
        }
        start = beginning.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if beginning.starts(with: [0xFF, 0xFE]) || beginning.starts(with: [0xFE, 0xFF]) {
            throw DataError(
                file: name,
                "Its text is in UTF-16; expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW, or choose "
                    + "UTF-8 where it is saved.")
        }
        try requireText(name, beginning)
        guard start < byteCount else { throw DataError(file: name, "It is empty; expected a table.") }
    }

    /// Refuses a file that was written to since it was opened.
    func requireUnchanged() throws(DataError) {
        guard state == nil || state == State(file.descriptor) else {
            throw DataError(
                file: name, "The file was changed while it was read. Wait until it is written, and try again.")
        }
    }
}

/// Refuses what is a file of another format by its first bytes.
private func requireText(_ name: String, _ beginning: [UInt8]) throws(DataError) {
    let kind = SourceKind(beginning)
    switch kind {
    // What NUL bytes may be, whoever reads them says; a cell of a table may hold HTML.
    case .csv, .svmlight, .cifar100, .matlab4, .other: return
    case .webPage where beginning.first { $0 > space } != UInt8(ascii: "<"): return
    case .npz:
        throw DataError(
            file: name,
            "It is a zip archive, as spreadsheets and NumPy's npz files are too; expected text. Save the sheet as CSV, "
                + "unpack the archive (unzip), or import an npz file with 'bnexp data import npz'.")
    default: throw DataError(file: name, "It is \(kind.description); expected text, such as CSV. \(kind.remedy)")
    }
}

/// Opens a file for reading that is neither folder, pipe nor device.
func openRegularFile(_ path: String) throws(DataError) -> Int32 {
    // Without waiting, as a pipe would have it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
        throw DataError(file: path, "The file cannot be read: \(String(cString: strerror(errno))). Check the path.")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        throw DataError(
            file: path,
            isFolder
                ? "This is a folder; expected a file. Name a file in it."
                : "This is no regular file, such as a pipe or device; expected one. Store it in a file, or give - to "
                    + "read standard input.")
    }
    return descriptor
}

/// Reads a stream to its end into a spool; where it is compressed with gzip, what it holds.
///
/// It ends early where no table goes on, at a NUL byte or without line ends, so that an endless stream fills no disk;
/// whoever reads the spool comes upon that, and knows the line.
private func unpacked(
    _ descriptor: Int32, _ name: String, beside output: String
) throws(DataError) -> (SpoolFile, Int) {
    guard let stream = gzdopen(descriptor, "rb") else {
        close(descriptor)
        throw DataError(file: name, "It cannot be read: \(String(cString: strerror(errno))).")
    }
    defer { gzclose_r(stream) }
    gzbuffer(stream, 1 << 17)
    let spool = try SpoolWriter(beside: output)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var bytesInLine = 0
    while true {
        let count = gzread(stream, buffer.baseAddress, UInt32(buffer.count))
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<Int(max(0, count))])
        try spool.append(bytes)
        if let start = bytes.baseAddress, !bytes.isEmpty {
            bytesInLine = hasLineEnd(start, bytes.count) ? 0 : bytesInLine + bytes.count
            if bytesInLine > 2 * TableBlockReader.longestRow || memchr(start, 0, bytes.count) != nil {
                return (spool.file, spool.byteCount)
            }
        }
        if let system = gzipProblem(stream) {
            throw DataError(
                file: name, "It is damaged or was cut off (\(system)), after \(spool.byteCount) bytes. Fetch it again.")
        }
        if count <= 0 { return (spool.file, spool.byteCount) }
    }
}

private func hasLineEnd(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
    memchr(bytes, Int32(lineFeed), count) != nil || memchr(bytes, Int32(carriageReturn), count) != nil
}
