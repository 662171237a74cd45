/// The targets of examples: what a network is to make of their inputs.
package enum TargetData: Sendable {
    case classes(Labels)
    /// K values for each row.
    case values(Examples)

    /// Reads and checks the targets of some rows.
    ///
    /// - Parameters:
    ///   - rows: in ascending order.
    ///   - training: for a validation or test split, the targets whose classes or number of values they must have.
    init(
        _ found: RowsOnDisk, rows: RowSet, as rules: LabelledData.TargetRules, matching training: TargetData?
    ) throws(DataError) {
        let raw = try RawTargets(found, rows: rows)
        if rules.use == .values || rules.use == .classesOrProbabilities && training?.valueCount != nil {
            let values = try raw.values()
            if let training, values.featureCount != training.outputCount {
                throw raw.error(
                    "Its rows have \(values.featureCount) values; the training targets have "
                        + "\(training.outputCount). Name a dataset of the same kind.")
            }
            self = .values(values)
        } else if rules.use == .classesOrProbabilities, training == nil, let probabilities = raw.probabilities {
            self = .values(probabilities)
        } else {
            var trainingLabels: Labels?
            if case .classes(let labels)? = training { trainingLabels = labels }
            self = .classes(
                try Labels(
                    raw, rules.mapping, classCount: rules.classCount, countName: rules.classCountName,
                    training: trainingLabels))
        }
    }

    /// The targets of some rows.
    func selecting(_ rows: RowSet) -> TargetData {
        switch self {
        case .classes(let labels): .classes(labels.selecting(rows))
        case .values(let values): .values(values.selecting(rows))
        }
    }

    package var rowCount: Int {
        switch self {
        case .classes(let labels): labels.classes.count
        case .values(let values): values.rowCount
        }
    }

    /// The class of each row; nil for values.
    package var classes: ClassNumbers? { if case .classes(let labels) = self { labels.classes } else { nil } }

    /// The number of outputs that a network needs: the number of classes, or of values in a row.
    package var outputCount: Int {
        switch self {
        case .classes(let labels): labels.classCount
        case .values(let values): values.featureCount
        }
    }

    /// The number of values in a row; nil for classes.
    package var valueCount: Int? { if case .values(let values) = self { values.featureCount } else { nil } }
}
