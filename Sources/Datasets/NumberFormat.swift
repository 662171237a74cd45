/// How a number is kept in memory: as wide as in its file, so that a narrow type costs no more there.
package enum NumberFormat: String, Codable, CaseIterable, Sendable {
    case uint8, int8, uint16, int16, uint32, int32, float16, bfloat16, float32, float64

    package var byteCount: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .float64: 8
        }
    }

    /// Whether every value of the format is finite.
    var isInteger: Bool {
        switch self {
        case .uint8, .int8, .uint16, .int16, .uint32, .int32: true
        case .float16, .bfloat16, .float32, .float64: false
        }
    }
}

/// A type that examples are kept in.
protocol StoredNumber: BitwiseCopyable, Sendable {
    /// The value, exactly.
    var asDouble: Double { get }
}

extension UInt8: StoredNumber {}
extension Int8: StoredNumber { var asDouble: Double { Double(self) } }
extension UInt16: StoredNumber { var asDouble: Double { Double(self) } }
extension Int16: StoredNumber { var asDouble: Double { Double(self) } }
extension UInt32: StoredNumber { var asDouble: Double { Double(self) } }
extension Int32: StoredNumber {}
extension Float: StoredNumber {}
extension Double: StoredNumber {}

/// IEEE 754's binary16: a sign, 5 bits of exponent, 10 of significand.
package struct HalfFloat: StoredNumber {
    let bits: UInt16

    package init(bits: UInt16) { self.bits = bits }

    package var asDouble: Double {
        // With the exponent in its place the value is too small by 2^(127 - 15), also where it is subnormal.
        let magnitude = Float(bitPattern: UInt32(bits & 0x7FFF) << 13) * 0x1p112
        let finite = magnitude < 0x1p16 ? magnitude : bits & 0x3FF == 0 ? .infinity : .nan
        return Double(bits & 0x8000 == 0 ? finite : -finite)
    }
}

/// The upper half of binary32: a sign, 8 bits of exponent, 7 of significand.
struct BrainFloat: StoredNumber {
    let bits: UInt16

    var asDouble: Double { Double(Float(bitPattern: UInt32(bits) << 16)) }
}
