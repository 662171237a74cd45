import Datasets
import Support

/// Writes arrays as `numpy.savez` does: an uncompressed zip archive with an npy file, version 1, for each.
///
/// See https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html and PKWARE's APPNOTE.TXT. The bytes
/// depend on what is written alone: members have the date 1980-01-01.
package struct NPZWriter {
    private var archive: [UInt8] = []
    private var directory: [UInt8] = []
    private var memberCount = 0

    package init() {}

    /// Adds an array of float64 or int64.
    package mutating func write(_ values: [Double], shape: [Int], isInteger: Bool = false, to name: String) {
        precondition(values.count == shape.reduce(1, *))
        let bits = values.map { isInteger ? UInt64(bitPattern: Int64($0)) : $0.bitPattern }
        add(name, type: isInteger ? "<i8" : "<f8", shape, bits.flatMap { bytes($0, 8) })
    }

    /// Adds a text, which `str(array)` gives back.
    package mutating func write(_ text: String, to name: String) {
        let units = text.unicodeScalars.map { bytes(UInt64($0.value), 4) }
        add(name, type: "<U\(max(1, units.count))", [], units.isEmpty ? [0, 0, 0, 0] : units.flatMap { $0 })
    }

    /// Writes the archive to a file, which takes its name when it is complete; `-` is standard output.
    package func finish(_ path: String) throws(Failure) {
        let output = try OutputFile(path: path)
        let end =
            bytes(0x0605_4B50, 4) + bytes(0, 4) + bytes(UInt64(memberCount), 2) + bytes(UInt64(memberCount), 2)
            + bytes(UInt64(directory.count), 4) + bytes(UInt64(archive.count), 4) + bytes(0, 2)
        try output.write(archive + directory + end)
        try output.finish()
    }

    private mutating func add(_ name: String, type: String, _ shape: [Int], _ content: [UInt8]) {
        let lengths = shape.map { "\($0)," }.joined(separator: " ")
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }"
        // Values begin at a multiple of 64 bytes.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let file = NPYHeader.magic + [1, 0] + bytes(UInt64(header.utf8.count), 2) + Array(header.utf8) + content
        let member = Array("\(name).npy".utf8), offset = archive.count
        // Version, flags, no compression, time, date, checksum, sizes, length of the name, nothing extra.
        let common =
            bytes(20, 2) + bytes(0x800, 2) + bytes(0, 2) + bytes(0, 2) + bytes(0x21, 2)
            + bytes(UInt64(updated(0, with: file)), 4) + bytes(UInt64(file.count), 4) + bytes(UInt64(file.count), 4)
            + bytes(UInt64(member.count), 2) + bytes(0, 2)
        archive += bytes(0x0403_4B50, 4) + common + member + file
        directory +=
            bytes(0x0201_4B50, 4) + bytes(20, 2) + common + bytes(0, 2) + bytes(0, 2) + bytes(0, 2) + bytes(0, 4)
            + bytes(UInt64(offset), 4) + member
        memberCount += 1
    }
}

/// A number in little-endian bytes.
private func bytes(_ number: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
}
