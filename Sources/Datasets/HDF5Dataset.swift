import CHDF5
import Foundation

/// One dataset of an open file: its shape, its type and its values.
package final class HDF5Dataset {
    package let file: String
    package let name: String
    /// The lengths of the dimensions, rows first, those of arrays in each element last; empty for a scalar.
    package let shape: [Int]
    /// The type of the numbers; nil if the dataset does not hold numbers.
    package var elementType: ElementType? { valueType.elementType }
    /// The name of the type for people: `uint8`, `float32`, `string`, `compound`.
    package var typeName: String { valueType.name }
    let valueType: HDF5ValueType
    let handle: HDF5Handle

    init(file: HDF5File, name: String) throws(DataError) {
        let place = place(file: file.path, dataset: name)
        do {
            handle = try HDF5Handle(place, "open it", closing: H5Dclose) { [file = file.handle] in
                H5Dopen2(file.id, name, 0)
            }
        } catch {
            if isOfNewerFormat(error.message) { throw DataError(file: file.path, dataset: name, newerFormat) }
            guard let kind = file.kind(of: name), kind != "dataset" else { throw error }
            let what = kind == "group" ? try file.holdings(ofGroup: name) : "It is a \(kind); expected a dataset."
            throw DataError(file: file.path, dataset: name, what)
        }
        self.file = file.path
        self.name = name
        let type = try HDF5Handle(place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id) }
        valueType = try HDF5ValueType(type)
        var shape = try extent(
            of: HDF5Handle(place, "see its shape", closing: H5Sclose) { [handle] in H5Dget_space(handle.id) })
        if case .arrays(let lengths) = valueType.form { shape += lengths }
        self.shape = shape
    }

    /// Reads all values, rows first, converted to `Element`.
    package func read<Element: HDF5Element>(_: Element.Type = Element.self) throws(DataError) -> [Element] {
        let count = try checkReadable(as: Element.self)
        var elements: [Element] = [], problem: DataError?
        elements = [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            do throws(DataError) {
                try readChecked(into: UnsafeMutableBufferPointer(start: buffer.baseAddress, count: count))
                initializedCount = count
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        return elements
    }

    /// Reads values into `buffer`, which must have as many elements as are asked for.
    ///
    /// - Parameters:
    ///   - rows: which are read; nil for all.
    ///   - progress: called before each block of rows.
    package func read<Element: HDF5Element>(
        into buffer: UnsafeMutableBufferPointer<Element>, rows: Range<Int>? = nil, progress: () -> Void = {}
    ) throws(DataError) {
        let wanted = try checkReadable(as: Element.self, rows: rows)
        precondition(buffer.count == wanted, "\(handle.place) has \(wanted) elements, the buffer \(buffer.count)")
        try readChecked(into: buffer, rows: rows, progress: progress)
    }

    private func readChecked<Element: HDF5Element>(
        into buffer: UnsafeMutableBufferPointer<Element>, rows: Range<Int>? = nil, progress: () -> Void = {}
    ) throws(DataError) {
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
        guard case .bits = valueType.form, Element.self != UInt8.self else {
            return try readNumbers(into: base, rows: rows, progress: progress)
        }
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: buffer.count)
        defer { bytes.deallocate() }
        try readChecked(into: bytes, rows: rows, progress: progress)
        for index in bytes.indices { buffer[index] = Element(bytes[index]) }
    }

    private func readNumbers<Element: HDF5Element>(
        into base: UnsafeMutablePointer<Element>, rows: Range<Int>?, progress: () -> Void
    ) throws(DataError) {
        var type = HDF5Library.serialized { Element.memoryType }
        var arrayType: HDF5Handle?
        switch valueType.form {
        case .bits: type = HDF5Library.serialized { bnexp_native_byte() }
        case .arrays(let lengths):
            arrayType = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) {
                H5Tarray_create2(type, UInt32(lengths.count), lengths.map { hsize_t($0) })
            }
        default: break
        }
        defer { withExtendedLifetime(arrayType) {} }
        let memoryType = arrayType?.id ?? type
        try readBlocks(rows: rows, bytesEach: MemoryLayout<Element>.stride, progress) { start, memorySpace, fileSpace in
            H5Dread(handle.id, memoryType, memorySpace, fileSpace, 0, base + start)
        }
    }

    /// Calls `read` with the spaces of each block of rows in turn, and the number of values before it.
    ///
    /// Blocks begin where chunks do, so that none is read twice.
    func readBlocks(
        rows: Range<Int>?, bytesEach: Int, _ progress: () -> Void,
        _ read: (_ start: Int, _ memorySpace: hid_t, _ fileSpace: hid_t) -> herr_t
    ) throws(DataError) {
        guard let rowCount = shape.first else {
            progress()
            try handle.check("read its values") { _ in read(0, 0, 0) }
            return
        }
        let space = try HDF5Handle(handle.place, "see its shape", closing: H5Sclose) { [handle] in
            H5Dget_space(handle.id)
        }
        let rank = Int(try space.check("see its rank") { H5Sget_simple_extent_ndims($0) })
        let width = shape.dropFirst().reduce(1, *), wanted = rows ?? 0..<rowCount
        let chunkRows = max(1, try layout().chunkShape?.first ?? 1)
        // Of some 64 MB.
        let blockRows = max(1, (1 << 26) / max(1, width * bytesEach) / chunkRows) * chunkRows
        var next = wanted.lowerBound
        while next < wanted.upperBound {
            progress()
            let end = min(wanted.upperBound, (next / blockRows + 1) * blockRows)
            if next == 0, end == rowCount {
                try handle.check("read its values") { _ in read(0, 0, 0) }
                return
            }
            var start = [hsize_t](repeating: 0, count: rank), lengths = shape.prefix(rank).map { hsize_t($0) }
            (start[0], lengths[0]) = (hsize_t(next), hsize_t(end - next))
            try space.check("choose its rows") { H5Sselect_hyperslab($0, H5S_SELECT_SET, start, nil, lengths, nil) }
            let memory = try HDF5Handle(handle.place, "prepare to read", closing: H5Sclose) {
                H5Screate_simple(Int32(rank), lengths, nil)
            }
            let before = (next - wanted.lowerBound) * width
            try handle.check("read its values") { _ in read(before, memory.id, space.id) }
            withExtendedLifetime((memory, space)) {}
            next = end
        }
    }

    /// Reads all strings.
    ///
    /// - Returns: the different strings in the order in which they come, and for each row the number of its string.
    func readStrings(progress: () -> Void = {}) throws(DataError) -> (strings: [String], codes: [Int32]) {
        guard case .strings(let byteCount) = valueType.form else {
            preconditionFailure("\(handle.place) holds no strings")
        }
        let count = shape.reduce(1, *)
        try requireFilters()
        let type = try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id)
        }
        var strings: [String] = [], numbers: [[UInt8]: Int32] = [:], codes: [Int32] = []
        codes.reserveCapacity(count)
        func note(_ bytes: [UInt8]) {
            if let known = numbers[bytes] { return codes.append(known) }
            numbers[bytes] = Int32(strings.count)
            codes.append(Int32(strings.count))
            strings.append(String(decoding: bytes, as: UTF8.self))
        }
        progress()
        if let byteCount {
            guard elementCount(of: shape, bytesEach: byteCount) != nil else {
                throw error("Its strings do not fit into memory.")
            }
            var buffer = [UInt8](repeating: 0, count: count * byteCount)
            try handle.check("read its strings") { H5Dread($0, type.id, 0, 0, 0, &buffer) }
            for row in 0..<count {
                note(Array(text(buffer[row * byteCount..<(row + 1) * byteCount]).utf8))
            }
        } else {
            var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
            try handle.check("read its strings") { H5Dread($0, type.id, 0, 0, 0, &pointers) }
            for pointer in pointers {
                note(
                    pointer.map {
                        Array(UnsafeBufferPointer(start: $0, count: strlen($0))).map { UInt8(bitPattern: $0) }
                    } ?? [])
            }
            HDF5Library.serialized { for pointer in pointers { if let pointer { H5free_memory(pointer) } } }
        }
        return (strings, codes)
    }

    /// The fields of a compound type; empty for other types.
    func fields() throws(DataError) -> [(name: String, type: HDF5ValueType)] {
        let type = try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id)
        }
        guard try type.check("see its type", { H5Tget_class($0).rawValue }) == H5T_COMPOUND.rawValue else { return [] }
        var fields: [(name: String, type: HDF5ValueType)] = []
        for index in 0..<(try type.check("see its fields") { H5Tget_nmembers($0) }) {
            let member = try HDF5Handle(handle.place, "see its fields", closing: H5Tclose) {
                H5Tget_member_type(type.id, UInt32(index))
            }
            fields.append((try memberName(of: type, Int(index)), try HDF5ValueType(member)))
        }
        return fields
    }

    /// Reads a field of numbers of all rows, `width` of them in each.
    func readNumbers(ofField name: String, _ type: HDF5ValueType, width: Int) throws(DataError) -> [Double] {
        var values = [Double](repeating: 0, count: (shape.first ?? 1) * width)
        let base = HDF5Library.serialized { bnexp_native_double() }
        var array: HDF5Handle?
        if case .arrays(let lengths) = type.form {
            array = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) {
                H5Tarray_create2(base, UInt32(lengths.count), lengths.map { hsize_t($0) })
            }
        }
        try readField(name, as: array?.id ?? base, byteCount: width * 8, into: &values)
        withExtendedLifetime(array) {}
        return values
    }

    /// Reads a field of strings of a fixed length of all rows.
    func readStrings(ofField name: String, byteCount: Int) throws(DataError) -> [String] {
        let type = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) { H5Tcopy(bnexp_c_string()) }
        try type.check("prepare to read") { H5Tset_size($0, byteCount) }
        try type.check("prepare to read") { H5Tset_strpad($0, H5T_STR_NULLPAD) }
        let count = shape.first ?? 1
        var bytes = [UInt8](repeating: 0, count: count * byteCount)
        try readField(name, as: type.id, byteCount: byteCount, into: &bytes)
        return (0..<count).map { row in text(bytes[row * byteCount..<(row + 1) * byteCount]) }
    }

    private func readField<Element>(
        _ name: String, as type: hid_t, byteCount: Int, into values: inout [Element]
    ) throws(DataError) {
        try requireFilters()
        let memory = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) {
            H5Tcreate(H5T_COMPOUND, byteCount)
        }
        try memory.check("prepare to read") { H5Tinsert($0, name, 0, type) }
        try handle.check("read its field '\(name)'") { id in
            values.withUnsafeMutableBytes { H5Dread(id, memory.id, 0, 0, 0, $0.baseAddress) }
        }
    }

    /// Makes an error about this dataset.
    package func error(_ problem: String) -> DataError { DataError(file: file, dataset: name, problem) }

    /// Returns the number of elements of some or all rows, if they are numbers, fit into memory and every filter that
    /// stored them is available; else it throws.
    private func checkReadable<Element: HDF5Element>(
        as _: Element.Type, rows: Range<Int>? = nil
    ) throws(DataError) -> Int {
        try requireNumbers()
        let shape = rows.map { [$0.count] + self.shape.dropFirst() } ?? self.shape
        guard let count = elementCount(of: shape, bytesEach: MemoryLayout<Element>.stride) else {
            throw error(
                "\(describe(shape: shape)) values of type \(typeName) do not fit into this machine's memory "
                    + "(\(availableMemory >> 20) MiB). Store fewer rows or a smaller type.")
        }
        try requireFilters()
        return count
    }

    /// Refuses what holds no numbers.
    func requireNumbers() throws(DataError) {
        guard elementType != nil else {
            let way: String
            switch typeName {
            case "compound":
                way = "Name fields with field: it has \(try fields().map(\.name).joined(separator: ", "))"
            case "complex": way = "Store real and imaginary parts as two datasets"
            case "reference": way = "Name the dataset that it refers to"
            default: way = "Store numbers (in h5py: create_dataset(..., dtype=\"float32\")) or name another dataset"
            }
            throw error("It holds values of type \(typeName); expected integers or floating-point numbers. \(way).")
        }
    }

    func requireFilters() throws(DataError) {
        guard let missing = try layout().filters.first(where: { !$0.isAvailable }) else { return }
        throw error(
            "It is stored with the filter '\(missing.name)', which the HDF5 library here lacks. Set HDF5_PLUGIN_PATH to a folder "
                + "that has it, as the Python package hdf5plugin does (python3 -c 'import hdf5plugin; "
                + "print(hdf5plugin.PLUGIN_PATH)'), or write it again with gzip (in h5py: compression=\"gzip\").")
    }
}

/// The text in the bytes of a string of fixed length: up to the first zero, without the blanks at its end.
func text(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes.prefix { $0 != 0 }
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
}
