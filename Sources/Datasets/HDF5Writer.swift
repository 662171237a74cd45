import CHDF5
import Foundation
import Support

/// Builds an HDF5 file in memory and writes it as `OutputFile` does: it takes its name only when it is complete.
///
/// The library never writes to the disk itself: where that fails, as on a full disk, it is left in a state that crashes
/// when it is closed. A reader sees the old file or the whole new one. A writer that is released without `finish()`
/// leaves no file, a process that is killed may leave a `.partial` file. The bytes depend on what is written alone, not
/// on the time.
package final class HDF5Writer {
    /// The rows of a chunk and the level of compression.
    ///
    /// Elements of several bytes are shuffled before they are compressed, which gains nothing for single bytes.
    package struct Compression: Sendable {
        package let chunkRows: Int
        /// The level of gzip, from 1 (fast) to 9 (small).
        package let level: Int

        package init(chunkRows: Int, level: Int) {
            self.chunkRows = chunkRows
            self.level = level
        }
    }

    package let path: String
    private let file: HDF5Handle
    private let linkCreation: HDF5Handle

    /// Begins a file; its content is written by `finish()`.
    /// - Parameter path: of the file; `-` is standard output.
    package init(path: String) throws(DataError) {
        self.path = path
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard OutputFile.isStandardOutput(path) || access(folder, W_OK) == 0 else {
            throw DataError(
                file: path, "No file can be made in \(folder): \(String(cString: strerror(errno))).",
                exitStatus: .cannotWrite)
        }
        let access = try HDF5Handle(path, "prepare the file", closing: H5Pclose) { H5Pcreate(bnexp_file_access()) }
        // Grown by 64 KiB, and never stored.
        try access.check("prepare the file") { H5Pset_fapl_core($0, 1 << 16, false) }
        file = try HDF5Handle(path, "create the file", closing: H5Fclose) {
            // The library looks at what has the name, and no file can have this one.
            H5Fcreate("/dev/null/\(UUID())", bnexp_truncate(), 0, access.id)
        }
        withExtendedLifetime(access) {}
        linkCreation = try HDF5Handle(path, "prepare groups", closing: H5Pclose) { H5Pcreate(bnexp_link_creation()) }
        try linkCreation.check("prepare groups") { H5Pset_create_intermediate_group($0, 1) }
    }

    /// Creates a group and the groups above it.
    package func createGroup(_ name: String) throws(DataError) {
        _ = try HDF5Handle(path, "create the group '\(name)'", closing: H5Gclose) { [file, linkCreation] in
            H5Gcreate2(file.id, name, linkCreation.id, 0, 0)
        }
    }

    /// Writes a dataset, and creates the groups above it.
    ///
    /// - Parameter elements: as many elements as `shape` says, rows first. An empty shape is a scalar.
    package func write<Element: HDF5Element>(
        _ elements: UnsafeBufferPointer<Element>, shape: [Int], to name: String, compression: Compression? = nil
    ) throws(DataError) {
        precondition(
            elements.count == shape.reduce(1, *), "\(elements.count) elements given for \(describe(shape: shape))")
        let place = place(file: path, dataset: name)
        let lengths = shape.map { hsize_t($0) }
        let space = try HDF5Handle(place, "describe its shape", closing: H5Sclose) {
            lengths.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(lengths.count), lengths, nil)
        }
        let creation = try HDF5Handle(place, "prepare it", closing: H5Pclose) { H5Pcreate(bnexp_dataset_creation()) }
        try creation.check("leave out times") { H5Pset_obj_track_times($0, false) }
        if let compression, !elements.isEmpty, !shape.isEmpty {
            let chunk = [hsize_t(min(compression.chunkRows, shape[0]))] + lengths.dropFirst()
            try creation.check("set its chunks") { H5Pset_chunk($0, Int32(chunk.count), chunk) }
            if MemoryLayout<Element>.size > 1 { try creation.check("set its filters") { H5Pset_shuffle($0) } }
            try creation.check("set its compression") { H5Pset_deflate($0, UInt32(compression.level)) }
        }
        let dataset = try HDF5Handle(place, "create it", closing: H5Dclose) { [file, linkCreation] in
            H5Dcreate2(file.id, name, Element.memoryType, space.id, linkCreation.id, creation.id, 0)
        }
        withExtendedLifetime((space, creation)) {}  // open until the dataset is made
        try dataset.check("write it") { H5Dwrite($0, Element.memoryType, 0, 0, 0, elements.baseAddress) }
    }

    /// Writes a dataset from an array, and creates the groups above it.
    package func write<Element: HDF5Element>(
        _ elements: [Element], shape: [Int], to name: String, compression: Compression? = nil
    ) throws(DataError) {
        try elements.withUnsafeBufferPointer { elements throws(DataError) in
            try write(elements, shape: shape, to: name, compression: compression)
        }
    }

    /// Writes an attribute of a group or dataset; those of `/` are the file's own.
    package func setAttribute(_ name: String, _ value: AttributeValue, of object: String = "/") throws(DataError) {
        try Datasets.setAttribute(name, value, of: object, in: file, path)
    }

    /// Writes the file to disk and gives it its final name, in place of a file that has it.
    package func finish() throws(DataError) {
        try file.check("complete it") { H5Fflush($0, H5F_SCOPE_LOCAL) }
        let byteCount = try file.check("see its size") { Int(H5Fget_file_image($0, nil, 0)) }
        var image = [UInt8](repeating: 0, count: byteCount)
        try file.check("complete it") { Int(H5Fget_file_image($0, &image, image.count)) }
        try file.close()
        do {
            let output = try OutputFile(path: path)
            try output.write(image)
            try output.finish()
        } catch {
            throw DataError(error.message, exitStatus: error.exitStatus)
        }
    }
}
