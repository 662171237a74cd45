import Datasets

extension StoredArray {
    /// Describes the array of an npy file, which may be a member of an archive.
    ///
    /// - Parameters:
    ///   - name: of the array; empty for a file of its own.
    ///   - start: the first `NPYHeader.mostBytes` bytes of the file, or all that it has.
    ///   - byteCount: the length of the file.
    ///   - content: gives the file, once its values are needed.
    /// - Throws: an error if the header is damaged, or if the file has more or fewer bytes than it says.
    init(
        npy name: String, place: String, start: [UInt8], byteCount fileLength: Int,
        content: @escaping () throws(DataError) -> SourceBytes
    ) throws(DataError) {
        let header = try NPYHeader(start, place: place)
        func made(_ content: Content) -> StoredArray {
            StoredArray(name: name, place: place, shape: header.shape, content: content)
        }
        let type = NumpyType(header.typeCode)
        guard case .usable(let element, let isBigEndian) = type else {
            if case .unusable(let what, let remedy) = type {
                self = made(.unusable(what: what, remedy: remedy))
                return
            }
            throw DataError("\(place): Its type \(header.typeCode ?? "") is unknown. Save it with numpy.save.")
        }
        let expected = datasetByteCount(header.shape, element, after: header.dataOffset)
        guard let expected, expected == fileLength else {
            let found = "It has \(fileLength) bytes; expected"
            let values = "\(describe(shape: header.shape)) values of \(element.name)"
            guard let expected else { throw DataError("\(place): \(found) \(values), which no file holds.") }
            throw DataError(
                "\(place): \(found) \(expected), for its header and \(values). "
                    + (fileLength < expected
                        ? "It was cut off: make or fetch it again."
                        : "Something was appended to it: save each array to a file of its own, or all with "
                            + "numpy.savez.")
            )
        }
        let layout = Layout(isBigEndian: isBigEndian, isColumnMajor: header.isColumnMajor && header.shape.count > 1)
        self = made(
            .elements(element, layout) { () throws(DataError) in
                let bytes = try content()
                return bytes.part(header.dataOffset..<bytes.count, place: place)
            })
    }

    /// Describes the array of an npy file.
    init(npyFile path: String) throws(DataError) {
        let source = try SourceBytes(path: path, SourceKind.npy.description)
        let start = try source.prefix(NPYHeader.mostBytes)
        try self.init(npy: "", place: path, start: start, byteCount: source.count) { () throws(DataError) in source }
    }
}

private func datasetByteCount(_ shape: [Int], _ element: StoredArray.Element, after offset: Int) -> Int? {
    guard let count = byteCount(of: shape, bytesEach: element.byteCount) else { return nil }
    let (sum, hasOverflow) = count.addingReportingOverflow(offset)
    return hasOverflow ? nil : sum
}

/// A type as NumPy writes it: the byte order, the kind and the number of bytes or characters.
private enum NumpyType {
    case usable(StoredArray.Element, isBigEndian: Bool)
    case unusable(what: String, remedy: String)
    case unknown

    init(_ code: String?) {
        guard let code else {
            self = .unusable(
                what: "a structured array",
                remedy: "Save the fields as one matrix of numbers: numpy.lib.recfunctions."
                    + "structured_to_unstructured(array).astype('float32').")
            return
        }
        guard let match = code.wholeMatch(of: /([<>|=]?)([a-zA-Z?])([0-9]{0,9})(\[.*\])?/) else {
            self = .unknown
            return
        }
        let order = match.1, kind = match.2, isBigEndian = order == ">", count = Int(match.3) ?? 0
        func number(_ kind: ElementType.Kind, _ byteCounts: [Int]) -> NumpyType {
            byteCounts.contains(count)
                ? .usable(.number(ElementType(kind, byteCount: count)), isBigEndian: isBigEndian) : .unknown
        }
        func refused(_ what: String, _ type: String) -> NumpyType {
            .unusable(what: "\(what) (\(code))", remedy: "Save it with numpy.save(path, \(type)).")
        }
        self =
            switch kind {
            case "?": .usable(.number(.boolean), isBigEndian: false)
            case "b": number(.boolean, [1])
            case "i": number(.signed, [1, 2, 4, 8])
            case "u": number(.unsigned, [1, 2, 4, 8])
            case "f" where count > 8: refused("of extended precision", "array.astype('float64')")
            case "f": number(.floating, [2, 4, 8])
            case "S" where count > 0: .usable(.utf8(count), isBigEndian: false)
            case "U" where count > 0: .usable(.utf32(count), isBigEndian: isBigEndian)
            case "S", "U": refused("an array of empty texts", "array.astype('float32')")
            case "O":
                .unusable(
                    what: "an array of Python objects (\(code))",
                    remedy: "Save it with numpy.save(path, array.astype('float32')), names with array.astype('U').")
            case "c": refused("complex", "numpy.stack([array.real, array.imag], axis=-1)")
            case "M": refused("an array of dates", "array.astype('int64')")
            case "m": refused("an array of durations", "array.astype('int64')")
            case "V": refused("an array of raw bytes", "array.astype('float32')")
            default: .unknown
            }
    }
}
