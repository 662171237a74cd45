import Datasets
import Foundation

/// Files of the binary version of CIFAR-100.
///
/// The format (https://www.cs.toronto.edu/~kriz/cifar.html) is a sequence of records of a coarse label, 0 to 19, a fine
/// label, 0 to 99, and the planes red, green and blue of an image, 32 x 32 bytes each, row by row.
package struct CIFAR100Import: Sendable {
    package enum Labels: String, CaseIterable, Sendable {
        case fine, coarse

        /// Where a record has the label, in bytes.
        fileprivate var offset: Int { self == .coarse ? 0 : 1 }
        fileprivate var classCount: Int { self == .coarse ? 20 : 100 }
    }

    package var train: [String]
    package var test: [String]
    package var labels: Labels
    /// A text file with the name of a class in each line; nil to leave classes without names.
    package var names: String?

    package init(train: [String], test: [String], labels: Labels, names: String?) {
        self.train = train
        self.test = test
        self.labels = labels
        self.names = names
    }

    /// Writes the images, N x 32 x 32 x 3 with the three colours of a pixel together, and the labels to an HDF5 file.
    ///
    /// - Returns: what the user should know, a sentence each.
    /// - Throws: an error if a file does not consist of whole records, or has a label that cannot be.
    package func write(_ options: ImportOptions, to output: String) throws(DataError) -> [String] {
        let names = try names.map { path throws(DataError) in try classNames(path) }
        var splits: [ImportedSplit] = []
        for (name, paths) in [("train", train), ("test", test)] where !paths.isEmpty {
            splits.append(try split(name, paths, names, beside: output))
        }
        return try Importers.write(splits, options, from: train + test, format: "CIFAR-100", to: output)
    }

    private func split(_ name: String, _ paths: [String], _ names: [String]?, beside output: String) throws(DataError)
        -> ImportedSplit
    {
        let images = try SpoolWriter(beside: output)
        var codes: [UInt8] = []
        for path in paths {
            let source = try SourceBytes(path: path, SourceKind.cifar100.description)
            guard source.count % recordLength == 0 else {
                let start = try source.prefix(512)
                let what =
                    SourceKind(start) == .other || SourceKind(start) == .matlab4
                    ? "" : wrongKind(start, expected: .cifar100)
                throw source.error(
                    "It has \(source.count) bytes, which are \(source.count / recordLength) records of \(recordLength) "
                        + "bytes and \(source.count % recordLength) bytes more; expected whole records, as train.bin "
                        + "and test.bin have. "
                        + (what.isEmpty ? "Fetch the file again, and unpack it if it is an archive." : what))
            }
            let blockLength = 1000 * recordLength
            for start in stride(from: 0, to: source.count, by: blockLength) {
                let block = try source.bytes(start..<min(source.count, start + blockLength))
                var interleaved: [UInt8] = []
                interleaved.reserveCapacity(block.count)
                for record in stride(from: 0, to: block.count, by: recordLength) {
                    let label = block[record + labels.offset]
                    guard block[record] < 20, block[record + 1] < 100 else {
                        throw source.error(
                            "The labels of record \((start + record) / recordLength), counted from 0, are "
                                + "\(block[record]) and \(block[record + 1]); expected a coarse one of 0 to 19 and a "
                                + "fine one of 0 to 99. Is this a file of CIFAR-100's binary version? For CIFAR-10 "
                                + "there is 'bnexp data import cifar10'."
                        )
                    }
                    codes.append(label)
                    for pixel in record + 2..<record + 2 + planeLength {
                        interleaved.append(block[pixel])
                        interleaved.append(block[pixel + planeLength])
                        interleaved.append(block[pixel + 2 * planeLength])
                    }
                }
                try images.append(interleaved)
            }
        }
        let inputs = SpooledRows(
            file: images.file, offset: 0, rowCount: codes.count, rowShape: [32, 32, 3], elementType: .uint8)
        guard let names else {
            let spool = try SpoolWriter(beside: output)
            try spool.append(codes)
            let numbers = SpooledRows(
                file: spool.file, offset: 0, rowCount: codes.count, rowShape: [], elementType: .uint8)
            return ImportedSplit(name: name, inputs: inputs, targets: .numbers(numbers), featureNames: [])
        }
        return ImportedSplit(
            name: name, inputs: inputs, targets: .names(names, codes.map(Int32.init)), featureNames: [])
    }

    /// The names of the classes in their order, one a line.
    private func classNames(_ path: String) throws(DataError) -> [String] {
        let source = try SourceBytes(path: path, "a text file with the names of classes")
        let lines = String(decoding: try source.prefix(1 << 16), as: UTF8.self).split(whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
        guard lines.count == labels.classCount, Set(lines).count == lines.count else {
            throw source.error(
                "It has \(lines.count) names, \(Set(lines).count) of them different; expected \(labels.classCount), "
                    + "for the \(labels.rawValue) labels, one in each line. Name \(labels.rawValue)_label_names.txt.")
        }
        return lines
    }
}

private let planeLength = 32 * 32
private let recordLength = 2 + 3 * planeLength
