import Datasets
import NeuralNetwork
import Synchronization

/// What several runs of one process share: a dataset is read once, and what is made of it is made once.
package final class DataCache: Sendable {
    struct Loaded: Sendable {
        let data: LabelledData
        /// The SHA-256 of the data's content.
        let hash: String
    }

    private let datasets = Mutex<[DatasetKey: Loaded]>([:])
    private let wholes = Mutex<[DataKey: TrainingData]>([:])

    package init() {}

    /// The data of a config; configs that differ in nothing that matters to the data share it.
    package func data(of config: Config) throws -> TrainingData {
        let key = DataKey(config)
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
        let key = DatasetKey(
            file: split.file ?? config.file, split: split, use: config.targetUse(under: loss),
            classes: config.classes, classMap: config.classMap, permissions: config.permissions,
            training: training == nil ? nil : config.train)
        return try datasets.withLock { datasets throws(DataError) in
            if let known = datasets[key] { return known }
            let data = try LabelledData.load(
                file: split.file ?? config.file, inputs: split.inputRequest, targets: split.targetRequest,
                as: config.targetUse(under: loss), mapping: config.classMap,
                classCount: config.classes, classCountName: "data.classes", permissions: config.permissions,
                matching: training)
            let loaded = Loaded(data: data, hash: data.contentHash)
            datasets[key] = loaded
            return loaded
        }
    }
}

extension Config.Data {
    /// What targets are: as the config says, else as the loss compares them.
    func targetUse(under loss: Loss) -> TargetUse {
        if targets.map({ $0 == .values }) ?? loss.comparesValues { return .values }
        if case .softmaxCrossEntropy = loss, targets == nil { return .classesOrProbabilities }
        return .classes
    }
}

/// What a dataset depends on.
private struct DatasetKey: Hashable {
    let file: String
    let split: Config.Split
    let use: TargetUse
    let classes: Int?
    let classMap: ClassMapping
    let permissions: HDF5Permissions
    /// The training split that a validation or test split must fit.
    let training: Config.Split?
}

/// What training data depend on: not the order of batches, nor anything else of the config.
private struct DataKey: Hashable {
    let file: String
    let train: Config.Split
    let validation: Config.Validation?
    let test: Config.Split?
    let scaling: Config.ScalingChoice
    let binarizeAbove: Double?
    let limit: Int?
    let sample: Int?
    let classes: Int?
    let splitSeed: UInt64
    let use: TargetUse
    let classMap: ClassMapping
    let permissions: HDF5Permissions

    init(_ config: Config) {
        let data = config.data
        file = data.file
        train = data.train
        validation = data.validation
        test = data.test
        scaling = data.scaling
        binarizeAbove = data.binarizeAbove
        limit = data.limit
        sample = data.sample
        classes = data.classes
        splitSeed = data.splitSeed
        use = data.targetUse(under: config.objective.loss)
        classMap = data.classMap
        permissions = data.permissions
    }
}

/// Inputs without their zeros, each made when it is first asked for.
final class SparseInputForms: Sendable {
    private struct Key: Hashable {
        let scalar: ObjectIdentifier
        let place: String
    }
    private let forms = Mutex<[Key: any Sendable]>([:])

    /// All rows of `inputs`, scaled.
    ///
    /// `scaling` is always the same.
    func form<S: Scalar>(of inputs: Examples, scaling: Scaling) -> SparseRows<S> {
        forms.withLock { forms in
            let key = Key(scalar: ObjectIdentifier(S.self), place: inputs.place)
            if let known = forms[key] as? SparseRows<S> { return known }
            let made: SparseRows<S> = inputs.withoutZeros(scaling: scaling)
            forms[key] = made
            return made
        }
    }
}
