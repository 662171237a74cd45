import Datasets
import Foundation
import Support

/// Appends to a temporary file that has no name, so that it goes with the process, however that ends.
package final class SpoolWriter {
    package let file: SpoolFile
    /// The bytes written so far.
    package private(set) var byteCount = 0
    private let folder: String

    /// - Parameter output: the file that is made of it in the end, beside which there is room; `-` is standard output.
    /// - Throws: an error with exit code 73 if no file can be made there.
    package init(beside output: String) throws(DataError) {
        let isRegular = !OutputFile.isStandardOutput(output) && !output.hasPrefix("/dev/")
        folder =
            isRegular
            ? URL(fileURLWithPath: output).deletingLastPathComponent().path
            : FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/.bnexp.XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SpoolWriter.failure(folder) }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        file = SpoolFile(descriptor: descriptor)
    }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(DataError) { try write(bytes, at: byteCount) }

    /// Writes bytes at a place, which may lie beyond the end; what is between is 0.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(DataError) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = pwrite(file.descriptor, rest.baseAddress, rest.count, off_t(offset + written))
            guard count > 0 || count < 0 && errno == EINTR else { throw SpoolWriter.failure(folder) }
            written += max(0, count)
            byteCount = max(byteCount, offset + written)
        }
    }

    private static func failure(_ folder: String) -> DataError {
        let isFull = [ENOSPC, EDQUOT, EFBIG].contains(errno)
        let reason = isFull ? "the disk is full" : String(cString: strerror(errno))
        return DataError(
            file: folder,
            "No temporary file can be written there: \(reason). Check the permissions and the free space of the folder "
                + "of the output; it needs room for the rows twice.",
            exitStatus: .cannotWrite)
    }
}

/// Fills a buffer from a place in a file.
///
/// - Parameter name: what messages call the file.
/// - Throws: an error if the file is shorter, as when it was changed meanwhile.
func read(
    _ buffer: UnsafeMutableRawBufferPointer, from file: SpoolFile, at offset: Int, _ name: String
) throws(DataError) {
    var filled = 0
    while filled < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = pread(file.descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw DataError(file: name, "It cannot be read: \(String(cString: strerror(errno))).") }
        guard count > 0 else {
            throw DataError(
                file: name, "The file became shorter while it was read. Wait until it is written, and try again.")
        }
        filled += count
    }
}
