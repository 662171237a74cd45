import Datasets
import Support

/// A config that is likely to train well on data that were looked at.
package struct Proposal: Sendable {
    private let splits: DiscoveredSplits
    private let survey: SplitSurvey
    private let recipe: Recipe

    /// - Parameter survey: of the training split.
    package init(_ splits: DiscoveredSplits, _ survey: SplitSurvey) {
        self.splits = splits
        self.survey = survey
        var magnitude: Double?
        if case .values(_, let size) = survey.targets { magnitude = size }
        recipe = Recipe(rowCount: survey.rowCount, featureCount: survey.featureCount, magnitude: magnitude)
    }

    /// How every description begins, by which a config is known as one that may be proposed anew.
    package static let mark = "Proposed by bnexp init"

    /// The sentences that say what was found and what follows.
    package var findings: [String] {
        let shape = survey.shape.isEmpty ? "" : describe(shape: survey.shape) + " "
        let target = splits.train.fields?.target ?? splits.train.targets
        let rows =
            "train: \(survey.rowCount) rows, inputs '\(splits.train.inputs)', \(shape)\(survey.typeName) each, targets "
            + "'\(target)'"
        let others = [("validation", splits.validation), ("test", splits.test)].compactMap { name, split in
            split.map { "\(name): inputs '\($0.inputs)', targets '\($0.targets)'" }
        }
        let inputs =
            switch survey.inputs {
            case .pixels: "inputs are pixels from 0 to 255: they are divided by 255"
            case .unitInterval: "inputs are numbers from 0 to 1: they stay as they are"
            case .numbers: "inputs are numbers: each feature is given mean 0 and deviation 1"
            }
        let isOneMatrix = splits.train.inputs == splits.train.targets && splits.train.fields == nil
        return [rows] + others + (isOneMatrix ? ["the last column of the matrix is taken for the target"] : [])
            + [inputs, targets + ": loss.kind \(lossKind)"]
            + (validation == nil && splits.test == nil ? ["too few rows to set some aside for validation"] : [])
    }

    private var targets: String {
        switch survey.targets {
        case .classes(let count): "targets are \(count) classes"
        case .severalClasses(let count): "targets are \(count) columns of 0 and 1, not one 1 a row"
        case .values(let count, _): count == 1 ? "targets are values" : "targets are \(count) values a row"
        }
    }

    private var lossKind: String {
        switch survey.targets {
        case .classes: "softmax_cross_entropy"
        case .severalClasses: "sigmoid_cross_entropy"
        case .values: "mean_squared_error"
        }
    }

    private var scaling: JSON? {
        switch survey.inputs {
        case .pixels(isByte: true): object([("kind", "unit")])
        case .pixels(isByte: false): object([("kind", "unit"), ("maximum", 255)])
        case .unitInterval: nil
        case .numbers: object([("kind", "standardize")])
        }
    }

    private var validation: JSON? {
        if let split = splits.validation { return json(split) }
        guard splits.test == nil, survey.rowCount >= 50 else { return nil }
        guard case .classes = survey.targets else { return object([("fraction", 0.1)]) }
        return object([("fraction", 0.1), ("stratify", true)])
    }

    /// The config as a person would write it.
    ///
    /// - Parameter file: the data, relative to the config.
    package func text(file: String) -> String { config(file: file).compactText() + "\n" }

    /// The config.
    ///
    /// - Parameter file: the data, relative to the config.
    package func config(file: String) -> JSON {
        let steps = survey.rowCount / recipe.batchSize * recipe.evaluatedEpochs
        return object([
            (
                "description",
                JSON(
                    .string("\(Proposal.mark): \(targets), \(survey.rowCount) rows of \(survey.featureCount) features.")
                )
            ),
            (
                "data",
                object([
                    ("file", JSON(.string(file))), ("train", json(splits.train)), ("validation", validation),
                    ("test", splits.test.map(json)), ("scaling", scaling),
                ])
            ),
            (
                "model",
                object([
                    ("hidden", JSON(.array(recipe.hidden.map { JSON(.integer($0)) }))),
                    ("normalization", object([("kind", "batch")])),
                    ("dropout", recipe.dropout > 0 ? JSON(.number(recipe.dropout)) : nil),
                ])
            ),
            ("loss", object([("kind", JSON(.string(lossKind)))])),
            (
                "optimizer",
                object([("kind", "adam"), ("learning_rate", JSON(.number(recipe.learningRate)))])
            ),
            ("schedule", object([("kind", "cosine")])),
            (
                "training",
                object([("batch_size", JSON(.integer(recipe.batchSize))), ("epochs", JSON(.integer(recipe.epochs)))])
            ),
            ("logging", object([("every", JSON(.integer(max(1, steps))))])),
            ("evaluation", object([("every", JSON(.integer(max(1, steps))))])),
        ])
    }

    private func json(_ split: DiscoveredSplit) -> JSON {
        object([
            ("inputs", JSON(.string(split.inputs))), ("targets", JSON(.string(split.targets))),
            (
                "field",
                split.fields.map { fields in
                    object([
                        ("inputs", JSON(.array(fields.inputs.map { JSON(.string($0)) }))),
                        ("targets", JSON(.string(fields.target))),
                    ])
                }
            ),
        ])
    }
}

/// An object of the members that there are.
private func object(_ members: [(String, JSON?)]) -> JSON {
    JSON(.object(members.compactMap { key, value in value.map { JSON.Member(key, $0) } }))
}
