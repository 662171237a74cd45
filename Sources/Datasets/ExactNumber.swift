import Foundation

/// A number as a file has it: integers of 64 bits keep the digits that a `Double` would round.
package enum ExactNumber: Codable, Equatable, Sendable {
    /// A floating number, or an integer that a `Double` holds.
    case real(Double)
    /// An integer beyond 2^53.
    case signed(Int64)
    /// An integer beyond 2^63.
    case unsigned(UInt64)

    init(_ number: Double) { self = .real(number) }

    init(_ number: Int64) {
        self = number.magnitude <= 1 << 53 ? .real(Double(number)) : .signed(number)
    }

    init(_ number: UInt64) {
        self = Int64(exactly: number).map { ExactNumber($0) } ?? .unsigned(number)
    }

    /// The nearest `Double`.
    package var value: Double {
        switch self {
        case .real(let number): number
        case .signed(let number): Double(number)
        case .unsigned(let number): Double(number)
        }
    }

    /// Reads what `encode` writes: a number, or its text where it is not finite, which JSON has no numbers for.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self.init(number)
        } else if let number = try? container.decode(UInt64.self) {
            self.init(number)
        } else if let number = try? container.decode(Double.self) {
            self.init(number)
        } else {
            self.init(Double(try container.decode(String.self)) ?? .nan)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .real(let number) where !number.isFinite: try container.encode(String(number))
        case .real(let number): try container.encode(number)
        case .signed(let number): try container.encode(number)
        case .unsigned(let number): try container.encode(number)
        }
    }
}

extension HDF5Dataset {
    /// The numbers of some rows, with all their digits.
    func exactNumbers(inRows rows: Range<Int>) throws(DataError) -> [ExactNumber] {
        switch wideKind {
        case .signed: try values(Int64.self, inRows: rows).map { ExactNumber($0) }
        case .unsigned: try values(UInt64.self, inRows: rows).map { ExactNumber($0) }
        default: try numbers(inRows: rows).map { ExactNumber($0) }
        }
    }

    /// Whether integers have more bits than a `Double` holds, and of which kind they are; nil for other numbers.
    var wideKind: ElementType.Kind? {
        guard let type = elementType, type.byteCount > 4, type.kind != .floating, valueType.form != .bits else {
            return nil
        }
        return type.kind == .unsigned ? .unsigned : .signed
    }
}
