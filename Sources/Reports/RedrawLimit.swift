/// Lets through so many drawings that a person can follow, ten a second.
package struct RedrawLimit: Sendable {
    private var last = -Double.infinity

    package init() {}

    /// Whether to draw now; if so, the next time is a tenth of a second later.
    ///
    /// - Parameter seconds: of a clock that never goes back.
    package mutating func allows(at seconds: Double) -> Bool {
        guard seconds - last >= 0.1 else { return false }
        last = seconds
        return true
    }
}
