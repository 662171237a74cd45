import Foundation
import Support

/// Where exported rows go: a file, or standard output; written in blocks.
final class RowOutput {
    /// nil for standard output.
    private let path: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let blockSize = 1 << 16

    static var standardOutput: RowOutput { RowOutput(path: nil, descriptor: STDOUT_FILENO) }

    /// Makes the file, or empties the one that is there.
    convenience init(path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw RowOutput.failure(path) }
        self.init(path: path, descriptor: descriptor)
    }

    private init(path: String?, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    func write(_ text: String) throws(Failure) {
        buffer += text.utf8
        if buffer.count >= RowOutput.blockSize { try flush() }
    }

    /// Writes what is left; the output is complete only when this has not thrown.
    func close() throws(Failure) {
        try flush()
        if path != nil, Foundation.close(descriptor) != 0 { throw RowOutput.failure(path) }
    }

    private func flush() throws(Failure) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { throw RowOutput.failure(path) }
            rest = rest.dropFirst(max(0, count))
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String?) -> Failure {
        let reason = String(cString: strerror(errno))
        guard let path else {
            return Failure(.outputLost, "standard output could not be written: \(reason)")
        }
        return Failure(
            .cannotWrite,
            "\(path) cannot be written: \(reason); check its folder, the permissions and the free space")
    }
}
