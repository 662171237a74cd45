import Charts

/// A figure, and notes for the reader about what it leaves out.
package struct Plot: Sendable {
    package var figure: Figure
    package var notes: [String] = []
}
