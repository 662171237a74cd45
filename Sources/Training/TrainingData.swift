import Datasets
import Foundation
import NeuralNetwork
import Support

/// The examples of one split: rows of a dataset in memory.
package struct Split: Sendable {
    package let name: SplitName
    package let data: LabelledData
    /// Indices of the split's rows in `data`.
    package let rows: [Int32]
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
    /// Shared by all who train on this data.
    let sparseInputs = SparseInputForms()

    package subscript(name: SplitName) -> Split? { splits.first { $0.name == name } }
    package var train: Split { splits[0] }

    /// - Parameter cache: gives the datasets; those that it does not hold yet are read.
    package init(_ config: Config.Data, loss: Loss, cache: DataCache = DataCache()) throws {
        let training = try cache.load(config.train, of: config, loss: loss)
        let train = training.data
        var hashes = [training.hash]
        func load(_ name: SplitName, _ split: Config.Split) throws(DataError) -> Split {
            let loaded = try cache.load(split, of: config, loss: loss, matching: train)
            hashes.append(loaded.hash)
            return Split(name: name, data: loaded.data, rows: Array(0..<Int32(loaded.data.rowCount)))
        }
        var trainRows: [Int32], validation: Split?
        switch config.validation {
        case .fraction(let fraction, let isStratified):
            let parts = try naming("data.validation.fraction") { () throws(DataError) in
                try divideRows(
                    rowCount: train.rowCount, validationFraction: fraction, seed: config.splitSeed,
                    stratifiedBy: isStratified ? train.targets.classes : nil)
            }
            trainRows = parts.train
            validation = Split(name: .validation, data: train, rows: parts.validation)
            hashes.append(training.hash)
        case .split(let named):
            trainRows = Array(0..<Int32(train.rowCount))
            validation = try load(.validation, named)
        case nil: trainRows = Array(0..<Int32(train.rowCount))
        }
        let allRows = trainRows
        if let limit = config.limit { trainRows = Array(trainRows.prefix(limit)) }
        if let sample = config.sample {
            guard sample <= trainRows.count else {
                throw DataError(
                    "data.sample: found \(sample), but there are only \(trainRows.count) training rows; leave it out to take all"
                )
            }
            trainRows = sampleRows(
                sample, of: trainRows, seed: config.splitSeed, stratifiedBy: train.targets.classes)
        }
        let test = try config.test.map { try load(.test, $0) }
        splits = [Split(name: .train, data: train, rows: trainRows), validation, test].compactMap { $0 }
        if loss == .sigmoidCrossEntropy {
            for case .values(let values) in splits.map(\.data.targets) { try values.requireUnitInterval() }
        }
        scaling =
            try config.binarizeAbove.map(Scaling.init(binarizingAbove:))
            ?? naming("data.scaling") { () throws(DataError) in
                try Scaling(
                    config.scaling.kind, maximum: config.scaling.maximum, fittedTo: train.inputs,
                    rows: config.scaling.fitsAllRows ? allRows : trainRows)
            }
        singlePrecision = splits.flatMap { [scaling] split -> [SinglePrecision] in
            var found = [
                SinglePrecision(
                    of: split.data.inputs, rows: split.rows, scaling: scaling, isTraining: split.name == .train)
            ]
            if case .values(let values) = split.data.targets {
                found.append(SinglePrecision(of: values, rows: split.rows, scaling: .identity, isTraining: false))
            }
            return found
        }
        var notes = splits.flatMap(\.data.notes)
        if case .classes(let labels) = train.targets {
            classNames = labels.names
            notes += [labels.note].compactMap { $0 }
        } else {
            classNames = []
        }
        notes += dataWarnings(splits[0], scaling: scaling, limit: config.limit)
        self.notes = notes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        featureCount = train.inputs.featureCount
        outputCount = train.targets.outputCount
        valueCount = train.targets.valueCount
        hash = SHA256.hexadecimal(hashes.joined(separator: "\n"))
    }
}

extension TrainingData {
    /// Features that have one value in all training rows.
    var constantFeatureCount: Int { train.data.inputs.countConstantFeatures(rows: train.rows) }

    /// For each other split, how many of its rows have the inputs of a training row.
    var sharedRowCounts: [(name: SplitName, count: Int)] {
        splits.dropFirst().map { split in
            (split.name, split.data.inputs.countRows(split.rows, thatAreIn: train.data.inputs, train.rows))
        }
    }
}
