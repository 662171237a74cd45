/// A place in the text of a table, for messages.
struct TablePlace: Comparable {
    /// The number of the source among all that are read.
    var source = 0
    /// Counted from 0.
    var line: Int

    static func < (a: TablePlace, b: TablePlace) -> Bool { (a.source, a.line) < (b.source, b.line) }
}

/// What the values of one column have shown so far; what two blocks show can be joined.
struct ColumnFacts {
    /// What a value can be, apart from a missing one.
    struct Kinds: OptionSet {
        let rawValue: UInt8
        static let number = Kinds(rawValue: 1)
        static let infinity = Kinds(rawValue: 2)
        static let trueFalse = Kinds(rawValue: 4)
        static let yesNo = Kinds(rawValue: 8)
        static let text = Kinds(rawValue: 16)
    }

    private(set) var kinds: Kinds = []
    private(set) var missingCount = 0
    private(set) var firstMissing: TablePlace?
    /// The place and text of the first value that is no number.
    private(set) var firstOther: (place: TablePlace, text: [UInt8])?
    /// How many values are neither numbers nor missing.
    private(set) var otherCount = 0
    private(set) var firstInfinity: TablePlace?
    /// Whether all numbers are written as whole ones.
    private(set) var isWhole = true
    /// Whether float32 holds all numbers as they are written.
    private(set) var fitsSingle = true
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    /// Whether int64 has all numbers that are whole.
    private(set) var fitsSigned = true
    /// Whether uint64 has all that are whole and not negative.
    private(set) var fitsUnsigned = true
    /// The distinct values, if they are collected.
    var texts: TextTable?

    init(collecting texts: TextTable?) { self.texts = texts }

    /// Whether all numbers are whole and so small that float64 tells them from their neighbours.
    var isInteger: Bool { isWhole && max(maximum, -minimum) < 0x1p53 }

    /// Adds a number; it makes no difference how often the same one is added.
    @inline(__always)
    mutating func add(_ number: DecimalNumber, _ place: @autoclosure () -> TablePlace) {
        guard number.value.isFinite else { return addInfinity(place()) }
        kinds.insert(.number)
        if !number.isWhole { isWhole = false }
        minimum = min(minimum, number.value)
        maximum = max(maximum, number.value)
        if fitsSingle, !number.fitsSingle { fitsSingle = false }
        if number.value.magnitude >= 0x1p53 { addLarge(number) }
    }

    @inline(never)
    private mutating func addLarge(_ number: DecimalNumber) {
        guard number.isWhole else { return }
        guard let magnitude = number.wholeMagnitude else {
            (fitsSigned, fitsUnsigned) = (false, false)
            return
        }
        if magnitude > UInt64(Int64.max) + (number.value < 0 ? 1 : 0) { fitsSigned = false }
    }

    mutating func addMissing(_ place: TablePlace) {
        missingCount += 1
        if firstMissing == nil { firstMissing = place }
    }

    /// Adds a value that is no number.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ place: TablePlace) {
        if isInfinity(text) { return addInfinity(place) }
        let kind: Kinds = boolean(text).map { $0.isYesNo ? .yesNo : .trueFalse } ?? .text
        kinds.insert(kind)
        otherCount += 1
        if firstOther == nil { firstOther = (place, Array(text)) }
    }

    private mutating func addInfinity(_ place: TablePlace) {
        kinds.insert(.infinity)
        if firstInfinity == nil { firstInfinity = place }
    }

    /// Joins what a later block shows, whose lines are counted from `start`.
    ///
    /// - Returns: the numbers here of the texts that the later block has collected.
    @discardableResult
    mutating func merge(_ later: ColumnFacts, from start: TablePlace) -> [Int32] {
        func moved(_ place: TablePlace) -> TablePlace {
            TablePlace(source: start.source, line: start.line + place.line)
        }
        kinds.formUnion(later.kinds)
        missingCount += later.missingCount
        otherCount += later.otherCount
        firstMissing = firstMissing ?? later.firstMissing.map(moved)
        firstInfinity = firstInfinity ?? later.firstInfinity.map(moved)
        firstOther = firstOther ?? later.firstOther.map { (moved($0.place), $0.text) }
        isWhole = isWhole && later.isWhole
        fitsSingle = fitsSingle && later.fitsSingle
        fitsSigned = fitsSigned && later.fitsSigned
        fitsUnsigned = fitsUnsigned && later.fitsUnsigned
        minimum = min(minimum, later.minimum)
        maximum = max(maximum, later.maximum)
        return later.texts.flatMap { self.texts?.merge($0) } ?? []
    }
}

/// Whether a text says that there is no value: NA, N/A, #N/A, <NA>, NaN, -NaN, null, None in any case, a question mark,
/// a dash or nothing.
@inline(__always)
func isMissing(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    // No number but a sign begins as these do.
    return text.count <= 4 && (first > UInt8(ascii: "9") || first == UInt8(ascii: "-") || first == UInt8(ascii: "#"))
        && isMissingWord(text)
}

private func isMissingWord(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch text.count {
    case 1: text[0] == UInt8(ascii: "?") || text[0] == UInt8(ascii: "-")
    case 2: isWord("na", text)
    case 3: isWord("nan", text) || isWord("n/a", text)
    default:
        isWord("null", text) || isWord("none", text) || isWord("#n/a", text) || isWord("<na>", text)
            || isWord("-nan", text)
    }
}

/// Whether a text is an infinite number.
private func isInfinity(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return false }
    let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    let rest = UnsafeBufferPointer(rebasing: text[(isSigned ? 1 : 0)...])
    return isWord("inf", rest) || isWord("infinity", rest)
}

/// What a text says that is true, false, yes or no in any case; nil for others.
@inline(__always)
func boolean(_ text: UnsafeBufferPointer<UInt8>) -> (value: Bool, isYesNo: Bool)? {
    switch text.count {
    case 2 where isWord("no", text): (false, true)
    case 3 where isWord("yes", text): (true, true)
    case 4 where isWord("true", text): (true, false)
    case 5 where isWord("false", text): (false, false)
    default: nil
    }
}

/// Whether a text is a word, given in small letters, in any case.
private func isWord(_ word: StaticString, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard word.utf8CodeUnitCount == text.count else { return false }
    return text.indices.allSatisfy { index in
        let byte = text[index]
        let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        return (isCapital ? byte | 0x20 : byte) == word.utf8Start[index]
    }
}
