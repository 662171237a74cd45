import Datasets
import Foundation

/// The list of members at the end of a zip archive, with the extension ZIP64 for large ones.
///
/// Sizes are taken from there, so that members whose own headers lack them are read too. See PKWARE's APPNOTE.TXT,
/// section 4.3.
struct ZIPArchive {
    let members: [ZIPMember]

    init(_ source: SourceBytes) throws(DataError) {
        let directory = try ZIPArchive.directory(of: source)
        var members: [ZIPMember] = [], next = 0
        while next < directory.count {
            guard directory.count - next >= 46, directory.number(at: next, width: 4) == 0x0201_4B50 else {
                throw damaged(source, "its list of members is no such list at byte \(next)")
            }
            let lengths = [28, 30, 32].map { Int(directory.number(at: next + $0, width: 2)) }
            let end = next + 46 + lengths.reduce(0, +)
            guard end <= directory.count else { throw damaged(source, "its list of members ends too early") }
            members.append(
                try ZIPMember(
                    entry: Array(directory[next..<end]), nameLength: lengths[0], extraLength: lengths[1], in: source))
            next = end
        }
        self.members = members
    }

    /// The bytes of the central directory, which lies before the record that ends the archive.
    private static func directory(of source: SourceBytes) throws(DataError) -> [UInt8] {
        let tailStart = max(0, source.count - (22 + 0xFFFF))
        let tail = try source.bytes(tailStart..<source.count)
        // A comment may follow, and hold anything.
        let found = stride(from: tail.count - 22, through: 0, by: -1).first { place in
            tail.number(at: place, width: 4) == 0x0605_4B50
                && place + 22 + Int(tail.number(at: place + 20, width: 2)) == tail.count
        }
        guard let found else {
            throw damaged(source, "the list of its members, which ends such an archive, is missing")
        }
        var byteCount = tail.number(at: found + 12, width: 4), offset = tail.number(at: found + 16, width: 4)
        if byteCount == 0xFFFF_FFFF || offset == 0xFFFF_FFFF || tail.number(at: found + 10, width: 2) == 0xFFFF,
            found >= 20, tail.number(at: found - 20, width: 4) == 0x0706_4B50
        {
            let place = tail.number(at: found - 12, width: 8)
            guard let start = Int(exactly: place), start <= source.count - 56,
                case let record = try source.bytes(start..<start + 56), record.number(at: 0, width: 4) == 0x0606_4B50
            else { throw damaged(source, "its ZIP64 record is missing") }
            byteCount = record.number(at: 40, width: 8)
            offset = record.number(at: 48, width: 8)
        }
        guard let start = Int(exactly: offset), let count = Int(exactly: byteCount), start <= source.count,
            count <= source.count - start, count <= 1 << 26
        else { throw damaged(source, "its list of members lies outside") }
        return try source.bytes(start..<start + count)
    }
}

/// A file in a zip archive.
struct ZIPMember {
    let name: String
    /// The length of the file when it is unpacked.
    let byteCount: Int
    let isCompressed: Bool
    private let checksum: UInt32
    private let packed: SourceBytes

    fileprivate init(entry: [UInt8], nameLength: Int, extraLength: Int, in source: SourceBytes) throws(DataError) {
        name = String(decoding: entry[46..<46 + nameLength], as: UTF8.self)
        let place = "\(source.place), member '\(name)'"
        func error(_ problem: String) -> DataError { DataError("\(place): \(problem)") }
        var packedCount = entry.number(at: 20, width: 4), count = entry.number(at: 24, width: 4)
        var offset = entry.number(at: 42, width: 4)
        checksum = UInt32(entry.number(at: 16, width: 4))

        // What does not fit is in the extra field 1, in this order.
        let extra = Array(entry[46 + nameLength..<46 + nameLength + extraLength])
        if let field = extraField(1, in: extra) {
            var rest = field[...]
            func replace(_ number: inout UInt64) {
                guard number == 0xFFFF_FFFF, rest.count >= 8 else { return }
                number = Array(rest.prefix(8)).number(at: 0, width: 8)
                rest = rest.dropFirst(8)
            }
            replace(&count)
            replace(&packedCount)
            replace(&offset)
        }
        guard entry.number(at: 8, width: 2) & 1 == 0 else { throw error("It is encrypted. Unpack the archive first.") }
        let method = entry.number(at: 10, width: 2)
        guard method == 0 || method == 8 else {
            throw error(
                "It is compressed by method \(method); expected none or deflate. Save it with numpy.savez_compressed.")
        }
        isCompressed = method == 8
        guard let start = Int(exactly: offset), start <= source.count - 30 else {
            throw error("It lies outside of the archive, which is damaged or was cut off. Make or fetch it again.")
        }
        let header = try source.bytes(start..<start + 30)
        guard header.number(at: 0, width: 4) == 0x0403_4B50 else {
            throw error("Its header is not where the archive says, which is damaged. Make or fetch it again.")
        }
        let dataStart = start + 30 + Int(header.number(at: 26, width: 2)) + Int(header.number(at: 28, width: 2))
        guard let packedCount = Int(exactly: packedCount), let count = Int(exactly: count),
            dataStart <= source.count, packedCount <= source.count - dataStart, isCompressed || packedCount == count
        else {
            throw error("It ends outside of the archive, which is damaged or was cut off. Make or fetch it again.")
        }
        byteCount = count
        packed = source.part(dataStart..<dataStart + packedCount, place: place)
    }

    var place: String { packed.place }

    /// The first bytes of the unpacked file, up to `limit`.
    func prefix(_ limit: Int) throws(DataError) -> [UInt8] {
        isCompressed ? try Inflater(packed, .none).next(upTo: limit) : try packed.prefix(limit)
    }

    /// The unpacked file, of which the checksum is right; a compressed one is in a temporary file.
    func content(beside output: String) throws(DataError) -> SourceBytes {
        var sum: UInt32 = 0
        let content: SourceBytes
        if isCompressed {
            let spool = try SpoolWriter(beside: output)
            sum = try Inflater(packed, .none).unpack(into: spool, atMost: byteCount)
            content = spool.bytes(place: place)
        } else {
            content = packed
            let pieceLength = 1 << 20
            for start in stride(from: 0, to: packed.count, by: pieceLength) {
                sum = updated(sum, with: try packed.bytes(start..<min(packed.count, start + pieceLength)))
            }
        }
        guard content.count == byteCount, sum == checksum else {
            throw DataError(
                "\(place): Its bytes are not those that were packed: length or checksum differ. "
                    + "Make or fetch the archive again.")
        }
        return content
    }
}

/// A part of the extra field of a member, which is a sequence of a number, a length and content.
private func extraField(_ wanted: UInt64, in extra: [UInt8]) -> [UInt8]? {
    var next = 0
    while extra.count - next >= 4 {
        let number = extra.number(at: next, width: 2), length = Int(extra.number(at: next + 2, width: 2))
        guard length <= extra.count - next - 4 else { return nil }
        if number == wanted { return Array(extra[next + 4..<next + 4 + length]) }
        next += 4 + length
    }
    return nil
}

private func damaged(_ source: SourceBytes, _ what: String) -> DataError {
    source.error("The archive is damaged or was cut off: \(what). Make or fetch it again.")
}
