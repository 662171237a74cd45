import Charts

/// A figure, and what is to be said about it.
package struct Plot: Sendable {
    package var figure: Figure
    package var notes: [String] = []
}
