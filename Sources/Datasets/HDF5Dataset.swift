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
        try file.requireRegularSources(of: handle, named: name)
        let type = try HDF5Handle(place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id) }
        valueType = try HDF5ValueType(type)
        var shape = try Datasets.extent(
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
        let type = try MemoryType(of: self, numbers: HDF5Library.serialized { Element.memoryType })
        guard let rowCount = extent.first else {
            progress()
            return try read([], as: type, into: base)
        }
        let wanted = rows ?? 0..<rowCount, width = shape.dropFirst().reduce(1, *)
        let chunkRows = max(1, try layout().chunkShape?.first ?? 1)
        // Of some 64 MB, which begin where chunks do, so that none is read twice.
        let blockRows = max(1, (1 << 26) / max(1, width * MemoryLayout<Element>.stride) / chunkRows) * chunkRows
        var next = wanted.lowerBound
        while next < wanted.upperBound {
            progress()
            let end = min(wanted.upperBound, (next / blockRows + 1) * blockRows)
            try read(box(rows: next..<end), as: type, into: base + (next - wanted.lowerBound) * width)
            next = end
        }
    }

    /// The lengths of the dimensions without those of arrays in each element.
    var extent: [Int] {
        if case .arrays(let lengths) = valueType.form { Array(shape.dropLast(lengths.count)) } else { shape }
    }

    /// All values of some rows: a range for each dimension of `extent`.
    func box(rows: Range<Int>, dimension: Int = 0) -> [Range<Int>] {
        var box = extent.map { 0..<$0 }
        box[dimension] = rows
        return box
    }

    /// A type that values are read as.
    struct MemoryType {
        let id: hid_t
        private let owner: HDF5Handle?

        /// A type that belongs to the library.
        init(_ id: hid_t) { (self.id, owner) = (id, nil) }

        init(_ owner: HDF5Handle) { (id, self.owner) = (owner.id, owner) }

        /// What elements of a dataset are read as whose numbers are read as `type`.
        init(of dataset: HDF5Dataset, numbers type: hid_t) throws(DataError) {
            switch dataset.valueType.form {
            case .bits: self.init(HDF5Library.serialized { bnexp_native_byte() })
            case .arrays(let lengths):
                self.init(
                    try HDF5Handle(dataset.handle.place, "prepare to read", closing: H5Tclose) {
                        H5Tarray_create2(type, UInt32(lengths.count), lengths.map { hsize_t($0) })
                    })
            default: self.init(type)
            }
        }
    }

    /// Reads the values of a box, of one range for each dimension of `extent`, rows first.
    func read(_ box: [Range<Int>], as type: MemoryType, into target: UnsafeMutableRawPointer) throws(DataError) {
        defer { withExtendedLifetime(type) {} }
        guard box != extent.map({ 0..<$0 }) else {
            try handle.check("read its values") { H5Dread($0, type.id, 0, 0, 0, target) }
            return
        }
        let space = try HDF5Handle(handle.place, "see its shape", closing: H5Sclose) { [handle] in
            H5Dget_space(handle.id)
        }
        let lengths = box.map { hsize_t($0.count) }
        try space.check("choose its rows") {
            H5Sselect_hyperslab($0, H5S_SELECT_SET, box.map { hsize_t($0.lowerBound) }, nil, lengths, nil)
        }
        let memory = try HDF5Handle(handle.place, "prepare to read", closing: H5Sclose) {
            H5Screate_simple(Int32(lengths.count), lengths, nil)
        }
        try handle.check("read its values") { H5Dread($0, type.id, memory.id, space.id, 0, target) }
        withExtendedLifetime((memory, space)) {}
    }

    /// Reads the strings of some rows, as the bytes of their text, and hands each over in turn.
    func readStrings(_ rows: Range<Int>, _ body: (ArraySlice<UInt8>) -> Void) throws(DataError) {
        guard case .strings(let byteCount) = valueType.form else {
            preconditionFailure("\(handle.place) holds no strings")
        }
        try requireFilters()
        let type = MemoryType(
            try HDF5Handle(handle.place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id) })
        let box = extent.isEmpty ? [] : box(rows: rows), count = box.reduce(1) { $0 * $1.count }
        if let byteCount {
            guard elementCount(of: [count], bytesEach: byteCount) != nil else {
                throw error("Its strings do not fit into memory.")
            }
            var buffer = [UInt8](repeating: 0, count: count * byteCount)
            try buffer.withUnsafeMutableBufferPointer { (bytes) throws(DataError) in
                if let base = bytes.baseAddress { try read(box, as: type, into: base) }
            }
            for row in 0..<count { body(text(buffer[row * byteCount..<(row + 1) * byteCount])) }
            return
        }
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        try pointers.withUnsafeMutableBufferPointer { (bytes) throws(DataError) in
            if let base = bytes.baseAddress { try read(box, as: type, into: base) }
        }
        for pointer in pointers {
            let bytes = pointer.map { UnsafeRawBufferPointer(start: $0, count: strlen($0)) }
            body(ArraySlice(bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)))
        }
        HDF5Library.serialized { for pointer in pointers { if let pointer { H5free_memory(pointer) } } }
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

    /// Reads a field of numbers of some rows, `width` of them in each.
    func readNumbers(ofField name: String, _ type: HDF5ValueType, width: Int, _ rows: Range<Int>) throws(DataError)
        -> [Double]
    {
        var values = [Double](repeating: 0, count: rows.count * width)
        let base = HDF5Library.serialized { bnexp_native_double() }
        var array: HDF5Handle?
        if case .arrays(let lengths) = type.form {
            array = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) {
                H5Tarray_create2(base, UInt32(lengths.count), lengths.map { hsize_t($0) })
            }
        }
        try readField(name, as: array?.id ?? base, byteCount: width * 8, rows, into: &values)
        withExtendedLifetime(array) {}
        return values
    }

    /// Reads a field of strings of a fixed length of some rows, and hands each over in turn.
    func readStrings(
        ofField name: String, byteCount: Int, _ rows: Range<Int>, _ body: (ArraySlice<UInt8>) -> Void
    ) throws(DataError) {
        let type = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) { H5Tcopy(bnexp_c_string()) }
        try type.check("prepare to read") { H5Tset_size($0, byteCount) }
        try type.check("prepare to read") { H5Tset_strpad($0, H5T_STR_NULLPAD) }
        var bytes = [UInt8](repeating: 0, count: rows.count * byteCount)
        try readField(name, as: type.id, byteCount: byteCount, rows, into: &bytes)
        for row in 0..<rows.count { body(text(bytes[row * byteCount..<(row + 1) * byteCount])) }
    }

    private func readField<Element>(
        _ name: String, as type: hid_t, byteCount: Int, _ rows: Range<Int>, into values: inout [Element]
    ) throws(DataError) {
        try requireFilters()
        let memory = try HDF5Handle(handle.place, "prepare to read", closing: H5Tclose) {
            H5Tcreate(H5T_COMPOUND, byteCount)
        }
        try memory.check("prepare to read") { H5Tinsert($0, name, 0, type) }
        try values.withUnsafeMutableBufferPointer { (bytes) throws(DataError) in
            if let base = bytes.baseAddress { try read(box(rows: rows), as: MemoryType(memory), into: base) }
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
            case "reference": way = "Name the dataset that it refers to; names in a cell array of MATLAB may be targets"
            default: way = "Store numbers (in h5py: create_dataset(..., dtype=\"float32\")) or name another dataset"
            }
            throw error("It holds values of type \(typeName); expected integers or floating-point numbers. \(way).")
        }
    }

    func requireFilters() throws(DataError) {
        guard let missing = try layout().filters.first(where: { !$0.isAvailable }) else { return }
        throw error(
            "It is stored with the filter '\(missing.name)', which is not built in and for which no plugin is found. "
                + missing.remedy)
    }
}

/// The text in the bytes of a string of fixed length: up to the first zero, without the blanks at its end.
private func text(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes.prefix { $0 != 0 }
    while bytes.last == 0x20 { bytes.removeLast() }
    return bytes
}
