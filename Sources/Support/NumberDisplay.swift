import Foundation

extension Double {
    /// The number for people, with four significant digits.
    package var display: String {
        guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
        let magnitude = abs(self)
        if magnitude == 0 { return "0" }
        return magnitude >= 1e6 || magnitude < 1e-4
            ? String(format: "%.3e", self)
            : magnitude >= 1e4 ? String(format: "%.0f", self) : String(format: "%.4g", self)
    }
}
