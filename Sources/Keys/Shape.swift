import Foundation
import Support

/// What a value may be, as messages, the JSON Schema, tables of keys and completion describe it.
///
/// A shape only describes; `Form` checks and decodes, and has the shape that belongs to it.
package indirect enum Shape: Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    case string
    /// A text without control characters, of at most `Shape.longestName` bytes.
    case name
    /// A file, relative to the file that names it.
    case path
    case choice([String])
    /// A text that a regular expression matches, and what messages call it.
    case pattern(String, expectation: String)
    case list(of: Shape)
    /// A list in which no value occurs twice.
    case set(of: Shape)
    case object([Key])
    /// An object whose `kind` says which other keys it has.
    case kinds([Kind])
    case either(Shape, Shape)
    /// An object whose keys are names of the user's own, each with a value of one shape.
    case map(of: Shape, name: String, mayBeEmpty: Bool)
    /// Any value, which something else checks.
    case any
}

/// A key as it was declared.
package struct Key: Sendable {
    /// What holds where the key is not given.
    package enum Default: Sendable {
        case value(JSON)
        case required
        /// The key is left out, and the text says what that means.
        case none(String)
        /// The value follows from other keys, as the text says.
        case computed(String)
    }
    package let name: String
    package let defaultValue: Default
    package let documentation: String
    /// Examples of the key, named "", and of dotted paths below it; see `KeyReader.example`.
    var examples: [String: [KeySetting]] = [:]
    private let describe: @Sendable () -> Shape

    package var shape: Shape { describe() }

    init(
        _ name: String, _ defaultValue: Default, _ documentation: String,
        shape describe: @escaping @Sendable () -> Shape
    ) {
        self.name = name
        self.defaultValue = defaultValue
        self.documentation = documentation
        self.describe = describe
    }
}

/// A value that a dotted path of keys may be given; null removes the key.
package struct KeySetting: Equatable, Sendable {
    package var path: String
    package var value: JSON

    package init(_ path: String, _ value: JSON) {
        self.path = path
        self.value = value
    }
}

/// One of the kinds that an object may be of, with the keys of that kind.
package struct Kind: Sendable {
    package let name: String
    package let documentation: String
    package let keys: [Key]
}

/// An interval of numbers, each end of which may be open, closed or missing.
package struct NumberRange: Sendable {
    package var above: Double?
    package var least: Double?
    package var below: Double?
    package var most: Double?

    package init(above: Double? = nil, least: Double? = nil, below: Double? = nil, most: Double? = nil) {
        self.above = above
        self.least = least
        self.below = below
        self.most = most
    }

    package static let positive = NumberRange(above: 0)
    package static let natural = NumberRange(least: 0)
    package static let any = NumberRange()
    package static let fraction = NumberRange(least: 0, below: 1)

    func contains(_ number: Double) -> Bool {
        (above.map { number > $0 } ?? true) && (least.map { number >= $0 } ?? true)
            && (below.map { number < $0 } ?? true) && (most.map { number <= $0 } ?? true)
    }

    var expectation: String {
        let bounds = [
            above.map { "above \(JSON.shortest($0))" }, least.map { "at least \(JSON.shortest($0))" },
            below.map { "below \(JSON.shortest($0))" }, most.map { "at most \(JSON.shortest($0))" },
        ]
        return (["a number"] + [bounds.compactMap { $0 }.joined(separator: " and ")]).filter { !$0.isEmpty }
            .joined(separator: " ")
    }
}

extension ClosedRange<Int> {
    /// Both ends as people read them: "1 to 9,007,199,254,740,991".
    package var forPeople: String {
        let style = IntegerFormatStyle<Int>.number.locale(.init(identifier: "en_US"))
        return "\(lowerBound.formatted(style)) to \(upperBound.formatted(style))"
    }
}

extension Shape {
    /// The bytes of the longest name that a run, a sweep or a tag gets: as many as a file's name has.
    package static let longestName = 255

    /// More steps than any run makes, and few enough to be multiplied by a number of rows.
    package static let largestStepCount = 1_000_000_000_000

    /// What errors call a value of this shape.
    package var expectation: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let range):
            "a whole number from \(range.forPeople)"
        case .number(let range): range.expectation
        case .string: "a text in double quotes"
        case .name: "a text of at most \(Shape.longestName) bytes without control characters in double quotes"
        case .path: "a file's path in double quotes"
        case .choice(let words):
            words.count == 1 ? "\"\(words[0])\"" : "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
        case .pattern(_, let expectation): expectation
        case .list(let element): "a list, each element \(element.expectation)"
        case .set(let element): "a list without repetition, each element \(element.expectation)"
        case .object(let keys): "an object with the keys " + keys.map(\.name).joined(separator: ", ")
        case .kinds(let kinds):
            "an object with the key \"kind\", one of " + kinds.map { "\"\($0.name)\"" }.joined(separator: ", ")
        case .map(let element, let name, _): "an object with a member for each \(name), each \(element.expectation)"
        case .any: "any value"
        case .either(let first, let second): first.expectation + "; or " + second.expectation
        }
    }

    /// The shape at a dotted path, where an `either` counts as the alternative that is an object.
    package func inside(_ path: ArraySlice<String>) -> Shape? {
        switch self {
        case .either(let first, let second): return first.inside(path) ?? second.inside(path)
        case .kinds, .object:
            guard let name = path.first else { return self }
            guard case .object(let keys) = self else { return nil }
            return keys.first { $0.name == name }?.shape.inside(path.dropFirst())
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .map, .any: return nil
        }
    }

    /// Whether a value of this shape may have something at a dotted path.
    package func has(_ path: ArraySlice<String>) -> Bool {
        guard let name = path.first else { return true }
        func contain(_ keys: [Key]) -> Bool { keys.contains { $0.name == name && $0.shape.has(path.dropFirst()) } }
        switch self {
        case .object(let keys): return contain(keys)
        case .kinds(let kinds): return name == "kind" && path.count == 1 || kinds.contains { contain($0.keys) }
        case .either(let first, let second): return first.has(path) || second.has(path)
        case .map(let element, _, _): return element.has(path.dropFirst())
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .any: return false
        }
    }

    /// The dotted paths of all keys whose values are paths of files.
    package var filePaths: [[String]] {
        if case .either(let first, let second) = self { return first.filePaths + second.filePaths }
        guard case .object(let keys) = self else { return [] }
        return keys.flatMap { key -> [[String]] in
            let shape = key.shape
            if case .path = shape { return [[key.name]] }
            return shape.filePaths.map { [key.name] + $0 }
        }
    }
}
