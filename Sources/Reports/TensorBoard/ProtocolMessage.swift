/// A message of Protocol Buffers while it is written: its fields one after the other.
///
/// Source: protobuf.dev, "Encoding". Fields that are not added have their default value.
struct ProtocolMessage {
    private(set) var bytes: [UInt8] = []

    /// How the value of a field is written.
    private enum WireType: UInt64 { case varint = 0, eightBytes = 1, lengthAndBytes = 2, fourBytes = 5 }

    mutating func add(_ field: UInt64, _ number: Int) {
        begin(field, .varint)
        append(varint: UInt64(bitPattern: Int64(number)))
    }

    mutating func add(_ field: UInt64, _ flag: Bool) { add(field, flag ? 1 : 0) }

    mutating func add(_ field: UInt64, _ number: Double) {
        begin(field, .eightBytes)
        append(number.bitPattern)
    }

    mutating func add(_ field: UInt64, _ number: Float) {
        begin(field, .fourBytes)
        append(number.bitPattern)
    }

    mutating func add(_ field: UInt64, _ text: String) { add(field, Array(text.utf8)) }
    mutating func add(_ field: UInt64, _ message: ProtocolMessage) { add(field, message.bytes) }

    mutating func add(_ field: UInt64, _ content: [UInt8]) {
        begin(field, .lengthAndBytes)
        append(varint: UInt64(content.count))
        bytes += content
    }

    /// Adds a repeated field in its packed form.
    mutating func add(_ field: UInt64, _ numbers: [Double]) {
        begin(field, .lengthAndBytes)
        append(varint: UInt64(8 * numbers.count))
        for number in numbers { append(number.bitPattern) }
    }

    /// Adds bytes that are whole fields.
    mutating func add(fields: [UInt8]) { bytes += fields }

    mutating func append<Bits: FixedWidthInteger>(_ bits: Bits) {
        withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func begin(_ field: UInt64, _ type: WireType) { append(varint: field << 3 | type.rawValue) }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Makes a message of the fields that `body` adds.
func message(_ body: (inout ProtocolMessage) -> Void) -> ProtocolMessage {
    var result = ProtocolMessage()
    body(&result)
    return result
}
