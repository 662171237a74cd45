import Datasets
import NeuralNetwork
import Synchronization

/// What several runs of one process share: a dataset is read once, and what is made of it is made once.
///
/// Where memory runs short, data that no run uses go first.
package final class DataCache: Sendable {
    private let found = Mutex<[SplitRequest: SplitOnDisk]>([:])
    private let splits = Mutex<[SplitKey: LabelledData]>([:])
    private let wholes = Mutex<[DataKey: TrainingData]>([:])

    package init() {}

    /// The data of a config; configs that differ in nothing that matters to the data share it.
    package func data(of config: Config) throws -> TrainingData {
        let key = DataKey(config)
        return try wholes.withLock { wholes in
            if let known = wholes[key] { return known }
            let data = try TrainingData(config.data, loss: config.objective.loss, cache: self) {
                // What runs still use, they hold themselves.
                wholes.removeAll()
                splits.withLock { $0.removeAll() }
            }
            wholes[key] = data
            return data
        }
    }

    /// What is found of a split in its files.
    func find(_ split: SplitRequest) throws(DataError) -> SplitOnDisk {
        try found.withLock { found throws(DataError) in
            if let known = found[split] { return known }
            let seen = try SplitOnDisk(split)
            found[split] = seen
            return seen
        }
    }

    /// All rows of a split.
    func load(_ key: SplitKey, _ make: () throws(DataError) -> LabelledData) throws(DataError) -> LabelledData {
        try splits.withLock { splits throws(DataError) in
            if let known = splits[key] { return known }
            let data = try make()
            splits[key] = data
            return data
        }
    }
}

extension Config.Data {
    func targetRules(under loss: Loss) -> LabelledData.TargetRules {
        .init(use: targetUse(under: loss), mapping: classMap, classCount: classes, classCountName: "data.classes")
    }

    /// What targets are: as the config says, else as the loss compares them.
    func targetUse(under loss: Loss) -> TargetUse {
        if targets.map({ $0 == .values }) ?? loss.comparesValues { return .values }
        if case .softmaxCrossEntropy = loss, targets == nil { return .classesOrProbabilities }
        return .classes
    }
}

/// What all rows of a split depend on.
struct SplitKey: Hashable {
    let split: SplitRequest
    let rules: LabelledData.TargetRules
    /// The training split that a validation or test split must fit.
    let training: SplitRequest?
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
    let residency: Residency
    let streamMemory: Int
    let labelNoise: LabelNoise?

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
        residency = data.residency
        streamMemory = data.streamMemory
        labelNoise = data.labelNoise
    }
}

/// Inputs without their zeros, each made when it is first asked for.
final class SparseInputForms: Sendable {
    private struct Key: Hashable {
        let scalar: ObjectIdentifier
        /// Where the inputs are in memory, by which those that splits share are known.
        let inputs: UnsafeRawPointer?
    }
    private let forms = Mutex<[Key: any Sendable]>([:])
    private let density = Mutex<(share: Double?, isKnown: Bool)>((nil, false))

    /// The rows of `inputs` that splits use, scaled.
    ///
    /// `scaling` is always the same, and so are `used`.
    func form<S: Scalar>(of inputs: Examples, used: [RowSet], scaling: Scaling) -> SparseRows<S> {
        forms.withLock { forms in
            let key = Key(scalar: ObjectIdentifier(S.self), inputs: inputs.baseAddress)
            if let known = forms[key] as? SparseRows<S> { return known }
            let made: SparseRows<S> = inputs.withoutZeros(of: used, scaling: scaling)
            forms[key] = made
            return made
        }
    }

    /// What `measure` returned when it was first called.
    func density(_ measure: () throws(DataError) -> Double?) throws(DataError) -> Double? {
        try density.withLock { density throws(DataError) in
            if !density.isKnown { density = (try measure(), true) }
            return density.share
        }
    }
}
