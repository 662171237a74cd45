import Foundation

/// The images and labels of one split, read from a pair of IDX files.
package struct IDXSplit: Sendable {
    package let images: IDXFile
    package let labels: IDXFile

    /// - Throws: if either file is damaged or of the wrong kind, or if they differ in the number of rows.
    package init(images: String, labels: String) throws(DataError) {
        self.images = try IDXFile(path: images, rank: 3)
        self.labels = try IDXFile(path: labels, rank: 1)
        guard self.images.shape[0] == self.labels.shape[0] else {
            throw DataError(
                "\(images) has \(self.images.shape[0]) images and \(labels) has \(self.labels.shape[0]) labels; "
                    + "expected one label for each image. Are they of the same split?")
        }
    }
}

/// Writes `<split>/images` (N x height x width) and `<split>/labels` (N), both uint8, for each split, to an HDF5 file.
/// - Parameters:
///   - splits: in the order of writing; `name` is `train` or `test`.
///   - replacing: whether an existing file may be replaced.
/// - Throws: if the file exists and may not be replaced, or cannot be written.
package func write(_ splits: [(name: String, data: IDXSplit)], toHDF5 path: String, replacing: Bool) throws(DataError) {
    guard replacing || !FileManager.default.fileExists(atPath: path) else {
        throw DataError(file: path, "The file exists already. Name another output, or replace it with --force.")
    }
    let compression = HDF5Writer.Compression(chunkRows: 256, level: 4)
    let writer = try HDF5Writer(path: path)
    for (name, data) in splits {
        try writer.write(data.images.values, shape: data.images.shape, to: "\(name)/images", compression: compression)
        try writer.write(data.labels.values, shape: data.labels.shape, to: "\(name)/labels")
    }
    let sources = splits.flatMap { [$0.data.images.path, $0.data.labels.path] }.map { URL(fileURLWithPath: $0).lastPathComponent }
    try writer.setAttribute("source", .string("IDX files " + sources.joined(separator: ", ")))
    try writer.finish()
}
