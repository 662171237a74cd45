import Foundation

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
