import CHDF5
import Foundation
import Support

/// Writes an HDF5 file of any size whose values are never in memory all together.
///
/// The names, types and shapes of all datasets are known at the start. The library makes the layout alone, in a child
/// process, since it may crash where the disk is full; each dataset is one contiguous piece of the file, and values are
/// written there without the library. As with `HDF5Writer` the file takes its name only when it is complete, and its
/// bytes depend on what is written alone. `-` is standard output.
package final class HDF5StreamWriter {
    /// A dataset of numbers in rows, in the byte order of this machine.
    package struct Dataset: Sendable {
        package let name: String
        package let elementType: ElementType
        /// The lengths of the dimensions, rows first.
        package let shape: [Int]
        package let attributes: [(name: String, value: AttributeValue)]

        package init(
            name: String, elementType: ElementType, shape: [Int],
            attributes: [(name: String, value: AttributeValue)] = []
        ) {
            self.name = name
            self.elementType = elementType
            self.shape = shape
            self.attributes = attributes
        }
    }

    package let path: String
    /// The bytes of each dataset.
    private let byteCounts: [Int]
    /// Where each dataset begins in the file.
    private let offsets: [Int]
    private let output: OutputFile
    /// Where the file is made: the output itself, or a temporary file if that cannot be written at any place.
    private let file: OutputFile

    /// Lays out the file.
    ///
    /// - Parameters:
    ///   - path: of the file; `-` is standard output.
    ///   - attributes: those of the file.
    /// - Throws: an error if the file cannot be made, with the exit code 73.
    package init(
        path: String, datasets: [Dataset], attributes: [(name: String, value: AttributeValue)] = []
    ) throws(DataError) {
        self.path = path
        byteCounts = try datasets.map { dataset throws(DataError) in
            try byteCount(of: dataset.shape, dataset.elementType, path, dataset.name)
        }
        let (output, file) = try writing { () throws(Failure) in
            let output = try OutputFile(path: path)
            if output.temporaryPath != nil { return (output, output) }
            let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("bnexp-\(UUID()).h5")
            return (output, try OutputFile(path: scratch.path))
        }
        do {
            // By its own name a file that a signal has removed meanwhile would be made again.
            let opened = file.openedPath
            offsets = try contained(file: path) { _ throws(DataError) in
                try layOut(opened, datasets, attributes)
            }
        } catch {
            // The library's account of a full disk, if it has one, is long: what the system says of it is not.
            let byteCount = byteCounts.reduce(1 << 12) { $0.addingReportingOverflow($1).partialValue }
            try writing { () throws(Failure) in
                try file.write([UInt8](repeating: 0, count: 1 << 12))
                try [UInt8(0)].withUnsafeBufferPointer { byte throws(Failure) in
                    try file.write(UnsafeRawBufferPointer(byte), at: max(0, byteCount))
                }
            }
            throw DataError(
                file: path, "The layout of the file cannot be written: \(error.message)", exitStatus: .cannotWrite)
        }
        self.output = output
        self.file = file
    }

    /// Writes bytes of a dataset, given by its number in `datasets`; `offset` counts from the start of the dataset.
    package func write(_ bytes: UnsafeRawBufferPointer, to dataset: Int, at offset: Int) throws(DataError) {
        precondition(offset >= 0 && offset + bytes.count <= byteCounts[dataset], "the bytes lie in the dataset")
        try writing { () throws(Failure) in try file.write(bytes, at: offsets[dataset] + offset) }
    }

    /// Gives the file its final name, in place of a file that has it, or copies it to where it was asked for.
    package func finish() throws(DataError) {
        try writing { () throws(Failure) in
            if file !== output, let made = file.temporaryPath { try copy(made) }
            try output.finish()
        }
    }

    private func copy(_ made: String) throws(Failure) {
        let descriptor = open(made, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &block, block.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw Failure(.cannotWrite, "\(made) cannot be read back: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return }
            try output.write(Array(block.prefix(count)))
        }
    }
}

/// Runs `body`, whose errors become those of data.
private func writing<Result>(_ body: () throws(Failure) -> Result) throws(DataError) -> Result {
    do { return try body() } catch { throw DataError(error.message, exitStatus: error.exitStatus) }
}

private func byteCount(
    of shape: [Int], _ type: ElementType, _ path: String, _ name: String
) throws(DataError) -> Int {
    var count = type.byteCount
    for length in shape {
        let (product, hasOverflow) = count.multipliedReportingOverflow(by: length)
        guard !hasOverflow, product < 1 << 60 else {
            throw DataError(
                file: path, dataset: name, "\(describe(shape: shape)) values are more than a file can hold.",
                exitStatus: .cannotWrite)
        }
        count = product
    }
    return count
}

/// Makes the file with datasets that have their place and no values, and returns where they begin.
private func layOut(
    _ path: String, _ datasets: [HDF5StreamWriter.Dataset], _ attributes: [(name: String, value: AttributeValue)]
) throws(DataError) -> [Int] {
    let access = try HDF5Handle(path, "prepare the file", closing: H5Pclose) { H5Pcreate(bnexp_file_access()) }
    // The lock is that of `OutputFile`.
    try access.check("prepare the file") { H5Pset_file_locking($0, false, true) }
    if (datasets.map(\.attributes) + [attributes]).contains(where: { $0.contains(where: \.value.isLong) }) {
        // The oldest format that has attributes of more than 64 KiB.
        try access.check("prepare the file") { H5Pset_libver_bounds($0, H5F_LIBVER_V18, H5F_LIBVER_V18) }
    }
    let file = try HDF5Handle(path, "create the file", closing: H5Fclose) {
        H5Fcreate(path, bnexp_truncate(), 0, access.id)
    }
    withExtendedLifetime(access) {}
    let links = try HDF5Handle(path, "prepare groups", closing: H5Pclose) { H5Pcreate(bnexp_link_creation()) }
    try links.check("prepare groups") { H5Pset_create_intermediate_group($0, 1) }
    let creation = try HDF5Handle(path, "prepare datasets", closing: H5Pclose) { H5Pcreate(bnexp_dataset_creation()) }
    try creation.check("leave out times") { H5Pset_obj_track_times($0, false) }
    try creation.check("set where values are") { H5Pset_layout($0, H5D_CONTIGUOUS) }
    try creation.check("set when values have a place") { H5Pset_alloc_time($0, H5D_ALLOC_TIME_EARLY) }
    try creation.check("set what is filled") { H5Pset_fill_time($0, H5D_FILL_TIME_NEVER) }
    let offsets = try datasets.map { description throws(DataError) in
        let place = place(file: path, dataset: description.name)
        let lengths = description.shape.map { hsize_t($0) }
        let space = try HDF5Handle(place, "describe its shape", closing: H5Sclose) {
            lengths.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(lengths.count), lengths, nil)
        }
        let type = try description.elementType.handle(place)
        let dataset = try HDF5Handle(place, "create it", closing: H5Dclose) {
            H5Dcreate2(file.id, description.name, type.id, space.id, links.id, creation.id, 0)
        }
        withExtendedLifetime((space, type)) {}
        for (name, value) in description.attributes {
            try setAttribute(name, value, of: description.name, in: file, path)
        }
        // All bits are set where a dataset of no values has no place.
        return Int(truncatingIfNeeded: HDF5Library.serialized { H5Dget_offset(dataset.id) })
    }
    for (name, value) in attributes { try setAttribute(name, value, of: "/", in: file, path) }
    withExtendedLifetime((links, creation)) {}
    try file.close()
    return offsets
}

extension AttributeValue {
    /// Whether it may not fit into the 64 KiB of the oldest format, in which each string takes 16 bytes.
    fileprivate var isLong: Bool { if case .list(let values) = self { values.count > 4000 } else { false } }
}

extension ElementType {
    /// The library's type of the numbers as they are in memory; booleans are an enumeration of bytes, as h5py's.
    fileprivate func handle(_ place: String) throws(DataError) -> HDF5Handle {
        let action = "describe its type", isFloating = kind == .floating
        if kind == .boolean {
            let byte = try ElementType(.signed, byteCount: 1).handle(place)
            let type = try HDF5Handle(place, action, closing: H5Tclose) { H5Tenum_create(byte.id) }
            withExtendedLifetime(byte) {}
            for (name, number) in [("FALSE", Int8(0)), ("TRUE", 1)] {
                var number = number
                try type.check(action) { H5Tenum_insert($0, name, &number) }
            }
            return type
        }
        let type = try HDF5Handle(place, action, closing: H5Tclose) {
            if isFloating { return H5Tcopy(byteCount == 8 ? bnexp_native_double() : bnexp_native_float()) }
            return H5Tcopy(bnexp_native_int64())
        }
        if isFloating && byteCount == 2 {
            // IEEE 754 binary16: the sign in bit 15, 5 bits of exponent, 10 of mantissa.
            try type.check(action) { H5Tset_fields($0, 15, 10, 5, 0, 10) }
            try type.check(action) { H5Tset_size($0, 2) }
            try type.check(action) { H5Tset_ebias($0, 15) }
        } else if !isFloating {
            try type.check(action) { H5Tset_size($0, byteCount) }
            try type.check(action) { H5Tset_sign($0, kind == .signed ? H5T_SGN_2 : H5T_SGN_NONE) }
        }
        return type
    }
}
