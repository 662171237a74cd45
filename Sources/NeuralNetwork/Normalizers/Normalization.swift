import Keys
import Support

/// How a layer is normalized: one of the kinds, with its options and its passes.
///
/// A kind is a value without state. What it trains and averages is in the layer's `Normalizer`, what it computes of a
/// batch in the workspace's `NormalizationBuffers`; its two passes are generic functions of these.
package protocol Normalization: KeyedKind {
    /// Parameters that kinds of this type have beside gamma and beta.
    static var ownParameterKinds: [ParameterKind] { get }

    var affine: AffineOptions { get }
    var placement: NormalizationPlacement { get set }
    /// The noise that training adds to the output.
    var noise: NormalizationNoise? { get }
    /// The statistics that are taken over the batch; nil where none are, so that training and inference are the same.
    var statistics: BatchStatistics? { get }
    /// The parameters beside gamma and beta, in the order in which they are stored.
    var ownParameters: [OwnParameter] { get }
    /// Whether each feature is normalized without looking at others, so that the passes may be given some at a time.
    var isByFeature: Bool { get }
    /// Whether the output is the same, up to epsilon, if all of h is multiplied by a positive number.
    var forgetsScale: Bool { get }
    /// The deliberate mistakes that the backward pass knows how to make.
    var faults: Set<Fault> { get }

    /// What is wrong with the value of a key for a layer of so many features and batches of so many rows, if something
    /// is.
    func problem(features: Int, rows: Int) -> (key: String, message: String)?

    /// The shapes of the buffers that the kind needs for a batch beside those that all have.
    func ownBufferShapes(rows: Int, features: Int, forTraining: Bool) -> [(rows: Int, columns: Int)]

    /// The shapes of the buffers that the kind needs in float64, whatever the precision.
    func exactBufferShapes(features: Int) -> [(rows: Int, columns: Int)]

    /// The module of PyTorch that computes the same in evaluation.
    func torchModule(features: Int) throws(NoTorchModule) -> TorchModule

    /// The number of the own buffer (1 x H) that multiplies normalized values in the place of gamma, if one does.
    var scaleBuffer: Int? { get }

    /// Normalizes the features `columns` of h (N x H) into the buffers' `normalized` and `output`.
    func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>)

    /// Turns dL/doutput into dL/dh, in place, for the features `columns`, and overwrites the gradients of their
    /// parameters.
    /// - Parameters:
    ///   - gradient: N x H; dL/doutput before and dL/dh after.
    ///   - h: the input of `forward`.
    func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>)

    /// The same after a pass with running statistics, which are constants: dL/dh = gamma dL/doutput / deviation.
    ///
    /// Only the gradient is overwritten, no parameter's.
    func backwardInInference<S: Scalar>(
        gradient: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, columns: Range<Int>)
}

extension Normalization {
    package static var ownParameterKinds: [ParameterKind] { [] }
    package var noise: NormalizationNoise? { nil }
    package var statistics: BatchStatistics? { nil }
    package var ownParameters: [OwnParameter] { [] }
    package var isByFeature: Bool { false }
    package var forgetsScale: Bool { statistics?.dividesByDeviation ?? true }
    package var scaleBuffer: Int? { nil }
    package func torchModule(features: Int) throws(NoTorchModule) -> TorchModule {
        throw NoTorchModule(reason: "\(kind) is no module of PyTorch")
    }
    package var faults: Set<Fault> { [] }
    package func problem(features: Int, rows: Int) -> (key: String, message: String)? { nil }
    package func ownBufferShapes(rows: Int, features: Int, forTraining: Bool) -> [(rows: Int, columns: Int)] { [] }
    package func exactBufferShapes(features: Int) -> [(rows: Int, columns: Int)] { [] }

    package func backwardInInference<S: Scalar>(
        gradient: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, columns: Range<Int>
    ) {
        scaleColumns(
            gradient[columns: columns], by: buffers.moments[0].inverseStandardDeviation, gamma: state.gamma?.value)
    }

    /// The name of the kind, as configs and the results file have it.
    package var kind: String { Self.kind }
    /// Whether statistics are taken over the batch, so that one row cannot be normalized and inference needs running
    /// statistics.
    package var isOverBatch: Bool { statistics != nil }
    /// Whether the layer's bias would be subtracted again.
    package var cancelsBias: Bool { statistics?.subtractsMean == true && placement == .beforeActivation }
}

/// The kinds of normalization.
package enum Normalizations {
    /// Every kind; a new one is a file of its own and its name here.
    static let kinds: [any Normalization.Type] = [
        BatchNormalization.self, GhostBatchNormalization.self, BatchRenormalization.self, LayerNormalization.self,
        GroupNormalization.self, RMSNormalization.self, DynamicTanh.self, DecorrelatedBatchNormalization.self,
    ]

    package static let form: Form<(any Normalization)?> = .kinds(
        [KindForm("none", "No normalization.") { _ in nil }] + kinds.map { kindForm($0) })

    private static func kindForm<Kind: Normalization>(_: Kind.Type) -> KindForm<(any Normalization)?> {
        KindForm(Kind.self) { $0 }
    }
}

/// Where in the layer values are normalized: on the activation function's input, or on its output.
package enum NormalizationPlacement: String, CaseIterable, Sendable {
    case beforeActivation = "before_activation"
    case afterActivation = "after_activation"

    init(_ keys: KeyReader) throws(ConfigError) {
        self = try keys(
            "placement", .choice, "before_activation",
            "Whether the activation function's input or its output is normalized.")
    }
}

/// Scale and shift behind a normalization: output = gamma normalized + beta.
package struct AffineOptions: Equatable, Sendable {
    /// Whether gamma exists and is trained; else it is 1.
    package var hasScale = true
    /// Whether beta exists and is trained; else it is 0.
    package var hasShift = true
    package var initialGamma = 1.0
    package var initialBeta = 0.0

    package init(hasScale: Bool = true, hasShift: Bool = true, initialGamma: Double = 1, initialBeta: Double = 0) {
        self.hasScale = hasScale
        self.hasShift = hasShift
        self.initialGamma = initialGamma
        self.initialBeta = initialBeta
    }

    /// - Parameter hasShift: whether the kind is shifted by default.
    init(_ keys: KeyReader, hasShift standard: Bool = true) throws(ConfigError) {
        hasScale = try keys("scale", .boolean, true, "Whether gamma is trained.")
        hasShift = try keys("shift", .boolean, JSON(.boolean(standard)), "Whether beta is trained.")
        initialGamma = try keys("initial_gamma", .number(.any), 1.0, "gamma at the start.")
        initialBeta = try keys("initial_beta", .number(.any), 0.0, "beta at the start.")
        for (exists, key, value, flag, standard) in [
            (hasScale, "initial_gamma", initialGamma, "scale", 1.0),
            (hasShift, "initial_beta", initialBeta, "shift", 0),
        ] {
            try keys.require(
                exists || value == standard, key,
                "found \(keys.found(key)), but \(flag) is false, which leaves it out; remove one of the two")
        }
    }
}

/// A parameter of a normalization beside gamma and beta.
package struct OwnParameter: Sendable {
    package var kind: ParameterKind
    /// Whether there is one value for each unit, 1 x H, rather than one for the layer, 1 x 1.
    package var isPerUnit: Bool
    package var initialValue: Double
}
