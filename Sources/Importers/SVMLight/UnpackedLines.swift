import CZlib
import Datasets
import Foundation
import Support

/// The lines of a text file, plain or compressed with gzip, or of standard input.
final class UnpackedLines {
    /// What messages call the text.
    let place: String
    private let file: gzFile
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    private var pending = 0..<0
    private var isOver = false
    private let longestLine = 1 << 28
    /// LF, which may have a CR before it, or the CR of old files that have no LF.
    private var lineEnd: UInt8 = 0x0A

    /// - Parameters:
    ///   - path: of the file; `-` is standard input, which may be a pipe.
    ///   - expected: the format that the file should have; one of another is refused by its first bytes.
    init(path: String, _ expected: SourceKind) throws(DataError) {
        place = path == "-" ? "standard input" : path
        let descriptor: Int32
        if path == "-" {
            descriptor = dup(STDIN_FILENO)
        } else {
            let source = try SourceBytes(path: path, expected.description)
            descriptor = withExtendedLifetime(source) { dup(source.file.descriptor) }
        }
        guard descriptor >= 0, let file = gzdopen(descriptor, "rb") else {
            if descriptor >= 0 { close(descriptor) }
            throw DataError("\(place): It cannot be opened: \(String(cString: strerror(errno))).")
        }
        self.file = file
        gzbuffer(file, 1 << 18)
        try fill()
        if buffer[pending].starts(with: byteOrderMark) { pending = (pending.lowerBound + 3)..<pending.upperBound }
        if !buffer[pending].contains(0x0A), buffer[pending].contains(0x0D) { lineEnd = 0x0D }
        let start = Array(buffer[pending].prefix(512))
        let kind = SourceKind(start)
        guard kind == expected || [.csv, .other, .matlab4].contains(kind), !start.isEmpty, !start.contains(0) else {
            throw DataError("\(place): " + (start.isEmpty ? "It is empty." : wrongKind(start, expected: expected)))
        }
    }

    deinit { gzclose_r(file) }

    /// Gives `body` the next line without its end; false if there is none.
    func next(_ body: (UnsafeBufferPointer<UInt8>) throws(DataError) -> Void) throws(DataError) -> Bool {
        var searched = 0
        while true {
            let found = buffer.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[(pending.lowerBound + searched)..<pending.upperBound])
                return rest.baseAddress.flatMap { start in
                    memchr(start, Int32(lineEnd), rest.count).map { UnsafeRawPointer($0) - start }
                }
            }
            if found != nil || isOver {
                let length = found.map { $0 + searched } ?? pending.count
                if found == nil && length == 0 { return false }
                let line = pending.lowerBound..<pending.lowerBound + length
                pending = min(pending.upperBound, line.upperBound + 1)..<pending.upperBound
                try buffer.withUnsafeBufferPointer { bytes throws(DataError) in
                    try body(UnsafeBufferPointer(rebasing: bytes[line]))
                }
                return true
            }
            searched = pending.count
            guard searched < longestLine else {
                throw DataError("\(place): It has a line of more than \(longestLine) bytes. Is it a text file?")
            }
            try fill()
        }
    }

    /// Adds bytes to the pending ones, which move to the front.
    private func fill() throws(DataError) {
        if pending.count == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let kept = pending.count
        let count = buffer.withUnsafeMutableBytes { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return 0 }
            memmove(base, base + pending.lowerBound, kept)
            return gzread(file, base + kept, UInt32(bytes.count - kept))
        }
        if let problem = gzipProblem(file) {
            throw DataError(
                "\(place): It cannot be read to its end (\(problem)): it is damaged or was cut off. Make or fetch it "
                    + "again."
            )
        }
        pending = 0..<kept + Int(count)
        isOver = count <= 0
    }
}
