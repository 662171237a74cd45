import Datasets

/// One array of a MATLAB file: flags, dimensions, name, and what its class has.
struct MATMatrix {
    private let file: MATFile
    private let bytes: SourceBytes
    private let flags: Int
    private let matrixClass: MatrixClass?
    private let shape: [Int]
    private let ownName: String
    /// Where the parts begin that the class has.
    private let bodyStart: Int

    enum MatrixClass: Int {
        case cell = 1, structure, object, char, sparse, double, single, int8, uint8, int16, uint16, int32, uint32,
            int64,
            uint64, function, opaque

        var name: String {
            switch self {
            case .cell: "a cell array"
            case .structure: "a struct"
            case .object: "an object"
            case .function: "a function"
            case .opaque: "an object, such as a table, string or categorical array"
            default: "\(self)"
            }
        }
    }

    /// - Parameter bytes: the content of an element of the type for arrays.
    init(_ bytes: SourceBytes, of file: MATFile) throws(DataError) {
        self.file = file
        self.bytes = bytes
        guard let flagPart = try file.element(at: 0, of: bytes), flagPart.content.count == 8 else {
            throw bytes.error("An array has no flags: the file is damaged. Save it again.")
        }
        flags = Int(
            try flagPart.content.bytes(0..<8).number(at: 0, width: 4, isBigEndian: file.isBigEndian))
        matrixClass = MatrixClass(rawValue: flags & 0xFF)
        if matrixClass == .opaque {
            // These have names where others have dimensions.
            shape = []
            let name = try file.element(at: flagPart.end, of: bytes)
            ownName = try name.map { name throws(DataError) in try text(name.content) } ?? ""
            bodyStart = bytes.count
            return
        }
        guard let dimensions = try file.element(at: flagPart.end, of: bytes), dimensions.content.count <= 128,
            let name = try file.element(at: dimensions.end, of: bytes)
        else { throw bytes.error("An array has no dimensions or no name: the file is damaged. Save it again.") }
        let lengths = try dimensions.content.bytes(0..<dimensions.content.count)
        shape = stride(from: 0, to: lengths.count - 3, by: 4).map {
            Int(lengths.number(at: $0, width: 4, isBigEndian: file.isBigEndian))
        }
        guard shape.count >= 2, shape.allSatisfy({ $0 <= Int32.max }) else {
            throw bytes.error(
                "An array has the dimensions \(shape), which cannot be: the file is damaged. Save it again.")
        }
        ownName = try text(name.content)
        bodyStart = name.end
    }

    /// The array, or one for each field if it is a scalar struct; none if it has no name.
    var arrays: [StoredArray] {
        get throws(DataError) {
            // MATLAB's own, for objects.
            guard !ownName.isEmpty else { return [] }
            guard matrixClass == .structure, shape == [1, 1] else { return [try array(named: ownName)] }
            return try fields.map { name, matrix throws(DataError) in try matrix.array(named: "\(ownName).\(name)") }
        }
    }

    private func array(named name: String) throws(DataError) -> StoredArray {
        let place = "\(file.source.place), array '\(name)'"
        func made(_ content: StoredArray.Content, _ ownShape: [Int]? = nil) -> StoredArray {
            StoredArray(name: name, place: place, shape: ownShape ?? shape, content: content)
        }
        func unusable(_ what: String) -> StoredArray {
            made(
                .unusable(
                    what: what,
                    remedy: "Save a matrix of numbers, or targets as a cell array of texts: cellstr(string(...))."
                ))
        }
        guard let matrixClass else { return unusable("of the unknown class \(flags & 0xFF)") }
        if flags & 0x0800 != 0 {
            return made(.unusable(what: "complex", remedy: "Save its parts: [real(X) imag(X)]."))
        }
        switch matrixClass {
        case .structure, .object, .function, .opaque: return unusable(matrixClass.name)
        case .cell:
            guard let texts = try cellTexts(place) else { return unusable("a cell array of other things than texts") }
            return made(.texts(texts))
        case .sparse: return made(.sparse(try sparseColumns(place)))
        default: break
        }
        if matrixClass == .char, let rows = try encodedRows(made) { return rows }
        guard let part = try file.element(at: bodyStart, of: bytes), let type = storedType(part.type) else {
            throw DataError(
                "\(place): Its values are missing or of an unknown type: the file is damaged. Save it again.")
        }
        guard byteCount(of: shape, bytesEach: type.byteCount) == part.content.count else {
            throw DataError(
                "\(place): It has \(part.content.count) bytes; expected \(describe(shape: shape)) values of "
                    + "\(type.name). The file is damaged: save it again.")
        }
        let layout = StoredArray.Layout(isBigEndian: file.isBigEndian, isColumnMajor: true)
        let content = part.content.part(0..<part.content.count, place: place)
        if matrixClass == .char { return try charRows(made, type, content, layout) }
        // MATLAB stores whole numbers in the smallest type that holds them, whatever the class.
        let isLogical = flags & 0x0200 != 0 && type.byteCount == 1
        return made(.elements(.number(isLogical ? .boolean : type), layout) { () throws(DataError) in content })
    }

    /// A char array is N texts of the length of its second dimension, of units of one or two bytes.
    private func charRows(
        _ made: (StoredArray.Content, [Int]?) -> StoredArray, _ type: ElementType, _ content: SourceBytes,
        _ layout: StoredArray.Layout
    ) throws(DataError) -> StoredArray {
        guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[1] <= 1 << 16, type.byteCount <= 2 else {
            return made(.unusable(what: "a char array of \(describe(shape: shape))", remedy: "Save cellstr(...)."), nil)
        }
        let element = StoredArray.Element.characters(shape[1], unitByteCount: type.byteCount)
        return made(.elements(element, layout) { () throws(DataError) in content }, [shape[0]])
    }

    /// A char matrix whose characters are not one unit each; nil for others.
    private func encodedRows(_ made: (StoredArray.Content, [Int]?) -> StoredArray) throws(DataError) -> StoredArray? {
        guard shape.count == 2, shape[0] > 0, shape[1] > 0, let part = try file.element(at: bodyStart, of: bytes) else {
            return nil
        }
        let width = storedType(part.type)?.byteCount
        guard width == nil || byteCount(of: shape, bytesEach: width ?? 1) != part.content.count else { return nil }
        guard let text = try MATCharacters.text(part, isBigEndian: file.isBigEndian),
            let rows = MATCharacters.rows(of: text, shape[0], shape[1])
        else {
            return made(
                .unusable(
                    what: "a char array whose \(part.content.count) bytes are no \(describe(shape: shape)) characters",
                    remedy: "Save it again, or cellstr(...)."), nil)
        }
        return made(.texts(rows), [shape[0]])
    }

    /// The texts of a cell array; nil if a cell holds something else.
    private func cellTexts(_ place: String) throws(DataError) -> [String]? {
        var texts: [String] = [], next = bodyStart
        guard let count = byteCount(of: shape, bytesEach: 1) else { return nil }
        while let cell = try file.element(at: next, of: bytes) {
            guard cell.type == MATFile.matrixType, cell.content.count > 0 else { return nil }
            let matrix = try MATMatrix(cell.content, of: file)
            guard matrix.matrixClass == .char, matrix.shape.count == 2, matrix.shape[0] <= 1,
                let part = try file.element(at: matrix.bodyStart, of: cell.content),
                let text = try MATCharacters.text(part, isBigEndian: file.isBigEndian)
            else { return nil }
            texts.append(text)
            next = cell.end
        }
        guard texts.count == count else {
            throw DataError("\(place): It has \(texts.count) of \(count) cells: the file is damaged. Save it again.")
        }
        return texts
    }

    /// The rows of the entries, where each column begins among them, and the entries.
    private func sparseColumns(_ place: String) throws(DataError) -> SparseColumns {
        guard shape.count == 2, let rows = try file.element(at: bodyStart, of: bytes),
            let starts = try file.element(at: rows.end, of: bytes),
            let values = try file.element(at: starts.end, of: bytes), let type = storedType(values.type),
            [5, 6].contains(rows.type), [5, 6].contains(starts.type)
        else {
            throw DataError("\(place): A part of the sparse matrix is missing: the file is damaged. Save it again.")
        }
        return SparseColumns(
            columnCount: shape[1], rows: rows.content, starts: starts.content, values: values.content, type: type,
            isBigEndian: file.isBigEndian)
    }

    /// The fields of a scalar struct.
    private var fields: [(String, MATMatrix)] {
        get throws(DataError) {
            func damaged() -> DataError {
                DataError("\(file.source.place), struct '\(ownName)': Its fields are damaged. Save it again.")
            }
            guard let lengthPart = try file.element(at: bodyStart, of: bytes), lengthPart.content.count == 4,
                let namePart = try file.element(at: lengthPart.end, of: bytes), namePart.content.count <= 1 << 20
            else { throw damaged() }
            let length = Int(
                try lengthPart.content.bytes(0..<4).number(at: 0, width: 4, isBigEndian: file.isBigEndian))
            guard length > 0, namePart.content.count % length == 0 else { throw damaged() }
            var result: [(String, MATMatrix)] = [], next = namePart.end
            for start in stride(from: 0, to: namePart.content.count, by: length) {
                guard let field = try file.element(at: next, of: bytes), field.type == MATFile.matrixType else {
                    throw damaged()
                }
                let name = try text(namePart.content.part(start..<start + length))
                next = field.end
                // An empty field has no content.
                if field.content.count > 0 { result.append((name, try MATMatrix(field.content, of: file))) }
            }
            return result
        }
    }
}

/// A name of up to 1,000 bytes, which may be filled up with zeros.
private func text(_ bytes: SourceBytes) throws(DataError) -> String {
    String(decoding: try bytes.prefix(1000).prefix { $0 != 0 }, as: UTF8.self)
}

/// The type of numbers that an element holds, by its number; nil if it holds others.
private func storedType(_ number: Int) -> ElementType? {
    switch number {
    case 1: ElementType(.signed, byteCount: 1)
    case 2, 16: ElementType(.unsigned, byteCount: 1)
    case 3: ElementType(.signed, byteCount: 2)
    case 4, 17: ElementType(.unsigned, byteCount: 2)
    case 5: ElementType(.signed, byteCount: 4)
    case 6: ElementType(.unsigned, byteCount: 4)
    case 7: .float32
    case 9: .float64
    case 12: ElementType(.signed, byteCount: 8)
    case 13: ElementType(.unsigned, byteCount: 8)
    default: nil
    }
}
