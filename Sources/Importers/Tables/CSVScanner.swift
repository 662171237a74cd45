/// Where a field is in a block of text, without its quotes and, if it has none, without blanks around it.
struct CSVField {
    var start: Int32 = 0
    var end: Int32 = 0
    var isQuoted = false
    /// Whether two quotes in it stand for one.
    var hasDoubledQuotes = false

    var count: Int { Int(end - start) }
}

/// Finds the rows and fields of delimited text, as RFC 4180 has them.
///
/// A field that begins with a quote ends with the next quote that is not doubled, and may hold delimiters and line
/// ends. Lines end with LF, CRLF or CR; lines without anything but blanks are no rows.
struct CSVScanner {
    enum Problem: Equatable {
        /// The quote that opens in this line is not closed before the text ends.
        case unclosedQuote(line: Int)
        /// Something other than a delimiter follows a closing quote in this line.
        case textAfterQuote(line: Int)
    }

    private let bytes: UnsafePointer<UInt8>
    private let end: Int
    private let delimiter: UInt8
    /// Eight times each byte that ends a field.
    private let delimiters: UInt64
    private let lineFeeds: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
    private let carriageReturns: UInt64 = 0x0D0D_0D0D_0D0D_0D0D
    /// Where the next row begins.
    private(set) var position = 0
    /// How many line ends there are before `position`.
    private(set) var lineCount = 0
    /// How many there are before the row that was read last.
    private(set) var rowLine = 0
    /// What is wrong with the row that was read last.
    private(set) var problem: Problem?

    init(_ bytes: UnsafePointer<UInt8>, count: Int, delimiter: UInt8) {
        self.bytes = bytes
        end = count
        self.delimiter = delimiter
        delimiters = UInt64(delimiter) &* 0x0101_0101_0101_0101
    }

    /// Reads the next row.
    ///
    /// - Parameter fields: takes the first fields, as many as it has room for.
    /// - Returns: the number of fields, 0 where there is no further row, and whether a line end ends the row rather
    ///   than the text.
    mutating func nextRow(_ fields: UnsafeMutableBufferPointer<CSVField>) -> (count: Int, isEnded: Bool) {
        var count = 0
        rowLine = lineCount
        problem = nil
        guard position < end else { return (0, false) }
        while true {
            var field = CSVField()
            readField(&field)
            if count < fields.count { fields[count] = field }
            count += 1
            let isBlank = count == 1 && !field.isQuoted && field.start == field.end
            guard position < end else { return (isBlank ? 0 : count, false) }
            let separator = bytes[position]
            position += 1
            if separator == delimiter { continue }
            if separator == carriageReturn, position < end, bytes[position] == lineFeed { position += 1 }
            lineCount += 1
            if !isBlank { return (count, true) }
            guard position < end else { return (0, false) }
            count = 0
            rowLine = lineCount
        }
    }

    /// Reads a field, and goes to the separator that ends it.
    @inline(__always)
    private mutating func readField(_ field: inout CSVField) {
        var place = position
        while place < end, isBlank(bytes[place]) { place += 1 }
        if place < end, bytes[place] == quote { return readQuotedField(&field, from: place + 1) }
        field.start = Int32(truncatingIfNeeded: place)
        place = endOfField(from: place)
        position = place
        while place > Int(field.start), isBlank(bytes[place - 1]) { place -= 1 }
        field.end = Int32(truncatingIfNeeded: place)
    }

    /// Returns where a field without quotes ends.
    @inline(__always)
    func endOfField(from start: Int) -> Int {
        var place = start
        while place + 8 <= end {
            let word = UInt64(littleEndian: UnsafeRawPointer(bytes + place).loadUnaligned(as: UInt64.self))
            let ends = firstBytes(word, delimiters) | firstBytes(word, lineFeeds) | firstBytes(word, carriageReturns)
            if ends != 0 {
                place += ends.trailingZeroBitCount / 8
                break
            }
            place += 8
        }
        while place < end, case let byte = bytes[place], byte != delimiter, byte != lineFeed, byte != carriageReturn {
            place += 1
        }
        return place
    }

    /// Passes over a row that was read otherwise, which ends at `place`.
    ///
    /// - Returns: false, without passing over it, if no line end is there.
    @inline(__always)
    mutating func passRow(endingAt place: Int) -> Bool {
        guard place < end else { return false }
        if bytes[place] == lineFeed {
            position = place + 1
        } else if bytes[place] == carriageReturn {
            position = place + (place + 1 < end && bytes[place + 1] == lineFeed ? 2 : 1)
        } else {
            return false
        }
        lineCount += 1
        return true
    }

    private mutating func readQuotedField(_ field: inout CSVField, from start: Int) {
        let openingLine = lineCount
        var place = start
        field.isQuoted = true
        field.start = Int32(truncatingIfNeeded: start)
        while true {
            guard place < end else {
                problem = .unclosedQuote(line: openingLine)
                field.end = Int32(truncatingIfNeeded: end)
                position = end
                return
            }
            let next = place + 1 < end ? bytes[place + 1] : 0
            switch bytes[place] {
            case quote where next == quote:
                field.hasDoubledQuotes = true
                place += 1
            case quote:
                field.end = Int32(truncatingIfNeeded: place)
                position = place + 1
                while position < end, isBlank(bytes[position]) { position += 1 }
                while position < end, !isSeparator(bytes[position]) {
                    if problem == nil { problem = .textAfterQuote(line: lineCount) }
                    position += 1
                }
                return
            case lineFeed: lineCount += 1
            case carriageReturn where next != lineFeed: lineCount += 1
            default: break
            }
            place += 1
        }
    }

    /// Marks the first byte of a word that is equal to the byte of which `pattern` has eight, and perhaps later bytes.
    ///
    /// x - 1 borrows where a byte x of the difference is 0; see https://graphics.stanford.edu/~seander/bithacks.html.
    @inline(__always)
    private func firstBytes(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
        let difference = word ^ pattern
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    @inline(__always)
    func isBlank(_ byte: UInt8) -> Bool { (byte == space || byte == tab) && byte != delimiter }

    @inline(__always)
    private func isSeparator(_ byte: UInt8) -> Bool { byte == delimiter || byte == lineFeed || byte == carriageReturn }
}

extension CSVField {
    /// The bytes that the field stands for, with one quote for two.
    func unquoted(in bytes: UnsafePointer<UInt8>) -> [UInt8] {
        var content: [UInt8] = [], isSecond = false
        for byte in UnsafeBufferPointer(start: bytes + Int(start), count: count) {
            isSecond = byte == quote && !isSecond && hasDoubledQuotes
            if !isSecond { content.append(byte) }
        }
        return content
    }
}

let quote = UInt8(ascii: "\""), lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
let tab = UInt8(ascii: "\t"), space = UInt8(ascii: " ")
