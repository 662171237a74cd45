import Datasets
import Foundation

/// The images and labels of one split, such as training or test, read from files of another format than HDF5.
package struct ImageSplit: Sendable {
    /// The values of all images, in the order of `shape`.
    package let images: ImageValues
    /// N x height x width; for images in colour N x height x width x 3; IDX files may have any shape.
    package let shape: [Int]
    /// The class of each image.
    package let labels: [UInt8]
    /// The paths of the files that the split was read from.
    package let sources: [String]
}

/// The values of images, in a type that HDF5 files are written in.
package enum ImageValues: Sendable {
    case uint8([UInt8])
    case int32([Int32])
    case float32([Float])
    case float64([Double])
}

/// Writes splits to an HDF5 file, replacing one that exists: for each the datasets `<split>/images` and
/// `<split>/labels` (N), of bytes.
///
/// - Parameters:
///   - splits: the splits in the order of writing; `name` is `train` or `test`.
///   - format: what the sources are, for the attribute that names them.
/// - Throws: an error if the file cannot be written.
package func write(
    _ splits: [(name: String, data: ImageSplit)], from format: String, toHDF5 path: String
) throws(DataError) {
    let compression = HDF5Writer.Compression(chunkRows: 256, level: 4)
    let writer = try HDF5Writer(path: path)
    for (name, data) in splits {
        func writeImages(_ values: [some HDF5Element]) throws(DataError) {
            try writer.write(values, shape: data.shape, to: "\(name)/images", compression: compression)
        }
        switch data.images {
        case .uint8(let values): try writeImages(values)
        case .int32(let values): try writeImages(values)
        case .float32(let values): try writeImages(values)
        case .float64(let values): try writeImages(values)
        }
        try writer.write(data.labels, shape: [data.labels.count], to: "\(name)/labels")
    }
    let sources = splits.flatMap(\.data.sources).map { URL(fileURLWithPath: $0).lastPathComponent }
    try writer.setAttribute("source", .string("\(format) files " + sources.joined(separator: ", ")))
    try writer.finish()
}
