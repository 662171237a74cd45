import Crypto

/// The inputs and the classes of the same N examples.
package struct LabelledData: Sendable {
    package let inputs: Examples
    package let labels: Labels
    package var rowCount: Int { inputs.rowCount }

    package init(inputs: Examples, labels: Labels) {
        precondition(inputs.rowCount == labels.classes.count, "\(inputs.rowCount) inputs, \(labels.classes.count) labels")
        self.inputs = inputs
        self.labels = labels
    }

    /// Reads one split.
    /// - Parameters:
    ///   - file: the path of an HDF5 file; `inputs` and `targets` are datasets in it.
    ///   - classCount: the number of classes if it is known, else nil.
    ///   - training: for a validation or test split, the data that it must fit: as many features, as many classes, and the same
    ///     integer type or a floating type on both sides, so that one scaling is right for both.
    package static func load(
        file: String, inputs: String, targets: String, classCount: Int? = nil, matching training: LabelledData? = nil
    ) throws(DataError) -> LabelledData {
        let opened = try HDF5File(path: file)
        let inputDataset = try opened.dataset(inputs), targetDataset = try opened.dataset(targets)
        let rowCounts = (inputDataset.shape.first, targetDataset.shape.first)
        if let inputCount = rowCounts.0, let targetCount = rowCounts.1, inputCount != targetCount {
            throw DataError(
                file: file,
                "'\(inputs)' has \(inputCount) rows and '\(targets)' has \(targetCount); expected one target for each input. "
                    + "Are they of the same split?")
        }
        let labels = try Labels(targetDataset, classCount: training?.labels.classCount ?? classCount)
        let examples = try Examples(inputDataset)
        if let training { try examples.requireFit(to: training.inputs) }
        return LabelledData(inputs: examples, labels: labels)
    }

    /// SHA-256, in hexadecimal, of shapes, types and values; how the file stores them (chunks, compression, byte order) and what it
    /// is called make no difference.
    package var contentHash: String {
        var hash = SHA256()
        hash.update("\(inputs.elementType.name) \(describe(shape: [rowCount] + inputs.shape)) \(labels.classCount)\n")
        inputs.storage.withUnsafeBytes { hash.update(bufferPointer: $0) }
        labels.classes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let digits = Array("0123456789abcdef")
        return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

extension SHA256 {
    fileprivate mutating func update(_ text: String) { update(data: Array(text.utf8)) }
}

extension Examples {
    fileprivate func requireFit(to training: Examples) throws(DataError) {
        guard featureCount == training.featureCount else {
            throw DataError(
                "\(place): Its examples have \(featureCount) features; the training data have \(training.featureCount). "
                    + "Name a dataset of the same kind.")
        }
        guard elementType == training.elementType || !(elementType.isInteger || training.elementType.isInteger) else {
            throw DataError(
                "\(place): It is \(elementType.name) and the training data are \(training.elementType.name), so no scaling fits both. "
                    + "Store both in one type.")
        }
    }
}
