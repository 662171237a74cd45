import Foundation
import Support

/// The inputs and the targets of the same N examples.
package struct LabelledData: Sendable {
    package let inputs: Examples
    package let targets: TargetData
    /// What the user should know of how they were read.
    package let notes: [String]
    package var rowCount: Int { inputs.rowCount }

    package init(inputs: Examples, targets: TargetData, notes: [String] = []) {
        precondition(inputs.rowCount == targets.rowCount, "\(inputs.rowCount) inputs, \(targets.rowCount) targets")
        self.inputs = inputs
        self.targets = targets
        self.notes = notes
    }

    /// Reads one split, in a child process that a damaged file may end.
    ///
    /// - Parameters:
    ///   - file: the path of an HDF5 file; `inputs` and `targets` are datasets in it.
    ///   - use: what targets are.
    ///   - mapping: how labels become classes.
    ///   - classCount: the number of classes if it is known, else nil.
    ///   - classCountName: what messages call that number, such as a config key.
    ///   - training: for a validation or test split, the data that it must fit: as many features, the same classes, and
    ///     integers or floating types on both sides, so that one scaling is right for both.
    package static func load(
        file: String, inputs: DatasetRequest, targets: DatasetRequest, as use: TargetUse = .classes,
        mapping: ClassMapping = .automatic, classCount: Int? = nil,
        classCountName: String = "the number of classes", permissions: HDF5Permissions = .init(),
        matching training: LabelledData? = nil
    ) throws(DataError) -> LabelledData {
        let (read, shared) = try contained(file: file) { (shared) throws(DataError) in
            let before = FileState(file)
            let opened = try HDF5File(path: file)
            var inputPlan = try opened.plan(inputs, areTargets: false, permissions)
            let targetPlan = try opened.plan(targets, areTargets: true, permissions)
            // Targets that stand in one row are meant as a column.
            let isRow =
                targetPlan.shape.count == 2 && targetPlan.shape[0] == 1 && inputPlan.shape[0] == targetPlan.shape[1]
            let targetCount = isRow ? targetPlan.shape[1] : targetPlan.shape[0]
            if inputPlan.shape[0] != targetCount, inputs.examplesAreLast == nil {
                // MATLAB's images have the examples last there, and first in the file.
                var other = inputs
                other.examplesAreLast = false
                let plan = try opened.plan(other, areTargets: false, permissions)
                if plan.shape[0] == targetCount { inputPlan = plan }
            }
            guard inputPlan.shape[0] == targetCount else {
                let isTurned = inputPlan.shape.last == targetCount
                throw DataError(
                    file: file,
                    "'\(inputs.name)' has \(inputPlan.shape[0]) rows and '\(targets.name)' has \(targetCount); expected one target "
                        + "for each input. "
                        + (isTurned
                            ? "Its last dimension has as many: set \"examples\" to \"last\", or store it transposed."
                            : "Are they of the same split?"))
            }
            var read = [try targetPlan.read(shared), try inputPlan.read(shared)]
            if isRow { read[0].shape = [targetCount] }
            guard FileState(file) == before else {
                throw DataError(
                    file: file, "The file was changed while it was read. Wait until it is written, and try again.")
            }
            return read
        }
        let raw = try RawTargets(read[0], from: shared)
        let targetData: TargetData
        if use == .values || use == .classesOrProbabilities && training?.targets.valueCount != nil {
            let values = try raw.values()
            if let training, values.featureCount != training.targets.outputCount {
                throw raw.error(
                    "Its rows have \(values.featureCount) values; the training targets have "
                        + "\(training.targets.outputCount). Name a dataset of the same kind.")
            }
            targetData = .values(values)
        } else if use == .classesOrProbabilities, training == nil, let probabilities = raw.probabilities {
            targetData = .values(probabilities)
        } else {
            var trainingLabels: Labels?
            if case .classes(let labels)? = training?.targets { trainingLabels = labels }
            targetData = .classes(
                try Labels(raw, mapping, classCount: classCount, countName: classCountName, training: trainingLabels))
        }
        let examples = try Examples(read[1], from: shared)
        if let training { try examples.requireFit(to: training.inputs) }
        return LabelledData(inputs: examples, targets: targetData, notes: read[1].notes + read[0].notes)
    }

    /// The SHA-256, in hexadecimal, of shapes, types and values; how the file stores them (chunks, compression, byte
    /// order) and what it is called make no difference.
    package var contentHash: String {
        let hash = SHA256()
        hash.update("\(inputs.hashedType) \(describe(shape: [rowCount] + inputs.shape)) \(targets.outputCount)\n")
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
        guard elementType.isInteger == training.elementType.isInteger else {
            throw DataError(
                "\(place): It is \(elementType.name) and the training data are \(training.elementType.name), so no "
                    + "scaling fits both. Store both in one type.")
        }
    }

    /// The name of the type in the hash: booleans had that of h5py's, which are 8-bit integers.
    fileprivate var hashedType: String { elementType == .boolean ? "int8" : elementType.name }
}

/// What changes when a file is written to.
private struct FileState: Equatable {
    private let size: Int
    private let number: UInt64
    private let changedAt: [Int]

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        size = Int(status.st_size)
        number = UInt64(status.st_ino)
        #if os(Linux)
            changedAt = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        #else
            changedAt = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
        #endif
    }
}
