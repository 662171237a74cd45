import Foundation
import Support
import TestSupport
import Testing

/// Whatever a text holds, it is read or refused with the place of the mistake.
@Suite struct JSONReaderTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let words = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\u0000", "null", "true", "-", "1e400",
        "1e-400", "9223372036854775808", "-9223372036854775808", "0.1", "01", "\n", "\r\n", "\u{FEFF}", "é", "😀",
        "{\"a\":", "[[[[[[[[[[[[[[[[[[[[",
    ].map { Array($0.utf8) }

    @Test func mutatedConfigsAreReadOrRefusedWithThePlace() throws {
        let folder = Self.root.appendingPathComponent("configs")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".json") && !$0.hasSuffix("schema.json") }
        #expect(files.count > 3)
        var generator = SeededGenerator(seed: 11)
        var readCount = 0, refusedCount = 0
        for file in files {
            let original = [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
            for _ in 0..<6000 / files.count {
                let bytes = mutated(original, words: Self.words, using: &generator)
                let text = String(decoding: bytes, as: UTF8.self)
                do {
                    let value = try JSONReader.read(text, source: "c.json")
                    // What was read can be written and read again.
                    for isIndented in [false, true] {
                        #expect(try JSONReader.read(value.text(indented: isIndented), source: "") == value, "\(text)")
                    }
                    readCount += 1
                } catch {
                    let isBlank = text.allSatisfy(\.isWhitespace)
                    let position = try? /c\.json:([0-9]+):([0-9]+): ./.prefixMatch(in: error.message)
                    #expect(position != nil || isBlank, "\(error.message)\nin: \(text)")
                    let line = position.flatMap { Int($0.output.1) } ?? 1
                    #expect((1...bytes.count { $0 == 0x0A } + 1).contains(line), "\(error.message)\nin: \(text)")
                    refusedCount += 1
                }
            }
        }
        // Neither is an exception: the mutations go deep and change something.
        #expect(readCount > 300 && refusedCount > 300, "\(readCount) read, \(refusedCount) refused")
    }
}
