import Datasets
import NeuralNetwork
import Synchronization

/// What several runs of one process share: a dataset is read once, and what is made of it is made once.
package final class DataCache: Sendable {
    struct Loaded: Sendable {
        let data: LabelledData
        /// Of its content.
        let hash: String
    }

    private let datasets = Mutex<[String: Loaded]>([:])
    private let wholes = Mutex<[String: TrainingData]>([:])

    package init() {}

    /// The data of a config.
    package func data(of loaded: LoadedConfig) throws -> TrainingData {
        let config = loaded.config, key = "\(config.objective.loss) \(loaded.resolved["data"]?.canonicalText ?? "")"
        return try wholes.withLock { wholes in
            let data = try wholes[key] ?? TrainingData(config.data, loss: config.objective.loss, cache: self)
            wholes[key] = data
            return data
        }
    }

    /// One split, with its hash.
    func load(
        _ split: Config.Split, of config: Config.Data, loss: Loss, matching training: LabelledData? = nil
    ) throws(DataError) -> Loaded {
        let targetsAreValues = loss == .meanSquaredError
        let key = [
            config.file, split.inputs, split.targets, "\(targetsAreValues)", "\(config.classes ?? 0)",
            training == nil ? "" : config.train.inputs, training == nil ? "" : config.train.targets,
        ].joined(separator: "\n")
        return try datasets.withLock { datasets throws(DataError) in
            if let known = datasets[key] { return known }
            let data = try LabelledData.load(
                file: config.file, inputs: split.inputs, targets: split.targets,
                floatingTargetsAreValues: targetsAreValues,
                classCount: config.classes, matching: training)
            let loaded = Loaded(data: data, hash: data.contentHash)
            datasets[key] = loaded
            return loaded
        }
    }
}

/// Inputs without their zeros, each made when it is first asked for.
final class SparseInputForms: Sendable {
    private let forms = Mutex<[String: any Sendable]>([:])

    /// All rows of `inputs`, scaled.
    ///
    /// `scaling` is always the same.
    func form<S: Scalar>(of inputs: Examples, scaling: Scaling) -> SparseRows<S> {
        forms.withLock { forms in
            let key = "\(S.self) \(inputs.place)"
            if let known = forms[key] as? SparseRows<S> { return known }
            let made: SparseRows<S> = inputs.withoutZeros(scaling: scaling)
            forms[key] = made
            return made
        }
    }
}
