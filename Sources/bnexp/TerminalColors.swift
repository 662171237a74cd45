import Charts
import Support

extension TerminalColor {
    /// The colours that the terminal behind standard output shows.
    static var ofStandardOutput: TerminalColor {
        terminalHasColor(standardOutput) ? terminalHasFullColor ? .full : .palette : .none
    }
}
