/// The cyclic redundancy check of event files, CRC-32C (Castagnoli), eight bytes at a time.
///
/// Source: RFC 3720, appendix B.4; Kounavis & Berry 2005, "A systematic approach to building high performance,
/// software-based, CRC generators", for the eight tables.
func crc32C(_ bytes: [UInt8]) -> UInt32 {
    tables.withUnsafeBufferPointer { table in
        bytes.withUnsafeBytes { bytes in
            var crc = ~UInt32(0), place = 0
            while place + 8 <= bytes.count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) ^ UInt64(crc)
                crc = 0
                for k in 0..<8 { crc ^= table[256 * (7 - k) + Int(word >> (8 * UInt64(k)) & 0xFF)] }
                place += 8
            }
            while place < bytes.count {
                crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[place])) & 0xFF)]
                place += 1
            }
            return ~crc
        }
    }
}

/// Row k has for each byte the check of that byte and k zero bytes behind it.
private let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
        tables[byte] = (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
    }
    for place in 256..<tables.count {
        let before = tables[place - 256]
        tables[place] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
}()
