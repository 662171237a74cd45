import Support
import Testing

@Suite struct BrokenLinesTests {
    @Test(arguments: [
        ("short", 10, "short"), ("a word and another", 10, "a word and\nanother"),
        ("  indented words", 10, "  indented\n  words"), ("first\n\n  kept  apart\n", 13, "first\n\n  kept  apart\n"),
        ("        wide word", 8, "    wide\n    word"),
        ("see /a/path/that/is/long now", 10, "see\n/a/path/that/is/long\nnow"),
        ("", 1, ""),
    ])
    func linesAreBrokenAtSpaces(text: String, width: Int, expected: String) {
        #expect(brokenAtSpaces(text, width: width) == expected)
    }
}
