import Foundation

/// A text that is written to a file or to standard output, in blocks, so that its length does not matter.
package final class TextOutput {
    /// The path of the file; nil for standard output.
    private let path: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let blockSize = 1 << 16

    package static var standardOutput: TextOutput { TextOutput(path: nil, descriptor: STDOUT_FILENO) }

    /// Creates the file, or empties the file that has this name.
    package convenience init(path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw TextOutput.failure(path) }
        self.init(path: path, descriptor: descriptor)
    }

    private init(path: String?, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    package func write(_ text: String) throws(Failure) {
        buffer += text.utf8
        if buffer.count >= TextOutput.blockSize { try flush() }
    }

    /// Writes what is left; the output is complete only when this has not thrown.
    package func close() throws(Failure) {
        try flush()
        if path != nil, Foundation.close(descriptor) != 0 { throw TextOutput.failure(path) }
    }

    private func flush() throws(Failure) {
        guard writeAll(buffer, to: descriptor) else { throw TextOutput.failure(path) }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String?) -> Failure {
        guard let path else { return lostOutput() }
        let reason = String(cString: strerror(errno))
        return Failure(
            .cannotWrite,
            "\(path) cannot be written: \(reason); check its folder, the permissions and the free space")
    }
}
