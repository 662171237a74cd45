import Datasets
import Keys
import Support

extension Config {
    /// The object `data`: what to train on.
    package struct Data: Keyed {
        package let file: String
        package let train: Split
        package let validation: Validation?
        package let test: Split?
        package let scaling: ScalingKind
        package let binarizeAbove: Double?
        package let limit: Int?
        package let classes: Int?
        package let shuffle: Bool
        package let splitSeed: UInt64
        package let sampling: Sampling
        package let dropLast: Bool

        package init(_ keys: KeyReader) throws(ConfigError) {
            file = try keys.required("file", .path, "The HDF5 file.")
            train = try keys.required("train", .object, "Training inputs and targets.")
            validation = try keys.optional(
                "validation",
                .either(
                    Form<ValidationFraction>.object.map { .fraction($0.fraction) },
                    Form<Split>.object.map { .split($0) }),
                "no validation split", "A split of its own, or a `fraction` of the training rows.")
            test = try keys.optional("test", .object, "no test split", "Test inputs and targets.")
            scaling = try keys(
                "scaling", .choice([.none, .unit, .minMax, .standardize, .center]), "none",
                "Of each feature, fitted on the training rows; `unit` divides integers by their type's largest value.")
            binarizeAbove = try keys.optional(
                "binarize_above", .number(.any), "inputs as they are", "Inputs above it become 1, others 0.")
            limit = try keys.optional("limit", .positiveInteger, "all rows", "Train on the first rows only.")
            classes = try keys.optional(
                "classes", .integer(2...Int(Int32.max)), "the largest label plus one", "Number of classes.")
            shuffle = try keys("shuffle", .boolean, true, "Whether each epoch has an order of its own.")
            splitSeed = UInt64(try keys("split_seed", .naturalNumber, 0, "Seed of the choice of validation rows."))
            sampling = try keys(
                "sampling", .choice, "without_replacement", "Whether an epoch visits every row once.")
            dropLast = try keys(
                "drop_last", .boolean, true, "Whether an epoch's last, smaller batch is left out.")
            try keys.require(
                binarizeAbove == nil || scaling == .none, "binarize_above",
                "is given together with scaling \(keys.found("scaling")); binarized inputs are 0 or 1 already, so leave "
                    + "out one of the two")
        }
    }

    /// The inputs and the targets of a split: datasets in the file.
    package struct Split: Keyed, Hashable {
        package let inputs: String
        package let targets: String

        package init(_ keys: KeyReader) throws(ConfigError) {
            inputs = try keys.required(
                "inputs", .string, "Path of a dataset in the file; rows first, the rest is flattened.")
            targets = try keys.required(
                "targets", .string,
                "Path of a dataset in the file: classes, one-hot rows, or floating values for `mean_squared_error`.")
        }
    }

    /// Where the rows of the validation split come from.
    package enum Validation: Hashable, Sendable {
        case split(Split)
        case fraction(Double)
    }

    private struct ValidationFraction: Keyed {
        let fraction: Double

        init(_ keys: KeyReader) throws(ConfigError) {
            fraction = try keys.required(
                "fraction", .number(NumberRange(above: 0, below: 1)), "Share of the training rows set aside.")
        }
    }
}
