import Datasets

/// Characters of a MATLAB file that are not stored as one unit each: UTF-8 with letters beyond ASCII, UTF-16 with
/// surrogates, UTF-32.
enum MATCharacters {
    /// The types of elements that hold characters by their encoding.
    static let utf8 = 16, utf16 = 17, utf32 = 18
    /// More bytes are no names of classes.
    private static let mostBytes = 1 << 24

    /// Decodes an element of characters; nil if it holds others, or bytes that are no text.
    static func text(_ part: MATFile.Element, isBigEndian: Bool) throws(DataError) -> String? {
        guard part.content.count <= mostBytes, let width = width(part.type) else { return nil }
        let bytes = try part.content.bytes(0..<part.content.count)
        func units<Unit: FixedWidthInteger>(_: Unit.Type) -> [Unit] {
            stride(from: 0, through: bytes.count - width, by: width).map {
                Unit(truncatingIfNeeded: bytes.number(at: $0, width: width, isBigEndian: isBigEndian))
            }
        }
        return switch width {
        case 1: String(validating: bytes, as: UTF8.self)
        case 2: String(validating: units(UInt16.self), as: UTF16.self)
        default: String(validating: units(UInt32.self), as: UTF32.self)
        }
    }

    /// Divides a text into the rows of a char matrix, whose first index varies fastest, without what fills them up; nil
    /// if it has another number of characters than the matrix, be they counted in code points or in UTF-16 units.
    static func rows(of text: String, _ rowCount: Int, _ columnCount: Int) -> [String]? {
        let (count, hasOverflow) = rowCount.multipliedReportingOverflow(by: columnCount)
        guard !hasOverflow else { return nil }
        let scalars = Array(text.unicodeScalars)
        if scalars.count == count {
            return (0..<rowCount).map { row in
                var result = String.UnicodeScalarView(stride(from: row, to: count, by: rowCount).map { scalars[$0] })
                while let last = result.last, last == " " || last == "\0" { result.removeLast() }
                return String(result)
            }
        }
        let units = Array(text.utf16)
        guard units.count == count else { return nil }
        return (0..<rowCount).map { row in
            var result = stride(from: row, to: count, by: rowCount).map { units[$0] }
            while let last = result.last, last == 0x20 || last == 0 { result.removeLast() }
            return String(decoding: result, as: UTF16.self)
        }
    }

    /// The bytes of a unit in an element of this type: one of the encodings, or the integers that stand for them.
    private static func width(_ type: Int) -> Int? {
        switch type {
        case 1, 2, utf8: 1
        case 3, 4, utf16: 2
        case utf32: 4
        default: nil
        }
    }
}
