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
        /// Whether targets are classes or values; nil where the loss tells.
        package let targets: TargetKind?
        package let classMap: ClassMapping
        package let permissions: HDF5Permissions
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
                "classes", .integer(2...Int(Int32.max)), "as many as the training labels tell",
                "Number of classes; labels are then their numbers, 0 and up.")
            targets = try keys.optional(
                "targets", .choice, "what the loss compares",
                "What targets are: classes, or values to be approximated.")
            classMap =
                try keys.optional(
                    "class_map",
                    .either(
                        Form<ClassMapKind>.choice.map { $0 == .auto ? .automatic : .asNumbers },
                        Form<[NamedValue<Int>]>.map(of: .integer(0...Int(Int32.max) - 1), name: "label").map { labels in
                            .given(Dictionary(labels.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
                        }),
                    "auto",
                    "How labels become classes: `auto` numbers names, booleans and numbers other than 0, 1, 2, ... in sorted "
                        + "order; `as_numbers` takes them as they are; an object gives each label its class.")
                ?? .automatic
            permissions = HDF5Permissions(
                unwritten: try keys.optional(
                    "allow_unwritten", .boolean, "false", "Whether values that were never written are their fill value."
                )
                    ?? false,
                rawFiles: try keys.optional(
                    "allow_external", .boolean, "false", "Whether values may be in other files that are no HDF5 files.")
                    ?? false)
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

    /// What targets are.
    package enum TargetKind: String, CaseIterable, Sendable { case classes, values }

    private enum ClassMapKind: String, CaseIterable, Sendable { case auto, asNumbers = "as_numbers" }

    /// The inputs and the targets of a split: datasets in the file.
    package struct Split: Keyed, Hashable {
        package let inputs: String
        package let targets: String
        package let rows: [Int]?
        /// Whether the last dimension counts the examples; nil where the file tells.
        package let examplesAreLast: Bool?

        package init(_ keys: KeyReader) throws(ConfigError) {
            inputs = try keys.required(
                "inputs", .string, "Path of a dataset in the file; rows first, the rest is flattened.")
            targets = try keys.required(
                "targets", .string,
                "Path of a dataset in the file: classes (numbers, names or one-hot rows), or values for "
                    + "`mean_squared_error`.")
            rows = try keys.optional(
                "rows", .list(of: .integer(0...Shape.largestStepCount)), "all rows",
                "The rows from the first of two numbers to the one before the second, counted from 0.")
            examplesAreLast = try keys.optional(
                "examples", .choice(["first", "last"]), "`last` for MATLAB's arrays, else `first`",
                "Which dimension counts the examples."
            ).map { $0 == "last" }
            try keys.require(
                rows.map { $0.count == 2 && $0[0] < $0[1] } ?? true, "rows",
                "is \(keys.found("rows")); expected two numbers [from, to], the first below the second")
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

extension Config.Split {
    var inputRequest: DatasetRequest { request(inputs) }
    var targetRequest: DatasetRequest { request(targets) }

    private func request(_ name: String) -> DatasetRequest {
        DatasetRequest(name: name, rows: rows, examplesAreLast: examplesAreLast)
    }
}
