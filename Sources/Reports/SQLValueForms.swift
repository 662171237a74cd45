import Foundation
import RunStore
import Support

extension SQLValue {
    /// Makes a number, or NULL for nil.
    init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

    /// The value as a number; nil for NULL and text.
    package var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .null, .text: nil
        }
    }

    var isNumber: Bool {
        switch self {
        case .integer, .number: true
        case .null, .text: false
        }
    }

    /// The value for people: numbers with four significant digits, integers in full.
    package var display: String {
        switch self {
        case .null: return "-"
        case .integer(let number): return "\(number)"
        case .text(let text):
            // Line breaks of notes and statements are spaces in a table.
            let line = text.unicodeScalars.map { "\n\r\t".unicodeScalars.contains($0) ? " " : $0 }
            return String(String.UnicodeScalarView(line)).escapedForTerminal()
        case .number(let number): return number.display
        }
    }

    /// The numbers of a list in JSON, such as the counts of a histogram, NaN for what is none; nil for what is no text.
    var list: [Double]? { text.map { $0.split { "[, ]".contains($0) }.map { Double($0) ?? .nan } } }

    /// The value for people with all its digits, so that different settings look different.
    var displayOfSetting: String { if case .number = self { exact } else { display } }

    /// The value in the name of a run or in a sentence: numbers with six significant digits.
    var displayInName: String {
        guard case .number(let number) = self, number.isFinite else { return displayOfSetting }
        return JSON.shortest(Double(String(format: "%.6g", number)) ?? number)
    }

    /// The value with all digits that are needed to read it back; empty for NULL.
    var exact: String {
        switch self {
        case .null: ""
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }

    /// The value as JSON; a number that is not finite is a string.
    var json: String {
        switch self {
        case .null: "null"
        case .number(let number) where !number.isFinite: quotedForJSON("\(number)")
        case .text(let text): quotedForJSON(text)
        default: exact
        }
    }

    /// A text that is the same for equal values, also for 1 and 1.0.
    var key: String { double.map { "\($0)" } ?? exact }
}
