import Keys
import NeuralNetwork
import Support

extension Config {
    /// The object `model`: the network.
    package struct Model: Keyed {
        package enum Bias: String, CaseIterable, Sendable { case auto, always, never }

        package let hidden: [Int]
        /// The activation function of each hidden layer.
        package let activations: [Activation]
        /// The normalization of each hidden layer.
        package let normalizations: [(any Normalization)?]
        /// The normalization of the output layer.
        package let logitNormalization: (any Normalization)?
        package let weightReparameterization: WeightReparameterization
        package let initialization: Initialization
        package let bias: Bias
        package let dropout: Double
        /// Blocks with skip connections; nil for none.
        package let residual: ResidualBlocks?
        package let frozen: [ParameterPattern]
        package let initialWeights: String?
        package let outputs: Int?

        /// How many training batches recomputed statistics are the mean of.
        package var recomputeBatches: Int {
            normalizations.compactMap { $0?.statistics?.recomputeBatches }.max() ?? 100
        }

        package init(_ keys: KeyReader) throws(ConfigError) {
            let hidden = try keys.required(
                "hidden", .either(.list(of: .positiveInteger), Form<HiddenLayers>.object.map { $0.widths }),
                "Units of each hidden layer, or the width of all and their number; `[]` is softmax regression.")
            self.hidden = hidden
            let activation: PerLayer<Activation> = try keys(
                "activation", PerLayer.form(.choice), "relu", "One, or one per hidden layer.")
            let normalization = try keys(
                "normalization", PerLayer.form(Normalizations.form), .kind("none"),
                "Of the hidden layers; one, or one per layer. See docs/normalization.md.")
            let normalizesLogits = try keys(
                "normalize_logits", .boolean, false,
                "Whether the output layer is normalized as the (last) hidden layer is.")
            weightReparameterization = try keys(
                "weight_normalization", .choice, "none", "How every weight is made from the trained one.")
            initialization = try keys("initialization", Initialization.form, .kind("he"), "Of the weights.")
            bias = try keys(
                "bias",
                .either(Form<Bool>.boolean.map { $0 ? Bias.always : .never }, .choice([.auto])), "auto",
                "`auto` leaves out the bias that batch normalization would subtract again.")
            dropout = try keys(
                "dropout", .number(.fraction), 0.0, "Probability that a hidden layer's output is dropped in training.")
            residual = try keys.optional(
                "residual", .object, "no skip connections",
                "Skip connections around blocks of hidden layers; see docs/architecture.md.")
            frozen = try keys(
                "frozen", .set(of: ParameterPattern.form), [],
                "Parameters that are not trained: `gamma` in every layer, or `0/weight` in layer 0.")
            initialWeights = try keys.optional(
                "initial_weights", .path, "drawn as `initialization` says",
                "HDF5 or safetensors file with the parameters to start from, such as a checkpoint; see docs/interop.md."
            )
            outputs = try keys.optional(
                "outputs", .rowCount, "the number of classes or values", "Units of the output layer.")
            keys.example(of: "outputs", ["outputs": 10])

            for (key, count) in [("activation", activation.count), ("normalization", normalization.count)] {
                try keys.require(
                    count == nil || count == hidden.count, key,
                    "found a list of \(count ?? 0), but model.hidden has \(hidden.count) layers; give one for all, or "
                        + "one per hidden layer")
            }
            activations = activation.values(hidden.count)
            normalizations = normalization.values(hidden.count)
            let last = normalization.last
            logitNormalization = normalizesLogits ? last ?? nil : nil
            try keys.require(
                !normalizesLogits || last != nil, "normalize_logits",
                "true, but model.normalization is an empty list; give the kind that the logits are to have")
            try keys.require(
                !normalizesLogits || logitNormalization != nil, "normalize_logits",
                "true, but model.normalization is of kind \"none\"; give the kind that the logits are to have")
            let layerCount = hidden.count + 1
            try keys.require(
                initialization.gain?.count.map { $0 == layerCount } ?? true, "initialization.gain",
                "found a list of \(initialization.gain?.count ?? 0), but the network has \(layerCount) layers with the "
                    + "output layer; give one for all, or one per layer")
            try keys.require(
                weightReparameterization != .weightNorm || initialization.kind != .zeros || initialWeights != nil,
                "weight_normalization",
                "found \"weight_norm\", which divides by the weights' norm, but model.initialization is of kind "
                    + "\"zeros\"; choose another kind")
            if let problem = residual?.problem(hidden: hidden) {
                try keys.require(false, problem.key, problem.message)
            }
            try keys.require(
                weightReparameterization != .weightNorm || residual?.isFixup != true || initialWeights != nil,
                "weight_normalization",
                "found \"weight_norm\", which divides by the weights' norm, but model.residual.fixup starts the last "
                    + "layer of each block with weights 0; choose one of the two")
        }
    }

    /// Hidden layers that are alike, so that their number is an axis of sweeps.
    private struct HiddenLayers: Keyed {
        let widths: [Int]

        init(_ keys: KeyReader) throws(ConfigError) {
            let width = try keys.required("width", .rowCount, "Units of every hidden layer.")
            let depth = try keys.required("depth", .integer(0...10_000), "The number of hidden layers.")
            widths = Array(repeating: width, count: depth)
        }
    }
}
