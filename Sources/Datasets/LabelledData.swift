import Foundation
import Support

/// The inputs and the targets of the same N examples.
package struct LabelledData: Sendable {
    package let inputs: Examples
    package let targets: TargetData
    /// What the user should know of how they were read.
    package let notes: [String]
    /// The SHA-256, in hexadecimal, of shapes, types and values; how the file stores them (chunks, compression, byte
    /// order) and what it is called make no difference.
    package let contentHash: String
    package var rowCount: Int { inputs.rowCount }

    /// Takes data in memory.
    package init(inputs: Examples, targets: TargetData) {
        let hash = LabelledData.hash(inputs.elementType, [inputs.rowCount] + inputs.shape, targets)
        if case .memory(let storage) = inputs.content { storage.update(hash, 0..<storage.count) }
        self.init(
            inputs: inputs, targets: targets, notes: [], contentHash: LabelledData.contentHash(hash, targets))
    }

    private init(inputs: Examples, targets: TargetData, notes: [String], contentHash: String) {
        precondition(inputs.rowCount == targets.rowCount, "\(inputs.rowCount) inputs, \(targets.rowCount) targets")
        self.contentHash = contentHash
        self.inputs = inputs
        self.targets = targets
        self.notes = notes
    }

    /// What targets are to be made of, and how.
    package struct TargetRules: Hashable, Sendable {
        package var use: TargetUse
        package var mapping: ClassMapping
        /// The number of classes if it is known.
        package var classCount: Int?
        /// What messages call that number, such as a config key.
        package var classCountName: String

        package init(
            use: TargetUse = .classes, mapping: ClassMapping = .automatic, classCount: Int? = nil,
            classCountName: String = "the number of classes"
        ) {
            self.use = use
            self.mapping = mapping
            self.classCount = classCount
            self.classCountName = classCountName
        }
    }

    /// Reads all rows of a split.
    ///
    /// - Parameter training: for a validation or test split, the data that it must fit: as many features, the same
    ///   classes, and integers or floating types on both sides, so that one scaling is right for both.
    /// - Throws: an error also if any input is not finite.
    package static func load(
        _ split: SplitRequest, as rules: TargetRules = .init(), matching training: LabelledData? = nil
    ) throws(DataError) -> LabelledData {
        let found = try SplitOnDisk(split), all = RowSet.range(0..<found.rowCount)
        let data = try LabelledData(found, targets: found.readTargets(all, as: rules, matching: training), rows: all)
        if let training { try data.inputs.requireFit(to: training.inputs) }
        try data.inputs.requireFinite(all)
        return data
    }

    /// Reads the inputs of some rows of a split that was found.
    ///
    /// - Parameters:
    ///   - targets: those of all rows, or of `rows` alone.
    ///   - rows: in ascending order.
    package init(_ found: SplitOnDisk, targets: TargetData, rows: RowSet) throws(DataError) {
        let targets = targets.rowCount == rows.count ? targets : targets.selecting(rows)
        let hash = LabelledData.hash(
            found.inputs.found.elementType, [rows.count] + found.inputs.found.rowShape, targets)
        let values = try found.inputs.read(rows) { $0.update(hash, $1) }.values
        self.init(
            inputs: Examples(values, rows, of: found.inputs.found), targets: targets, notes: found.notes,
            contentHash: LabelledData.contentHash(hash, targets))
    }

    /// Leaves the inputs of a split in their files.
    ///
    /// - Parameters:
    ///   - targets: those of all rows.
    ///   - used: the rows that are used, in ascending order, of which the hash is made.
    package init(streaming found: SplitOnDisk, targets: TargetData, used: RowSet) throws(DataError) {
        let hash = LabelledData.hash(
            found.inputs.found.elementType, [used.count] + found.inputs.found.rowShape, targets)
        let pieceRows = found.inputs.rowCount(ofBytes: 1 << 26)
        var isFinite = true
        for start in stride(from: 0, to: used.count, by: pieceRows) {
            let piece = used[start..<min(start + pieceRows, used.count)]
            let values = try found.inputs.read(piece) { $0.update(hash, $1) }.values
            isFinite = isFinite && values.largestMagnitude().isFinite
        }
        hash.update("read from its file in blocks of \(found.inputs.blockRows) rows\n")
        self.init(
            inputs: Examples(streaming: found.inputs, usedAreFinite: isFinite), targets: targets, notes: found.notes,
            contentHash: LabelledData.contentHash(hash, targets))
    }

    /// Some rows, in memory.
    ///
    /// - Parameter rows: in ascending order.
    package func inMemory(_ rows: RowSet) throws(DataError) -> LabelledData {
        LabelledData(
            inputs: try inputs.inMemory(rows), targets: targets.selecting(rows), notes: notes, contentHash: contentHash)
    }

    /// The same inputs with other targets; the hash stays.
    func replacingTargets(_ targets: TargetData) -> LabelledData {
        LabelledData(inputs: inputs, targets: targets, notes: notes, contentHash: contentHash)
    }

    /// Begins the hash of data: with what they are.
    private static func hash(_ type: ElementType, _ shape: [Int], _ targets: TargetData) -> SHA256 {
        let hash = SHA256()
        // Booleans had the name of h5py's, which are 8-bit integers.
        hash.update("\(type == .boolean ? "int8" : type.name) \(describe(shape: shape)) \(targets.outputCount)\n")
        return hash
    }

    /// Completes the hash of data, when their inputs were added.
    private static func contentHash(_ hash: SHA256, _ targets: TargetData) -> String {
        switch targets {
        case .classes(let labels):
            // Some at a time, as the 32-bit numbers that they were in memory when hashes began.
            var place = 0
            while place < labels.classes.count {
                let piece = labels.classes[place..<min(place + 1 << 16, labels.classes.count)].map { $0 }
                piece.withUnsafeBytes { hash.update($0) }
                place += piece.count
            }
        case .values(let values):
            if case .memory(let storage) = values.content { storage.update(hash, 0..<storage.count) }
        }
        return hash.hexadecimalDigest()
    }
}

extension Examples {
    /// Refuses examples of another number of features or of another type than the training examples.
    package func requireFit(to training: Examples) throws(DataError) {
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
}
