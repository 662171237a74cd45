/// The colours that a terminal shows.
package enum TerminalColor: Sendable {
    case none
    /// The 256 colours of xterm.
    case palette
    /// Colours of 24 bits.
    case full
}
