import Foundation

/// The images and labels of one split, read from files of another format.
package struct ImageSplit: Sendable {
    /// As `shape` says, rows first.
    package let images: [UInt8]
    /// N x height x width, for images in colour N x height x width x 3.
    package let shape: [Int]
    /// One for each image.
    package let labels: [UInt8]
    /// The files that it was read from.
    package let sources: [String]
}

/// Writes `<split>/images` and `<split>/labels` (N), both uint8, for each split, to an HDF5 file.
/// - Parameters:
///   - splits: in the order of writing; `name` is `train` or `test`.
///   - format: what the sources are, for the attribute that names them.
///   - replacing: whether an existing file may be replaced.
/// - Throws: if the file exists and may not be replaced, or cannot be written.
package func write(
    _ splits: [(name: String, data: ImageSplit)], from format: String, toHDF5 path: String, replacing: Bool
) throws(DataError) {
    guard replacing || !FileManager.default.fileExists(atPath: path) else {
        throw DataError(file: path, "The file exists already. Name another output, or replace it with --force.")
    }
    let compression = HDF5Writer.Compression(chunkRows: 256, level: 4)
    let writer = try HDF5Writer(path: path)
    for (name, data) in splits {
        try writer.write(data.images, shape: data.shape, to: "\(name)/images", compression: compression)
        try writer.write(data.labels, shape: [data.labels.count], to: "\(name)/labels")
    }
    let sources = splits.flatMap(\.data.sources).map { URL(fileURLWithPath: $0).lastPathComponent }
    try writer.setAttribute("source", .string("\(format) files " + sources.joined(separator: ", ")))
    try writer.finish()
}
