import Foundation
import Testing

/// What an event file holds, read in the plainest way: the check bit by bit, messages as lists of fields.
struct EventFileReader {
    struct Event {
        var time = 0.0
        var step = 0
        var scalars: [String: Float] = [:]
        /// The counts and the right ends of the bins of histograms.
        var histograms: [String: (counts: [Double], ends: [Double])] = [:]
        /// What plugins have: tag, plugin and content.
        var plugins: [String: (name: String, content: [UInt8])] = [:]
    }
    private(set) var version = ""
    private(set) var events: [Event] = []

    init(_ url: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: url))
        var place = 0
        while place < bytes.count {
            let head = Array(bytes[place..<place + 8])
            let length = Int(EventFileReader.number(head[...]))
            try #require(EventFileReader.number(bytes[place + 8..<place + 12]) == UInt64(EventFileReader.check(head)))
            let data = Array(bytes[place + 12..<place + 12 + length])
            let end = place + 12 + length
            try #require(EventFileReader.number(bytes[end..<end + 4]) == UInt64(EventFileReader.check(data)))
            read(data)
            place = end + 4
        }
        try #require(place == bytes.count)
    }

    private mutating func read(_ data: [UInt8]) {
        var event = Event()
        for field in EventFileReader.fields(data) {
            switch field.number {
            case 1: event.time = Double(bitPattern: field.bits)
            case 2: event.step = Int(field.bits)
            case 3: version = String(decoding: field.bytes, as: UTF8.self)
            case 5: for value in EventFileReader.fields(field.bytes) { EventFileReader.add(value.bytes, to: &event) }
            default: Issue.record("field \(field.number)")
            }
        }
        events.append(event)
    }

    private static func add(_ value: [UInt8], to event: inout Event) {
        let fields = fields(value)
        let tag = fields.first { $0.number == 1 }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        for field in fields {
            switch field.number {
            case 2: event.scalars[tag] = Float(bitPattern: UInt32(field.bits))
            case 5:
                func doubles(_ number: UInt64) -> [Double] {
                    let packed = self.fields(field.bytes).first { $0.number == number }?.bytes ?? []
                    return stride(from: 0, to: packed.count, by: 8).map {
                        Double(bitPattern: self.number(packed[$0..<$0 + 8]))
                    }
                }
                event.histograms[tag] = (doubles(7), doubles(6))
            case 9:
                let plugin = self.fields(self.fields(field.bytes)[0].bytes)
                event.plugins[tag] = (String(decoding: plugin[0].bytes, as: UTF8.self), plugin[1].bytes)
            default: break
            }
        }
    }

    struct Field {
        var number: UInt64
        var bits: UInt64 = 0
        var bytes: [UInt8] = []
    }

    static func fields(_ bytes: [UInt8]) -> [Field] {
        var rest = bytes[...], fields: [Field] = []
        func varint() -> UInt64 {
            var value: UInt64 = 0, shift: UInt64 = 0
            while let byte = rest.popFirst() {
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }
        while !rest.isEmpty {
            let key = varint()
            var field = Field(number: key >> 3)
            switch key & 7 {
            case 0: field.bits = varint()
            case 1:
                field.bits = number(rest.prefix(8))
                rest = rest.dropFirst(8)
            case 5:
                field.bits = number(rest.prefix(4))
                rest = rest.dropFirst(4)
            default:
                let count = Int(varint())
                field.bytes = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            fields.append(field)
        }
        return fields
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func check(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        crc = ~crc
        return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
    }
}
