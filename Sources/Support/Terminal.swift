import Foundation

extension Unicode.Scalar {
    /// Whether a terminal acts on it instead of showing it: the control characters C0 and C1, separators of lines and
    /// paragraphs, and what changes the direction of writing (Unicode Standard Annex 9).
    package var steersTerminal: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension String {
    /// The text with an escape such as `\u{1b}` for everything that steers a terminal.
    ///
    /// All that people are shown passes here, so that names in a stranger's file are only names.
    /// - Parameter keepsLines: whether line breaks and tabs stay.
    package func escapedForTerminal(keepsLines: Bool = false) -> String {
        guard unicodeScalars.contains(where: \.steersTerminal) else { return self }
        return unicodeScalars.map { scalar in
            guard scalar.steersTerminal, !(keepsLines && (scalar == "\n" || scalar == "\t")) else {
                return String(scalar)
            }
            return "\\u{\(String(scalar.value, radix: 16))}"
        }.joined()
    }

    /// Whether it has characters that steer a terminal, which names may not have.
    package var hasControlCharacters: Bool { unicodeScalars.contains(where: \.steersTerminal) }
}

/// Whether a terminal that understands escape sequences is behind `descriptor`.
package func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
}

/// The width in columns of the terminal behind `descriptor`; where it does not tell, that of the environment variable
/// COLUMNS, else 80.
package func terminalWidth(_ descriptor: Int32) -> Int {
    if let size = terminalSize(descriptor), size.ws_col > 0 { return Int(size.ws_col) }
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
    return (1...1000).contains(columns) ? columns : 80
}

/// The width that lines for people must fit: that of the terminal behind `descriptor`; nil where there is none, so that
/// scripts and pagers get every line whole.
package func lineWidth(_ descriptor: Int32) -> Int? {
    isatty(descriptor) == 1 ? terminalWidth(descriptor) : nil
}

/// Returns a text whose lines are broken at spaces where `descriptor` is a terminal that is narrower.
package func fitted(_ text: String, to descriptor: Int32) -> String {
    lineWidth(descriptor).map { brokenAtSpaces(text, width: $0) } ?? text
}

/// The height in lines of the terminal behind `descriptor`; 24 where it does not tell.
package func terminalHeight(_ descriptor: Int32) -> Int {
    terminalSize(descriptor).map { Int($0.ws_row) }.flatMap { $0 > 0 ? $0 : nil } ?? 24
}

/// Whether text for `descriptor` may be coloured: it is a terminal, and NO_COLOR is not set (https://no-color.org).
package func terminalHasColor(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
}

/// Whether the terminal says in COLORTERM that it shows 24-bit colours.
package var terminalHasFullColor: Bool {
    ["truecolor", "24bit"].contains(ProcessInfo.processInfo.environment["COLORTERM"])
}

private func terminalSize(_ descriptor: Int32) -> winsize? {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
}
