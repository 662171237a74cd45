import Support

/// The inputs and the targets of the same N examples.
package struct LabelledData: Sendable {
    package let inputs: Examples
    package let targets: TargetData
    package var rowCount: Int { inputs.rowCount }

    package init(inputs: Examples, targets: TargetData) {
        precondition(inputs.rowCount == targets.rowCount, "\(inputs.rowCount) inputs, \(targets.rowCount) targets")
        self.inputs = inputs
        self.targets = targets
    }

    /// Reads one split.
    ///
    /// - Parameters:
    ///   - file: the path of an HDF5 file; `inputs` and `targets` are datasets in it.
    ///   - floatingTargetsAreValues: whether floating targets are values to be approximated; else they must be classes.
    ///   - classCount: the number of classes if it is known, else nil.
    ///   - classCountName: what messages call that number, such as a config key.
    ///   - training: for a validation or test split, the data that it must fit: as many features, as many classes, and
    ///     the same integer type or a floating type on both sides, so that one scaling is right for both.
    package static func load(
        file: String, inputs: String, targets: String, floatingTargetsAreValues: Bool = false, classCount: Int? = nil,
        classCountName: String = "the number of classes", matching training: LabelledData? = nil
    ) throws(DataError) -> LabelledData {
        let opened = try HDF5File(path: file)
        let inputDataset = try opened.dataset(inputs), targetDataset = try opened.dataset(targets)
        let rowCounts = (inputDataset.shape.first, targetDataset.shape.first)
        if let inputCount = rowCounts.0, let targetCount = rowCounts.1, inputCount != targetCount {
            throw DataError(
                file: file,
                "'\(inputs)' has \(inputCount) rows and '\(targets)' has \(targetCount); expected one target for each "
                    + "input. Are they of the same split?")
        }
        let targetData: TargetData
        if floatingTargetsAreValues, targetDataset.elementType?.isInteger == false {
            let values = try Examples(targetDataset)
            if let training, values.featureCount != training.targets.outputCount {
                throw targetDataset.error(
                    "Its rows have \(values.featureCount) values; the training targets have "
                        + "\(training.targets.outputCount). Name a dataset of the same kind.")
            }
            targetData = .values(values)
        } else {
            targetData = .classes(
                try Labels(
                    targetDataset, classCount: training?.targets.outputCount ?? classCount, countName: classCountName))
        }
        if let training, (training.targets.valueCount == nil) != (targetData.valueCount == nil) {
            throw targetDataset.error(
                "It holds \(targetDataset.typeName) and the training targets another kind of numbers; store all "
                    + "targets in one type."
            )
        }
        let examples = try Examples(inputDataset)
        if let training { try examples.requireFit(to: training.inputs) }
        return LabelledData(inputs: examples, targets: targetData)
    }

    /// The SHA-256, in hexadecimal, of shapes, types and values; how the file stores them (chunks, compression, byte
    /// order) and what it is called make no difference.
    package var contentHash: String {
        let hash = SHA256()
        hash.update("\(inputs.elementType.name) \(describe(shape: [rowCount] + inputs.shape)) \(targets.outputCount)\n")
        inputs.storage.withUnsafeBytes { hash.update($0) }
        switch targets {
        case .classes(let labels): labels.classes.withUnsafeBytes { hash.update($0) }
        case .values(let values): values.storage.withUnsafeBytes { hash.update($0) }
        }
        return hash.hexadecimalDigest()
    }
}

extension Examples {
    /// Refuses examples of another number of features or of another type than the training examples.
    fileprivate func requireFit(to training: Examples) throws(DataError) {
        guard featureCount == training.featureCount else {
            throw DataError(
                "\(place): Its examples have \(featureCount) features; the training data have "
                    + "\(training.featureCount). Name a dataset of the same kind.")
        }
        guard elementType == training.elementType || !(elementType.isInteger || training.elementType.isInteger) else {
            throw DataError(
                "\(place): It is \(elementType.name) and the training data are \(training.elementType.name), so no "
                    + "scaling fits both. Store both in one type.")
        }
    }
}
