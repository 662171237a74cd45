import CHDF5

/// The rows of a dataset of numbers, along its first dimension or its last.
final class DatasetRows: RowSource {
    /// How numbers become others while they are read, as netCDF's packed ones do: x' = x * factor + offset.
    struct Packing {
        let factor: Double
        let offset: Double
        /// The number that stands for a missing value.
        let missing: Double?
    }

    private(set) var found: FoundRows
    private let dataset: HDF5Dataset
    /// The dimension of the file that counts the rows.
    private let dimension: Int
    /// The features that are read of each row, of `width` that it has; nil for all.
    private let columns: Range<Int>?
    private let width: Int
    private let packing: Packing?
    private let type: HDF5Dataset.MemoryType
    private let chunks: DeflatedChunks?
    private let allowsUnwritten: Bool

    /// - Parameter rowShape: the shape of a row in the file.
    init(
        _ dataset: HDF5Dataset, dimension: Int, rowShape: [Int], columns: Range<Int>?, packing: Packing?,
        _ permissions: HDF5Permissions, notes: [String]
    ) throws(DataError) {
        self.dataset = dataset
        self.dimension = dimension
        self.columns = columns
        self.packing = packing
        allowsUnwritten = permissions.unwritten
        width = rowShape.reduce(1, *)
        try dataset.requireNumbers()
        try dataset.requireFilters()
        let elementType = dataset.elementType ?? .float64
        let format = packing == nil ? dataset.valueType.format : .float64
        type = try dataset.memoryType(format)
        let layout = try dataset.layout()
        found = FoundRows(
            place: place(file: dataset.file, dataset: dataset.name), typeName: dataset.typeName,
            rowCount: dataset.extent.isEmpty ? 1 : dataset.extent[dimension],
            rowShape: columns.map { [$0.count] } ?? rowShape,
            elementType: packing == nil ? elementType : .float64, format: format,
            valueNames: dataset.valueType.names, marksMissing: packing?.missing != nil,
            blockRows: max(1, layout.chunkShape?[dimension] ?? 1), notes: notes)
        let isPlain = packing == nil && columns == nil && dimension == 0 && dataset.valueType.form == .numbers
        chunks = isPlain ? try DeflatedChunks(dataset, layout, format) : nil
        if isPlain, chunks == nil { found.rawOffset = try dataset.rawOffset(format, layout) }
    }

    /// Gives names to the values from 0 on, as files of bnexp do in an attribute.
    func name(values names: [String]) {
        found.valueNames = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0, $1) })
    }

    func requirePresent(_ rows: RowSet) throws(DataError) {
        if !allowsUnwritten { try dataset.requirePresent(rows, dimension: dimension) }
    }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        if let columns, dimension == 0, dataset.extent.count == 2, dataset.shape.count == 2 {
            try dataset.read([rows, columns], as: type, into: target)
        } else if let columns {
            let byteCount = found.format.byteCount, scratch = allocate(rows.count)
            defer { scratch.deallocate() }
            try readWhole(rows, into: scratch)
            for row in 0..<rows.count {
                (target + row * columns.count * byteCount).copyMemory(
                    from: scratch + (row * width + columns.lowerBound) * byteCount,
                    byteCount: columns.count * byteCount)
            }
        } else {
            try readWhole(rows, into: target)
        }
        if let packing { unpack(packing, target, count: rows.count * found.featureCount) }
    }

    private func allocate(_ rowCount: Int) -> UnsafeMutableRawPointer {
        .allocate(byteCount: max(1, rowCount * width * found.format.byteCount), alignment: 16)
    }

    /// Reads rows with all their features.
    private func readWhole(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        if let chunks, try chunks.read(rows, into: target) { return }
        if dataset.extent.isEmpty {
            try dataset.read([], as: type, into: target)
        } else if dimension == 0 || width == 1 {
            try dataset.read(dataset.box(rows: rows, dimension: dimension), as: type, into: target)
        } else {
            let scratch = allocate(rows.count)
            defer { scratch.deallocate() }
            try dataset.read(dataset.box(rows: rows, dimension: dimension), as: type, into: scratch)
            switch found.format.byteCount {
            case 1: transpose(scratch, into: target, rows: rows.count, width: width, UInt8.self)
            case 2: transpose(scratch, into: target, rows: rows.count, width: width, UInt16.self)
            case 4: transpose(scratch, into: target, rows: rows.count, width: width, UInt32.self)
            default: transpose(scratch, into: target, rows: rows.count, width: width, UInt64.self)
            }
        }
    }
}

private func unpack(_ packing: DatasetRows.Packing, _ target: UnsafeMutableRawPointer, count: Int) {
    let numbers = target.bindMemory(to: Double.self, capacity: count)
    for index in 0..<count {
        numbers[index] =
            numbers[index] == packing.missing ? .nan : numbers[index] * packing.factor + packing.offset
    }
}

/// Overwrites `target` (rows x width) with the transpose of `source` (width x rows).
private func transpose<Element: BitwiseCopyable>(
    _ source: UnsafeMutableRawPointer, into target: UnsafeMutableRawPointer, rows: Int, width: Int, _: Element.Type
) {
    let source = source.bindMemory(to: Element.self, capacity: rows * width)
    let target = target.bindMemory(to: Element.self, capacity: rows * width)
    // Blocks that fit into the cache.
    for firstRow in stride(from: 0, to: rows, by: 32) {
        for column in 0..<width {
            for row in firstRow..<min(firstRow + 32, rows) {
                target[row * width + column] = source[column * rows + row]
            }
        }
    }
}

extension HDF5ValueType {
    /// What values are kept as: what the file has, or for other widths the next wider that holds them; integers beyond
    /// 2^53 are rounded.
    var format: NumberFormat {
        guard let type = elementType else { return .float64 }
        return switch (type.kind, type.byteCount) {
        case (.boolean, _): form == .bits ? .uint8 : .int8
        case (.unsigned, 1): .uint8
        case (.unsigned, 2): .uint16
        case (.unsigned, ...4): .uint32
        case (.signed, 1): .int8
        case (.signed, 2): .int16
        case (.signed, ...4): .int32
        case (.floating, 2): name.hasSuffix("bfloat16") ? .bfloat16 : name.hasSuffix("float16") ? .float16 : .float32
        case (.floating, ...4): .float32
        default: .float64
        }
    }
}

extension HDF5Dataset {
    /// The type in memory of a format.
    fileprivate func memoryType(_ format: NumberFormat) throws(DataError) -> MemoryType {
        switch format {
        case .float16, .bfloat16:
            // The library has no such type of its own: the file's, in this machine's byte order.
            var type = try numberType()
            if case .arrays = valueType.form {
                let array = type
                type = try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { H5Tget_super(array.id) }
            }
            let copy = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) { [type] in H5Tcopy(type.id) }
            try copy.check("prepare to read") { H5Tset_order($0, bnexp_native_order()) }
            guard case .arrays(let lengths) = valueType.form else { return MemoryType(copy) }
            return MemoryType(
                try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) {
                    H5Tarray_create2(copy.id, UInt32(lengths.count), lengths.map { hsize_t($0) })
                })
        default:
            return try MemoryType(
                of: self,
                numbers: HDF5Library.serialized {
                    switch format {
                    case .uint8: bnexp_native_uint8()
                    case .int8: bnexp_native_int8()
                    case .uint16: bnexp_native_uint16()
                    case .int16: bnexp_native_int16()
                    case .uint32: bnexp_native_uint32()
                    case .int32: bnexp_native_int32()
                    case .float32: bnexp_native_float()
                    case .float16, .bfloat16, .float64: bnexp_native_double()
                    }
                })
        }
    }

    /// The type of the elements; of an enumeration its integers'.
    private func numberType() throws(DataError) -> HDF5Handle {
        let type = try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id)
        }
        guard try type.check("see its type", { H5Tget_class($0).rawValue }) == H5T_ENUM.rawValue else { return type }
        return try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { H5Tget_super(type.id) }
    }

    /// Whether the elements are in the file as they are in memory, but for the order of their bytes: no bits to spare,
    /// and IEEE's floating types.
    func hasPlainElements(_ format: NumberFormat) throws(DataError) -> Bool {
        let type = try numberType()
        guard try type.check("see its type", { Int(H5Tget_size($0)) }) == format.byteCount,
            try type.check("see its type", { Int(H5Tget_precision($0)) }) == format.byteCount * 8,
            try type.check("see its type", { H5Tget_offset($0) }) == 0
        else { return false }
        let fields: (exponent: Int, exponentBits: Int, significandBits: Int)
        switch format {
        case .float16: fields = (10, 5, 10)
        case .bfloat16: fields = (7, 8, 7)
        case .float32: fields = (23, 8, 23)
        case .float64: fields = (52, 11, 52)
        default: return valueType.elementType?.isInteger == true
        }
        guard valueType.elementType?.isInteger == false else { return false }
        var sign = 0, exponent = 0, exponentBits = 0, significand = 0, significandBits = 0
        try type.check("see its type") {
            H5Tget_fields($0, &sign, &exponent, &exponentBits, &significand, &significandBits)
        }
        return sign == format.byteCount * 8 - 1 && significand == 0
            && (exponent, exponentBits, significandBits) == fields
    }

    func isInThisMachinesOrder() throws(DataError) -> Bool {
        let type = try numberType()
        let order = try type.check("see its type") { H5Tget_order($0).rawValue }
        let isByte = try type.check("see its type") { Int(H5Tget_size($0)) } == 1
        return isByte || order == bnexp_native_order().rawValue
    }

    /// Where the values begin in the file, if they are there one after the other as they are in memory; nil otherwise.
    fileprivate func rawOffset(_ format: NumberFormat, _ layout: HDF5Layout) throws(DataError) -> Int? {
        guard layout.isContiguous, try hasPlainElements(format), try isInThisMachinesOrder() else { return nil }
        let offset = HDF5Library.serialized { H5Dget_offset(handle.id) }
        return offset == bnexp_no_address() ? nil : Int(exactly: offset)
    }
}
