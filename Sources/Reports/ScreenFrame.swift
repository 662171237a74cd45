/// What a terminal shows of a text that is drawn again in place: as many lines as it has, of its width.
package struct ScreenFrame: Sendable {
    /// At most as many as the terminal has; the last one may say how many more there are.
    package let lines: [String]
    private let rows: Int

    /// - Parameters:
    ///   - text: lines, which may have colours.
    ///   - columns: the width of the terminal, to which lines are clipped.
    ///   - rows: the height of the terminal.
    package init(_ text: String, columns: Int, rows: Int) {
        var all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if all.last == "" { all.removeLast() }
        if all.count > rows {
            let shown = max(0, rows - 1)
            all = all.prefix(shown) + ["... and \(all.count - shown) more lines"]
        }
        lines = all.map { clipped($0, to: columns) }
        self.rows = rows
    }

    /// The escape sequences that draw it over what is there, without a moment at which the screen is empty.
    ///
    /// Each line is cleared before it is written, since clearing behind a line of the full width would take its last
    /// character.
    package var drawing: String {
        let drawn = lines.map { "\u{1B}[K" + $0 }.joined(separator: "\r\n")
        return "\u{1B}[H" + drawn + (lines.count < rows ? "\r\n\u{1B}[J" : "")
    }
}
