import Datasets

/// What an npy file says of its array, versions 1, 2 and 3 of the format.
///
/// A file begins with the byte 0x93, `NUMPY`, the version, the length of the header (UInt16, from version 2 on UInt32,
/// little-endian) and the header: a dict literal of Python with the keys `descr`, `fortran_order` and `shape`. See
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
struct NPYHeader: Equatable {
    /// The type as NumPy writes it, such as `<f4`; nil if elements have fields.
    let typeCode: String?
    let isColumnMajor: Bool
    let shape: [Int]
    /// Where the values begin, in bytes.
    let dataOffset: Int

    /// Enough of a file's beginning for every header that is read.
    static let mostBytes = 1 << 16
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// - Parameters:
    ///   - start: the first `mostBytes` bytes of the file, or all that it has.
    ///   - place: what messages call the file.
    init(_ start: [UInt8], place: String) throws(DataError) {
        func error(_ problem: String) -> DataError { DataError("\(place): \(problem)") }
        guard start.starts(with: NPYHeader.magic) else { throw error(wrongKind(start, expected: .npy)) }
        guard start.count >= 12 else {
            throw error("It ends after \(start.count) bytes, inside the header of an npy file. Make or fetch it again.")
        }
        let version = start[6]
        guard (1...3).contains(version) else {
            throw error("It is of version \(version) of the npy format; expected 1, 2 or 3. Save it with numpy.save.")
        }
        let lengthWidth = version == 1 ? 2 : 4
        let length = Int(start.number(at: 8, width: lengthWidth))
        dataOffset = 8 + lengthWidth + length
        guard dataOffset <= start.count else {
            throw error(
                dataOffset > NPYHeader.mostBytes
                    ? "Its header has \(length) bytes; expected at most \(NPYHeader.mostBytes - 12)."
                    : "It ends after \(start.count) bytes, inside its header of \(length) bytes. Make or fetch it "
                        + "again."
            )
        }
        guard var literal = Optional(LiteralReader(bytes: Array(start[8 + lengthWidth..<dataOffset]))),
            let entries = literal.dictionary(), literal.isAtEnd,
            Set(entries.keys) == ["descr", "fortran_order", "shape"],
            case .boolean(let isColumnMajor)? = entries["fortran_order"], case .tuple(let lengths)? = entries["shape"]
        else {
            throw error(
                "Its header is no dict of descr, fortran_order and shape, as numpy.save writes it. Make or fetch the "
                    + "file again.")
        }
        switch entries["descr"] {
        case .text(let code): typeCode = code
        case .list: typeCode = nil
        default: throw error("Its header gives no type. Make or fetch the file again.")
        }
        self.isColumnMajor = isColumnMajor
        shape = lengths
    }
}

/// Reads the literals of Python that headers are made of.
private struct LiteralReader {
    enum Value {
        case text(String)
        case boolean(Bool)
        /// Whole numbers from 0 up.
        case tuple([Int])
        /// A list, whose content does not matter.
        case list
    }

    let bytes: [UInt8]
    private var next = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Whether only blanks are left.
    var isAtEnd: Bool { bytes[next...].allSatisfy(isBlank) }

    /// A dict of texts, each key once; nil if there is none.
    mutating func dictionary() -> [String: Value]? {
        var result: [String: Value] = [:]
        guard take("{") else { return nil }
        while !take("}") {
            guard let key = text(), take(":"), let value = value(), result.updateValue(value, forKey: key) == nil else {
                return nil
            }
            guard take(",") || peek() == UInt8(ascii: "}") else { return nil }
        }
        return result
    }

    private mutating func value() -> Value? {
        switch peek() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): text().map(Value.text)
        case UInt8(ascii: "("): tuple().map(Value.tuple)
        case UInt8(ascii: "["): skipList() ? .list : nil
        default: takeWord("True") ? .boolean(true) : takeWord("False") ? .boolean(false) : nil
        }
    }

    private mutating func text() -> String? {
        guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        guard let end = bytes[(next + 1)...].firstIndex(of: quote) else { return nil }
        defer { next = end + 1 }
        let content = bytes[next + 1..<end]
        return content.contains(UInt8(ascii: "\\")) ? nil : String(validating: content, as: UTF8.self)
    }

    /// `()`, `(3,)`, `(3, 4)`; Python 2 wrote `3L`.
    private mutating func tuple() -> [Int]? {
        var numbers: [Int] = []
        guard take("(") else { return nil }
        while !take(")") {
            guard peek() != nil else { return nil }
            let digits = bytes[next...].prefix { (0x30...0x39).contains($0) }
            guard let number = Int(String(decoding: digits, as: UTF8.self)), numbers.count < 64 else { return nil }
            next = digits.endIndex
            _ = takeWord("L")
            numbers.append(number)
            guard take(",") || (numbers.count > 1 && peek() == UInt8(ascii: ")")) else { return nil }
        }
        return numbers
    }

    /// Passes a list, in which brackets are balanced outside of texts.
    private mutating func skipList() -> Bool {
        var depth = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                guard text() != nil else { return false }
                continue
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            default: break
            }
            next += 1
            if depth == 0 { return true }
        }
        return false
    }

    /// The next byte that is no blank, which stays.
    private mutating func peek() -> UInt8? {
        while next < bytes.count, isBlank(bytes[next]) { next += 1 }
        return next < bytes.count ? bytes[next] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        next += 1
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard bytes[next...].starts(with: word.utf8) else { return false }
        next += word.utf8.count
        return true
    }
}

private func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D, 0x00].contains(byte) }
