import Foundation

let standardOutput = STDOUT_FILENO
let standardError = STDERR_FILENO

func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
}

/// Columns of the terminal behind `descriptor`; 80 where it does not say.
func terminalWidth(_ descriptor: Int32) -> Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
}

/// Whether to colour what goes to `descriptor`. See https://no-color.org.
func terminalHasColor(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
}
