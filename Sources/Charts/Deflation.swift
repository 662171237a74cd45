/// Compresses bytes in which one repeats many times, as in pictures of lines, into the zlib format.
///
/// Source: RFC 1950 and RFC 1951, with the fixed codes and no other repetitions than those of the last byte.
enum Deflation {
    static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var bits = BitWriter(bytes: [0x78, 0x01])
        // The last block, of fixed codes.
        bits.write(0b011, count: 3)
        var index = 0
        while index < bytes.count {
            var run = 0
            if index > 0 {
                while run < 258, index + run < bytes.count, bytes[index + run] == bytes[index - 1] { run += 1 }
            }
            if run >= 3 {
                writeRun(run, &bits)
                index += run
            } else {
                writeSymbol(Int(bytes[index]), &bits)
                index += 1
            }
        }
        writeSymbol(256, &bits)
        bits.finish()
        return bits.bytes + checksum(bytes)
    }

    /// Writes a literal, the end of the block, or a code of lengths.
    private static func writeSymbol(_ symbol: Int, _ bits: inout BitWriter) {
        switch symbol {
        case ..<144: bits.writeCode(0x30 + symbol, count: 8)
        case ..<256: bits.writeCode(0x190 + symbol - 144, count: 9)
        case ..<280: bits.writeCode(symbol - 256, count: 7)
        default: bits.writeCode(0xC0 + symbol - 280, count: 8)
        }
    }

    /// Writes that the last byte is repeated `length` times, 3 to 258.
    private static func writeRun(_ length: Int, _ bits: inout BitWriter) {
        if length == 258 {
            writeSymbol(285, &bits)
        } else if length < 11 {
            writeSymbol(254 + length, &bits)
        } else {
            // From 11 on four codes have one more bit each than the four before them.
            let extra = (length - 3).bitWidth - (length - 3).leadingZeroBitCount - 3
            writeSymbol(261 + 4 * extra + (((length - 3) >> extra) & 3), &bits)
            bits.write((length - 3) & ((1 << extra) - 1), count: extra)
        }
        // A distance of one byte.
        bits.writeCode(0, count: 5)
    }

    /// Returns the Adler-32 of bytes, from the highest byte to the lowest.
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var a: UInt32 = 1, b: UInt32 = 0
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return withUnsafeBytes(of: (b << 16 | a).bigEndian) { Array($0) }
    }

    private struct BitWriter {
        var bytes: [UInt8]
        private var held: UInt32 = 0
        private var heldCount = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        /// Writes the lowest bits of a number, from the lowest on.
        mutating func write(_ value: Int, count: Int) {
            held |= UInt32(value) << UInt32(heldCount)
            heldCount += count
            while heldCount >= 8 {
                bytes.append(UInt8(held & 255))
                held >>= 8
                heldCount -= 8
            }
        }

        /// Writes a code, from its highest bit on.
        mutating func writeCode(_ code: Int, count: Int) {
            for bit in stride(from: count - 1, through: 0, by: -1) { write(code >> bit & 1, count: 1) }
        }

        /// Fills the last byte.
        mutating func finish() { if heldCount > 0 { write(0, count: 8 - heldCount) } }
    }
}
