import GRDB

/// A value of any SQLite type but blobs.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int)
    case number(Double)
    case text(String)

    /// The text of a text value; nil for any other value.
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The number of an integer; nil for any other value.
    package var whole: Int? { if case .integer(let number) = self { number } else { nil } }
}

extension SQLValue {
    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .number(let number): number.databaseValue
        case .text(let text): text.databaseValue
        }
    }

    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(Int(number))
        case .double(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .blob(let data):
            let digits = Array("0123456789abcdef".utf8)
            self = .text(
                String(unsafeUninitializedCapacity: 2 * data.count) { text in
                    for (place, byte) in data.enumerated() {
                        text[2 * place] = digits[Int(byte >> 4)]
                        text[2 * place + 1] = digits[Int(byte & 15)]
                    }
                    return 2 * data.count
                })
        }
    }
}
