/// A text that is written to a file or to standard output, in blocks, so that its length does not matter.
package final class TextOutput {
    private let file: OutputFile
    private var buffer: [UInt8] = []
    private static let blockSize = 1 << 16

    /// - Parameter path: of a file, which takes its name when it is complete; `-` is standard output.
    package init(path: String) throws(Failure) { file = try OutputFile(path: path) }

    package func write(_ text: String) throws(Failure) {
        buffer += text.utf8
        if buffer.count >= TextOutput.blockSize { try flush() }
    }

    /// Writes what is left; the output is complete only when this has not thrown.
    package func close() throws(Failure) {
        try flush()
        try file.finish()
    }

    private func flush() throws(Failure) {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
