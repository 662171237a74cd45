import CHDF5
import Foundation

/// One dataset of an open file: its shape, its type and its values.
package final class HDF5Dataset {
    package let file: String
    package let name: String
    /// Rows first; empty for a scalar.
    package let shape: [Int]
    /// Nil if the dataset does not hold numbers.
    package let elementType: ElementType?
    /// The type for people: `uint8`, `float32`, `string`, `compound`.
    package let typeName: String
    let handle: HDF5Handle

    init(file: HDF5File, name: String) throws(DataError) {
        let place = place(file: file.path, dataset: name)
        handle = try HDF5Handle(place, "open it", closing: H5Dclose) { [file = file.handle] in
            H5Dopen2(file.id, name, 0)
        }
        self.file = file.path
        self.name = name
        shape = try extent(
            of: HDF5Handle(place, "see its shape", closing: H5Sclose) { [handle] in H5Dget_space(handle.id) })
        let type = try HDF5Handle(place, "see its type", closing: H5Tclose) { [handle] in H5Dget_type(handle.id) }
        (elementType, typeName) = try elementTypeAndName(of: type)
    }

    /// All values, rows first, converted to `Element`.
    package func read<Element: HDF5Element>(_: Element.Type = Element.self) throws(DataError) -> [Element] {
        let count = try checkReadable(as: Element.self)
        var elements: [Element] = []
        try handle.check("read its values") { id in
            var status: herr_t = 0
            elements = [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                // 0, 0, 0: all of it, no transfer options.
                status = H5Dread(id, Element.memoryType, 0, 0, 0, buffer.baseAddress)
                initializedCount = status < 0 ? 0 : count
            }
            return status
        }
        return elements
    }

    /// Reads all values into `buffer`, which must have as many elements as the dataset.
    package func read<Element: HDF5Element>(into buffer: UnsafeMutableBufferPointer<Element>) throws(DataError) {
        let count = try checkReadable(as: Element.self)
        precondition(buffer.count == count, "\(handle.place) has \(count) elements, the buffer \(buffer.count)")
        try handle.check("read its values") { id in H5Dread(id, Element.memoryType, 0, 0, 0, buffer.baseAddress) }
    }

    /// An error about this dataset.
    package func error(_ problem: String) -> DataError { DataError(file: file, dataset: name, problem) }

    /// The number of elements, if they are numbers, fit into memory and every filter that stored them is available.
    private func checkReadable<Element: HDF5Element>(as _: Element.Type) throws(DataError) -> Int {
        guard elementType != nil else {
            throw error(
                "It holds values of type \(typeName); expected integers or floating-point numbers. "
                    + "Store numbers (in h5py: create_dataset(..., dtype=\"float32\")) or name another dataset.")
        }
        var count = 1, overflow = false
        for extent in shape + [MemoryLayout<Element>.stride] where !overflow {
            (count, overflow) = count.multipliedReportingOverflow(by: extent)
        }
        if overflow || UInt64(count) > ProcessInfo.processInfo.physicalMemory {
            throw error(
                "\(describe(shape: shape)) values of type \(typeName) do not fit into this machine's memory "
                    + "(\(ProcessInfo.processInfo.physicalMemory >> 20) MiB). Store fewer rows or a smaller type.")
        }
        if let missing = try layout().filters.first(where: { !$0.isAvailable }) {
            throw error(
                "It is stored with the filter '\(missing.name)', which the HDF5 library here lacks. "
                    + "Write it again with gzip (in h5py: compression=\"gzip\").")
        }
        return count / MemoryLayout<Element>.stride
    }
}

/// The lengths of a data space's dimensions; `[0]` for one that holds nothing (h5py's Empty), which has no dimensions
/// either.
func extent(of space: HDF5Handle) throws(DataError) -> [Int] {
    if try space.check("see its shape", { H5Sget_simple_extent_type($0).rawValue }) == H5S_NULL.rawValue { return [0] }
    let rank = Int(try space.check("see its rank") { H5Sget_simple_extent_ndims($0) })
    var lengths = [hsize_t](repeating: 0, count: rank)
    try space.check("see its shape") { H5Sget_simple_extent_dims($0, &lengths, nil) }
    return lengths.map { Int(clamping: $0) }
}

/// The number type that `type` is, if it is one, and its name.
///
/// An enumeration, such as h5py's bool, counts as its integers.
func elementTypeAndName(of type: HDF5Handle) throws(DataError) -> (ElementType?, String) {
    let typeClass = H5T_class_t(rawValue: try type.check("see its type") { H5Tget_class($0).rawValue })
    switch typeClass {
    case H5T_INTEGER, H5T_FLOAT:
        let byteCount = Int(try type.check("see its type") { Int(H5Tget_size($0)) })
        var kind = ElementType.Kind.floating
        if typeClass == H5T_INTEGER {
            kind =
                try type.check("see its sign") { H5Tget_sign($0).rawValue } == H5T_SGN_NONE.rawValue
                ? .unsigned : .signed
        }
        let elementType = ElementType(kind, byteCount: byteCount)
        return (elementType, elementType.name)
    case H5T_ENUM:
        return try elementTypeAndName(
            of: HDF5Handle(type.place, "see its type", closing: H5Tclose) { H5Tget_super(type.id) })
    case H5T_STRING: return (nil, "string")
    case H5T_COMPOUND: return (nil, "compound")
    case H5T_ARRAY: return (nil, "array")
    case H5T_VLEN: return (nil, "variable-length")
    case H5T_REFERENCE: return (nil, "reference")
    default: return (nil, "opaque")
    }
}
