import Datasets

extension ImageSplit {
    /// Reads the images and labels from files of the binary version of CIFAR-10, one file after the other.
    ///
    /// The format (https://www.cs.toronto.edu/~kriz/cifar.html) is a sequence of records of a label, 0 to 9, and the
    /// planes red, green and blue of an image, 32 x 32 bytes each, row by row; the published files have 10,000 records.
    /// The images of the result keep the three colours of a pixel together.
    ///
    /// - Parameter cifar10: the paths of the files, at least one.
    /// - Throws: an error if a file cannot be read, does not consist of whole records or has a label above 9.
    package init(cifar10 paths: [String]) throws(DataError) {
        var images: [UInt8] = [], labels: [UInt8] = []
        for path in paths {
            let source = try SourceBytes(path: path, "a file of CIFAR-10's binary version")
            let bytes = try source.prefix(source.count)
            guard !bytes.isEmpty, bytes.count % recordLength == 0 else {
                throw DataError(
                    file: path,
                    "It has \(bytes.count) bytes, which are \(bytes.count / recordLength) records of \(recordLength) "
                        + "bytes and \(bytes.count % recordLength) bytes more; expected whole records, of a file such "
                        + "as data_batch_1.bin of CIFAR-10's binary version. Fetch the file again, and unpack it if it "
                        + "is an archive.")
            }
            images.reserveCapacity(images.count + bytes.count)
            for start in stride(from: 0, to: bytes.count, by: recordLength) {
                let label = bytes[start]
                guard label < 10 else {
                    throw DataError(
                        file: path,
                        "The label of record \(start / recordLength), counted from 0, is \(label); expected 0 to 9. "
                            + "Is this a file of CIFAR-10's binary version, and of no other?")
                }
                labels.append(label)
                for pixel in start + 1..<start + 1 + planeLength {
                    images.append(bytes[pixel])
                    images.append(bytes[pixel + planeLength])
                    images.append(bytes[pixel + 2 * planeLength])
                }
            }
        }
        self.init(images: .uint8(images), shape: [labels.count, 32, 32, 3], labels: labels, sources: paths)
    }
}

private let planeLength = 32 * 32
private let recordLength = 1 + 3 * planeLength
