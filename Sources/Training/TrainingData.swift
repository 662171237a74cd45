import Datasets
import Foundation
import NeuralNetwork
import Support

/// The examples of one split: rows of a dataset.
package struct Split: Sendable {
    package let name: SplitName
    package let data: LabelledData
    /// Indices of the split's rows in `data`.
    package let rows: RowSet
    package var rowCount: Int { rows.count }
}

/// Everything that a config's `data` names, loaded and checked, with the scaling fitted on the training rows.
package struct TrainingData: Sendable {
    package let splits: [Split]
    package let scaling: Scaling
    package let featureCount: Int
    /// Outputs that a network needs: classes, or values a row.
    package let outputCount: Int
    /// Values that a row's target has; nil for classes.
    package let valueCount: Int?
    /// SHA-256 of all values, in the order train, validation, test.
    package let hash: String
    /// What the data call each class; empty for values.
    package let classNames: [String]
    /// What the user should know of the data before training.
    package let notes: [String]
    /// What becomes of the splits' inputs, and of targets that are values, in float32.
    let singlePrecision: [SinglePrecision]
    /// How training rows are ordered that are read from their file; nil if they are in memory.
    let windows: WindowedOrder.Sizes?
    /// Shared by all who train on this data.
    let sparseInputs = SparseInputForms()

    package subscript(name: SplitName) -> Split? { splits.first { $0.name == name } }
    package var train: Split { splits[0] }

    /// - Parameters:
    ///   - cache: gives the datasets; those that it does not hold yet are read.
    ///   - makeRoom: called where memory has no room for the data, to give back what nobody uses.
    package init(
        _ config: Config.Data, loss: Loss, cache: DataCache = DataCache(), makeRoom: () -> Void = {}
    ) throws {
        let rules = config.targetRules(under: loss)
        let trainRequest = try config.train.request(in: config), found = try cache.find(trainRequest)
        var others: [(name: SplitName, request: SplitRequest, found: SplitOnDisk)] = []
        if case .split(let named)? = config.validation {
            let request = try named.request(in: config)
            others.append((.validation, request, try cache.find(request)))
        }
        if let test = config.test {
            let request = try test.request(in: config)
            others.append((.test, request, try cache.find(request)))
        }
        // Rows that are left out need not be read; targets tell of them, as far as they do not take long themselves.
        let readsFirstRowsOnly = RowChoice.isPrefix(config) && found.targets.byteCount(rows: found.rowCount) > 1 << 24
        let targetRows = RowSet.range(
            0..<(readsFirstRowsOnly ? min(config.limit ?? .max, found.rowCount) : found.rowCount))
        var targets: TargetData?
        if RowChoice.needsTargets(config) { targets = try found.readTargets(targetRows, as: rules) }
        var chosen = try RowChoice(config, rowCount: targetRows.count, classes: targets?.classes)

        let memory = try MemoryPlan(
            config.residency, train: found.inputs, needed: chosen.needed, others: others.map(\.found.inputs),
            isShuffledFreely: config.sampling == .withReplacement, makeRoom: makeRoom)
        func wholeSplit(_ request: SplitRequest, _ split: SplitOnDisk, matching training: LabelledData?)
            throws(DataError) -> LabelledData
        {
            let key = SplitKey(split: request, rules: rules, training: training == nil ? nil : trainRequest)
            let all = RowSet.range(0..<split.rowCount)
            return try cache.load(key) { () throws(DataError) in
                let targets = try split.readTargets(all, as: rules, matching: training)
                return memory.streams(split.inputs)
                    ? try LabelledData(streaming: split, targets: targets, used: all)
                    : try LabelledData(split, targets: targets, rows: all)
            }
        }
        let train: LabelledData
        if memory.streams(found.inputs) {
            train = try LabelledData(
                streaming: found,
                targets: targets ?? found.readTargets(.range(0..<found.rowCount), as: rules), used: chosen.needed)
        } else if memory.isSmall(found.inputs) || chosen.needed.count == found.rowCount {
            train = try wholeSplit(trainRequest, found, matching: nil)
        } else {
            train = try LabelledData(
                found, targets: targets ?? found.readTargets(targetRows, as: rules), rows: chosen.needed)
            chosen = chosen.renumbered()
        }
        var splits = [Split(name: .train, data: train, rows: chosen.train)]
        var hashes = [train.contentHash]
        if let rows = chosen.validation {
            splits.append(Split(name: .validation, data: train, rows: rows))
            hashes.append(train.contentHash)
        }
        for other in others {
            let data = try wholeSplit(other.request, other.found, matching: train)
            try data.inputs.requireFit(to: train.inputs)
            hashes.append(data.contentHash)
            splits.append(Split(name: other.name, data: data, rows: .range(0..<data.rowCount)))
        }
        var noiseNotes: [String] = []
        if let noise = config.labelNoise, let (noisy, count) = train.adding(noise, rows: chosen.train) {
            splits[0] = Split(name: .train, data: noisy, rows: chosen.train)
            if count > 0 {
                noiseNotes.append(
                    "data.label_noise: \(count) of \(chosen.train.count) training labels are others than in the file; "
                        + "losses and accuracies of the train split are against the labels that are trained on")
            }
        }
        self.splits = splits
        for split in splits {
            try split.data.inputs.requireFinite(split.rows)
            if loss == .sigmoidCrossEntropy, case .values(let values) = split.data.targets {
                try values.requireUnitInterval(split.rows)
            }
        }
        let scaling =
            try config.binarizeAbove.map(Scaling.init(binarizingAbove:))
            ?? naming("data.scaling") { () throws(DataError) in
                try Scaling(
                    config.scaling.kind, maximum: config.scaling.maximum, fittedTo: train.inputs,
                    rows: config.scaling.fitsAllRows ? chosen.all : chosen.train)
            }
        self.scaling = scaling
        var singlePrecision: [SinglePrecision] = []
        for split in splits {
            singlePrecision.append(
                try SinglePrecision(
                    of: split.data.inputs, rows: split.rows, scaling: scaling, isTraining: split.name == .train))
            if case .values(let values) = split.data.targets {
                singlePrecision.append(
                    try SinglePrecision(of: values, rows: split.rows, scaling: .identity, isTraining: false))
            }
        }
        self.singlePrecision = singlePrecision
        // One window is used while the next is read.
        windows =
            train.inputs.isStreamed
            ? WindowedOrder.Sizes(of: found.inputs, largestWindow: config.streamMemory << 19) : nil
        let partialTargets =
            readsFirstRowsOnly && targetRows.count < found.rowCount
            ? [
                "of \(found.rowCount) targets those of the first \(targetRows.count) rows were read, which data.limit "
                    + "takes"
            ] : []
        var notes = memory.notes + partialTargets + splits.flatMap(\.data.notes) + noiseNotes
        if case .classes(let labels) = train.targets {
            classNames = labels.names
            notes += [labels.note].compactMap { $0 }
        } else {
            classNames = []
        }
        notes += try dataWarnings(splits[0], scaling: scaling, limit: config.limit)
        self.notes = notes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        featureCount = train.inputs.featureCount
        outputCount = train.targets.outputCount
        valueCount = train.targets.valueCount
        hash = SHA256.hexadecimal(hashes.joined(separator: "\n"))
    }
}

extension TrainingData {
    /// Features that have one value in all training rows.
    func countConstantFeatures() throws(DataError) -> Int {
        try train.data.inputs.countConstantFeatures(rows: train.rows)
    }

    /// For each other split, how many of its rows have the inputs of a training row.
    func countSharedRows() throws(DataError) -> [(name: SplitName, count: Int)] {
        var counts: [(name: SplitName, count: Int)] = []
        for split in splits.dropFirst() {
            counts.append(
                (
                    split.name,
                    try split.data.inputs.countRows(split.rows, thatAreIn: train.data.inputs, train.rows)
                ))
        }
        return counts
    }
}
