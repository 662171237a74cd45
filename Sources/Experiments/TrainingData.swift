import Datasets
import Foundation
import NeuralNetwork

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

    package subscript(name: SplitName) -> Split? { splits.first { $0.name == name } }
    package var train: Split { splits[0] }

    package init(_ config: Config.Data, loss: Loss) throws {
        func load(_ split: Config.Split, matching training: LabelledData?) throws(DataError) -> LabelledData {
            try LabelledData.load(
                file: config.file, inputs: split.inputs, targets: split.targets, floatingTargetsAreValues: loss == .meanSquaredError,
                classCount: config.classes, matching: training)
        }
        let train = try load(config.train, matching: nil)
        var trainRows: [Int32], validation: Split?
        switch config.validation {
        case .fraction(let fraction):
            let parts = try split(rowCount: train.rowCount, validationFraction: fraction, seed: config.splitSeed)
            trainRows = parts.train
            validation = Split(name: .validation, data: train, rows: parts.validation)
        case .split(let named):
            trainRows = Array(0..<Int32(train.rowCount))
            let data = try load(named, matching: train)
            validation = Split(name: .validation, data: data, rows: Array(0..<Int32(data.rowCount)))
        case nil: trainRows = Array(0..<Int32(train.rowCount))
        }
        if let limit = config.limit { trainRows = Array(trainRows.prefix(limit)) }
        let test = try config.test.map { named in
            let data = try load(named, matching: train)
            return Split(name: .test, data: data, rows: Array(0..<Int32(data.rowCount)))
        }
        splits = [Split(name: .train, data: train, rows: trainRows), validation, test].compactMap { $0 }
        scaling = try Scaling(config.scaling, binarizeAbove: config.binarizeAbove, fittedTo: train.inputs, rows: trainRows)
        featureCount = train.inputs.featureCount
        outputCount = train.targets.outputCount
        valueCount = train.targets.valueCount
        hash = hexadecimalSHA256(splits.map(\.data.contentHash).joined(separator: "\n"))
    }
}
