import Foundation
import Support
import Testing

@Suite struct QuotingTests {
    /// The last two have quotes that are one character together with the accent after them.
    static let texts = [
        "", "plain-1.0/a=b,c:d@%+", "two words", "it's", "a\"b", "a,b", "line\nbreak\r\n\ttab", "\\u{1}\u{1}\u{1F}",
        "日本",
        "'\u{301}; echo", "\"\u{301},",
    ]

    @Test(arguments: texts)
    func shellsReadTheWordBack(_ text: String) throws {
        let shell = Process(), output = Pipe()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "printf %s \(quotedForShell(text))"]
        shell.standardOutput = output
        try shell.run()
        let read = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        #expect(read == Data(text.utf8))
    }

    @Test(arguments: texts)
    func jsonReadersReadTheTextBack(_ text: String) throws {
        #expect(
            try JSONReader.read(quotedForJSON(text), source: "test").string.map { Array($0.utf8) } == Array(text.utf8))
        let other = try JSONDecoder().decode(String.self, from: Data(quotedForJSON(text).utf8))
        #expect(Array(other.utf8) == Array(text.utf8))
    }

    @Test func quotesOnlyWhereNeeded() {
        #expect(quotedForShell("a=1") == "a=1")
        #expect(quotedForShell("it's") == "'it'\\''s'")
        #expect(quotedForCSV("a b") == "a b")
        #expect(quotedForCSV("a\"b,c") == "\"a\"\"b,c\"")
        #expect(quotedForCSV("\"\u{301}") == "\"\"\"\u{301}\"")
        #expect(quotedForSQL("order") == "\"order\"")
        #expect(quotedForSQL("a\"b") == "\"a\"\"b\"")
    }
}
