import CHDF5
import Foundation

/// One dataset of an open file: its shape, its type and its values.
package final class HDF5Dataset {
    package let file: String
    package let name: String
    /// The lengths of the dimensions, rows first; empty for a scalar.
    package let shape: [Int]
    /// The type of the numbers; nil if the dataset does not hold numbers.
    package let elementType: ElementType?
    /// The name of the type for people: `uint8`, `float32`, `string`, `compound`.
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

    /// Reads all values, rows first, converted to `Element`.
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

    /// Makes an error about this dataset.
    package func error(_ problem: String) -> DataError { DataError(file: file, dataset: name, problem) }

    /// Returns the number of elements, if they are numbers, fit into memory and every filter that stored them is
    /// available; else it throws.
    private func checkReadable<Element: HDF5Element>(as _: Element.Type) throws(DataError) -> Int {
        guard elementType != nil else {
            throw error(
                "It holds values of type \(typeName); expected integers or floating-point numbers. "
                    + "Store numbers (in h5py: create_dataset(..., dtype=\"float32\")) or name another dataset.")
        }
        guard let count = elementCount(of: shape, bytesEach: MemoryLayout<Element>.stride) else {
            throw error(
                "\(describe(shape: shape)) values of type \(typeName) do not fit into this machine's memory "
                    + "(\(ProcessInfo.processInfo.physicalMemory >> 20) MiB). Store fewer rows or a smaller type.")
        }
        if let missing = try layout().filters.first(where: { !$0.isAvailable }) {
            throw error(
                "It is stored with the filter '\(missing.name)', which the HDF5 library here lacks. "
                    + "Write it again with gzip (in h5py: compression=\"gzip\").")
        }
        return count
    }
}
