import Charts
import Foundation

let standardOutput = STDOUT_FILENO
let standardError = STDERR_FILENO

func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
}

/// Columns of the terminal behind `descriptor`; where it does not say those of the environment's COLUMNS, else 80.
func terminalWidth(_ descriptor: Int32) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 { return Int(size.ws_col) }
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
    return (1...1000).contains(columns) ? columns : 80
}

/// Lines of the terminal behind `descriptor`; 24 where it does not say.
func terminalHeight(_ descriptor: Int32) -> Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
}

/// Whether to colour what goes to `descriptor`.
///
/// See https://no-color.org.
func terminalHasColor(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
}

/// The colours of what goes to `descriptor`.
func terminalColor(_ descriptor: Int32) -> TerminalColor {
    guard terminalHasColor(descriptor) else { return .none }
    return ["truecolor", "24bit"].contains(ProcessInfo.processInfo.environment["COLORTERM"]) ? .full : .palette
}
