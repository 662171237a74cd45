import Datasets

/// The elements of a MATLAB file of level 5, which MATLAB's versions 5, 6 and 7 write.
///
/// A file begins with 116 bytes of text, 8 of an offset, the version and the letters MI as the writer's UInt16, which
/// tell the byte order. Then follow elements: a tag of type and length, and content. See "MAT-File Format", chapter 1,
/// https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf.
struct MATFile {
    /// Types of elements that are no numbers.
    static let matrixType = 14, compressedType = 15

    /// A tag and its content.
    struct Element {
        let type: Int
        let content: SourceBytes
        /// Where the next element begins.
        let end: Int
    }

    let source: SourceBytes
    let isBigEndian: Bool

    init(path: String) throws(DataError) {
        source = try SourceBytes(path: path, SourceKind.mat.description)
        let start = try source.prefix(512)
        guard start.count >= 128, SourceKind(start) == .mat || start[124...127].contains(0x49) else {
            throw source.error(wrongKind(start, expected: .mat))
        }
        switch (start[126], start[127]) {
        case (0x49, 0x4D): isBigEndian = false
        case (0x4D, 0x49): isBigEndian = true
        default: throw source.error(wrongKind(start, expected: .mat))
        }
        let version = start.number(at: 124, width: 2, isBigEndian: isBigEndian)
        guard version == 0x0100 else {
            throw source.error(
                version == 0x0200
                    ? "This is \(SourceKind.matlab73.description), which is HDF5 and needs no import: name it in "
                        + "data.file."
                    : "It is of version \(version); expected 256. Save it with save -v7.")
        }
    }

    /// Reads the tag at a place of some bytes; nil at their end.
    ///
    /// - Throws: an error if the element does not lie inside.
    func element(at place: Int, of bytes: SourceBytes) throws(DataError) -> Element? {
        guard place < bytes.count else { return nil }
        guard bytes.count - place >= 8 else { throw cutOff(bytes, place) }
        let tag = try bytes.bytes(place..<place + 8)
        let first = tag.number(at: 0, width: 4, isBigEndian: isBigEndian)
        // Up to four bytes of content are in the tag itself, and their number beside the type.
        let smallCount = Int(first >> 16)
        guard smallCount == 0 else {
            guard smallCount <= 4 else { throw cutOff(bytes, place) }
            return Element(
                type: Int(first & 0xFFFF), content: bytes.part(place + 4..<place + 4 + smallCount), end: place + 8)
        }
        let count = Int(tag.number(at: 4, width: 4, isBigEndian: isBigEndian)), start = place + 8
        guard count <= bytes.count - start else { throw cutOff(bytes, place) }
        // All but compressed elements are filled up to multiples of 8 bytes; the last need not be.
        let padding = first == MATFile.compressedType ? 0 : (8 - count % 8) % 8
        return Element(
            type: Int(first), content: bytes.part(start..<start + count), end: min(bytes.count, start + count + padding)
        )
    }

    /// Describes the arrays that have names, and the fields of structs as arrays `struct.field`.
    ///
    /// - Parameter output: the file beside which compressed arrays are unpacked to temporary ones.
    func arrays(beside output: String) throws(DataError) -> [StoredArray] {
        var arrays: [StoredArray] = [], place = 128
        while let element = try element(at: place, of: source) {
            place = element.end
            var matrix = element
            if element.type == MATFile.compressedType {
                let unpacked = try unpacked(element.content, beside: output)
                guard let inner = try self.element(at: 0, of: unpacked) else { continue }
                matrix = inner
            }
            guard matrix.type == MATFile.matrixType else { continue }
            try arrays.append(contentsOf: MATMatrix(matrix.content, of: self).arrays)
        }
        guard !arrays.isEmpty else { throw source.error("It holds no arrays. Check how the file was made.") }
        return arrays
    }

    /// Unpacks an element, which says at its beginning how long it is.
    private func unpacked(_ content: SourceBytes, beside output: String) throws(DataError) -> SourceBytes {
        let tag = try Inflater(content, .zlib).next(upTo: 8)
        guard tag.count == 8 else { throw cutOff(content, 0) }
        let byteCount = 8 + Int(tag.number(at: 4, width: 4, isBigEndian: isBigEndian))
        let spool = try SpoolWriter(beside: output)
        _ = try Inflater(content, .zlib).unpack(into: spool, atMost: byteCount + 8)
        return spool.bytes(place: content.place)
    }

    func cutOff(_ bytes: SourceBytes, _ place: Int) -> DataError {
        bytes.error(
            "The element at byte \(bytes.start + place) ends beyond the \(bytes.count) bytes there are: the file is "
                + "damaged or was cut off. Make or fetch it again.")
    }
}
