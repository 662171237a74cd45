import Foundation

/// A strict reader of JSON (RFC 8259): it refuses duplicate keys, trailing commas and comments.
///
/// Every value keeps its line and column.
package struct JSONReader {
    private let source: String
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private var depth = 0

    private init(_ text: String, source: String) {
        self.source = source
        bytes = Array(text.utf8)
    }

    /// Reads a text that consists of one JSON value.
    ///
    /// - Parameter source: the name of the text in errors.
    package static func read(_ text: String, source: String) throws(ConfigError) -> JSON {
        var reader = JSONReader(text, source: source)
        if text.utf8.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
            throw ConfigError(at: SourcePosition(source: source), "the text is empty; expected a JSON object")
        }
        let value = try reader.readValue()
        reader.skipSpace()
        if reader.index < reader.bytes.count {
            throw reader.error("unexpected \(reader.nextCharacter) after the end of the JSON value")
        }
        return value
    }

    private var position: SourcePosition { SourcePosition(source: source, line: line, column: index - lineStart + 1) }

    private func error(_ message: String, at position: SourcePosition? = nil) -> ConfigError {
        ConfigError(at: position ?? self.position, message)
    }

    private var nextCharacter: String {
        guard index < bytes.count else { return "end of the text" }
        return "'" + String(String(decoding: bytes[index...].prefix(4), as: UTF8.self).prefix(1)) + "'"
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0D: index += 1
            case 0x0A:
                index += 1
                line += 1
                lineStart = index
            default: return
            }
        }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func readValue() throws(ConfigError) -> JSON {
        skipSpace()
        let start = position
        guard index < bytes.count else { throw error("the text ends where a value is expected") }
        depth += 1
        defer { depth -= 1 }
        if depth > 64 { throw error("values are nested more than 64 deep") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return JSON(.object(try readMembers()), at: start)
        case UInt8(ascii: "["): return JSON(.array(try readElements()), at: start)
        case UInt8(ascii: "\""): return JSON(.string(try readString()), at: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return JSON(try readNumber(), at: start)
        default:
            for (word, value) in [("true", JSON.Value.boolean(true)), ("false", .boolean(false)), ("null", .null)]
            where bytes[index...].starts(with: word.utf8) {
                index += word.utf8.count
                return JSON(value, at: start)
            }
            throw error("expected a JSON value, found \(nextCharacter)")
        }
    }

    private mutating func readMembers() throws(ConfigError) -> [JSON.Member] {
        var members: [JSON.Member] = []
        var seen: [String: SourcePosition] = [:]
        index += 1
        skipSpace()
        if skip("}") { return [] }
        while true {
            skipSpace()
            let keyPosition = position
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw error("expected a key in double quotes, found \(nextCharacter)")
            }
            let key = try readString()
            if let earlier = seen[key] {
                throw error(
                    "the key \"\(key)\" appears twice; the first is in line \(earlier.line ?? 0)", at: keyPosition)
            }
            seen[key] = keyPosition
            skipSpace()
            guard skip(":") else { throw error("expected ':' after the key \"\(key)\", found \(nextCharacter)") }
            members.append(JSON.Member(key, try readValue(), at: keyPosition))
            skipSpace()
            if skip("}") { return members }
            let comma = position
            guard skip(",") else { throw error("expected ',' or '}', found \(nextCharacter)") }
            skipSpace()
            if index < bytes.count, bytes[index] == UInt8(ascii: "}") {
                throw error("a comma before '}'; remove it", at: comma)
            }
        }
    }

    private mutating func readElements() throws(ConfigError) -> [JSON] {
        var elements: [JSON] = []
        index += 1
        skipSpace()
        if skip("]") { return [] }
        while true {
            elements.append(try readValue())
            skipSpace()
            if skip("]") { return elements }
            let comma = position
            guard skip(",") else { throw error("expected ',' or ']', found \(nextCharacter)") }
            skipSpace()
            if index < bytes.count, bytes[index] == UInt8(ascii: "]") {
                throw error("a comma before ']'; remove it", at: comma)
            }
        }
    }

    private mutating func readString() throws(ConfigError) -> String {
        let start = position
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("the string is not UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"):
                index += 1
                text += String(try readEscape()).utf8
            case 0..<0x20:
                throw error("a string has a line break or control character; write it as an escape, such as \\n")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw error("the string that starts here does not end", at: start)
    }

    private mutating func readEscape() throws(ConfigError) -> Character {
        guard index < bytes.count else { throw error("the text ends inside a string") }
        let escaped = bytes[index]
        index += 1
        switch escaped {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var code = try readHex()
            if (0xD800..<0xDC00).contains(code), skip("\\"), skip("u") {
                let low = try readHex()
                guard (0xDC00..<0xE000).contains(low) else { throw error("an unpaired surrogate in a \\u escape") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw error("an unpaired surrogate in a \\u escape") }
            return Character(scalar)
        default: throw error("unknown escape '\\\(Character(Unicode.Scalar(escaped)))'")
        }
    }

    private mutating func readHex() throws(ConfigError) -> UInt32 {
        let digits = bytes[index...].prefix(4)
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 4, text.allSatisfy(\.isHexDigit), let code = UInt32(text, radix: 16) else {
            throw error("\\u needs four hexadecimal digits")
        }
        index += 4
        return code
    }

    private mutating func readNumber() throws(ConfigError) -> JSON.Value {
        let start = index, startPosition = position
        while index < bytes.count, "+-.0123456789eE".utf8.contains(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard isNumber(bytes[start..<index]) else {
            throw error("'\(text)' is not a JSON number", at: startPosition)
        }
        if let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw error("\(text) is outside the range of numbers", at: startPosition)
        }
        return .number(number)
    }
}

/// Whether bytes are a number: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
private func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    func skip(_ characters: String) -> Bool {
        guard let first = rest.first, characters.utf8.contains(first) else { return false }
        rest.removeFirst()
        return true
    }
    func skipDigits() -> Bool {
        let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        rest.removeFirst(count)
        return count > 0
    }
    _ = skip("-")
    guard skip("0") || skipDigits() else { return false }
    if skip("."), !skipDigits() { return false }
    if skip("eE") {
        _ = skip("+-")
        guard skipDigits() else { return false }
    }
    return rest.isEmpty
}
