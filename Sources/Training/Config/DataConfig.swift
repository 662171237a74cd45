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
        package let scaling: ScalingChoice
        package let binarizeAbove: Double?
        package let limit: Int?
        package let sample: Int?
        package let classes: Int?
        /// Whether targets are classes or values; nil where the loss tells.
        package let targets: TargetKind?
        package let classMap: ClassMapping
        package let permissions: HDF5Permissions
        package let residency: Residency
        /// Mebibytes for rows that are read ahead.
        package let streamMemory: Int
        package let shuffle: Bool
        package let splitSeed: UInt64
        package let sampling: Sampling
        package let dropLast: Bool
        package let epochLength: EpochLength
        /// Wrong labels of training rows; nil for none.
        package let labelNoise: LabelNoise?

        package init(_ keys: KeyReader) throws(ConfigError) {
            file = try keys.required("file", .path, "The HDF5 file.")
            train = try keys.required("train", .object, "Training inputs and targets.")
            validation = try keys.optional(
                "validation",
                .either(
                    Form<ValidationFraction>.object.map { .fraction($0.fraction, isStratified: $0.isStratified) },
                    Form<Split>.object.map { .split($0) }),
                "no validation split", "A split of its own, or a `fraction` of the training rows.")
            test = try keys.optional("test", .object, "no test split", "Test inputs and targets.")
            scaling = try keys(
                "scaling",
                .either(
                    Form<ScalingKind>.choice([.none, .unit, .minMax, .standardize, .center]).map { ScalingChoice($0) },
                    Form<ScalingChoice>.object), "none",
                "Of each feature, fitted on the training rows; `unit` divides integers by their type's largest value.")
            let unit = JSON(.object([JSON.Member("kind", "unit"), JSON.Member("maximum", 255.0)]))
            keys.example(of: "scaling.maximum", ["binarize_above": JSON(.null), "scaling": unit])
            binarizeAbove = try keys.optional(
                "binarize_above", .number(.any), "inputs as they are", "Inputs above it become 1, others 0.")
            limit = try keys.optional("limit", .positiveInteger, "all rows", "Train on the first rows only.")
            sample = try keys.optional(
                "sample", .positiveInteger, "all rows",
                "Train on so many rows drawn by `split_seed`, with the shares that classes have of all.")
            for name in ["limit", "sample"] { keys.example(of: name, [name: 1000]) }
            try keys.require(
                limit == nil || sample == nil, "sample", "is given together with limit; leave out one of the two")
            classes = try keys.optional(
                "classes", .integer(2...Int(Int32.max)), "as many as the training labels tell",
                "Number of classes; labels are then their numbers, 0 and up.")
            keys.example(of: "classes", ["classes": 10])
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
                    "How labels become classes: `auto` numbers names, booleans and numbers other than 0, 1, 2, ... in "
                        + "sorted order; `as_numbers` takes them as they are; an object gives each label its class.")
                ?? .automatic
            permissions = HDF5Permissions(
                unwritten: try keys.optional(
                    "allow_unwritten", .boolean, "false", "Whether values that were never written are their fill value."
                )
                    ?? false,
                rawFiles: try keys.optional(
                    "allow_external", .boolean, "false", "Whether values may be in other files that are no HDF5 files.")
                    ?? false)
            residency =
                try keys.optional(
                    "residency", .choice, "`auto`",
                    "Whether inputs are kept in `memory`, or read from the file while training (`stream`); `auto` "
                        + "streams what memory has no room for.") ?? .automatic
            streamMemory =
                try keys.optional(
                    "stream_memory", .integer(1...1 << 20), "256",
                    "Mebibytes for rows that are read ahead under `stream`; "
                        + "more of them shuffle more freely.") ?? 256
            shuffle = try keys("shuffle", .boolean, true, "Whether each epoch has an order of its own.")
            splitSeed = UInt64(try keys("split_seed", .naturalNumber, 0, "Seed of the choice of validation rows."))
            sampling = try keys(
                "sampling", .choice, "without_replacement", "Whether an epoch visits every row once.")
            dropLast = try keys(
                "drop_last", .boolean, true, "Whether an epoch's last, smaller batch is left out.")
            let length: EpochLength? = try keys.optional(
                "epoch_length", .choice, "`rounded_up`",
                "Batches of an epoch of `with_replacement`: rows / batch size, rounded up or down (1 at least).")
            keys.example(of: "epoch_length", ["sampling": "with_replacement", "epoch_length": "rounded_down"])
            epochLength = length ?? .roundedUp
            labelNoise = try keys.optional(
                "label_noise", .object, "labels as they are", "Wrong labels of training rows, made on purpose."
            ).map { [splitSeed] (noise: LabelNoiseKeys) in noise.described(splitSeed: splitSeed) }
            try keys.require(
                length == nil || sampling == .withReplacement, "epoch_length",
                "is given for sampling \(keys.found("sampling")), and belongs to \"with_replacement\"; leave it out, "
                    + "drop_last says what becomes of a last, smaller batch")
            try keys.require(
                binarizeAbove == nil || scaling.kind == .none, "binarize_above",
                "is given together with scaling \(keys.found("scaling")); binarized inputs are 0 or 1 already, so "
                    + "leave out one of the two")
        }
    }

    /// How inputs are scaled, and to what that is fitted.
    package struct ScalingChoice: Keyed, Hashable {
        package let kind: ScalingKind
        /// What `unit` divides by; nil for the largest value of the type.
        package let maximum: Double?
        /// Whether it is fitted to all training rows, also those that `limit` and `sample` leave out.
        package let fitsAllRows: Bool

        init(_ kind: ScalingKind) {
            self.kind = kind
            maximum = nil
            fitsAllRows = false
        }

        package init(_ keys: KeyReader) throws(ConfigError) {
            kind = try keys.required("kind", .choice([.none, .unit, .minMax, .standardize, .center]), "The scaling.")
            maximum = try keys.optional(
                "maximum", .number(.positive), "the type's largest value", "What `unit` divides by.")
            fitsAllRows =
                try keys.optional(
                    "fitted_to", .choice(["used_rows", "all_rows"]), "`used_rows`",
                    "Whether training rows that `limit` and `sample` leave out count."
                ).map { $0 == "all_rows" } ?? false
            try keys.require(
                maximum == nil || kind == .unit, "maximum",
                "is given for scaling \(keys.found("kind")), and belongs to \"unit\"; leave it out")
        }
    }

    /// The object `data.label_noise`.
    private struct LabelNoiseKeys: Keyed {
        let kind: LabelNoise.Kind
        let fraction: Double
        /// nil for that of the split.
        let seed: UInt64?

        init(_ keys: KeyReader) throws(ConfigError) {
            fraction = try keys.required(
                "fraction", .number(NumberRange(least: 0, most: 1)),
                "The probability with which each training row's label is replaced.")
            kind = try keys(
                "kind", .choice, "symmetric",
                "By what: another class (`symmetric`), any class, the right one too (`uniform`), or the next one "
                    + "(`pair`)."
            )
            seed = try keys.optional("seed", .naturalNumber, "`data.split_seed`", "Seed of the choice.").map(
                UInt64.init)
        }

        func described(splitSeed: UInt64) -> LabelNoise {
            LabelNoise(kind, fraction: fraction, seed: seed ?? splitSeed)
        }
    }

    /// What targets are.
    package enum TargetKind: String, CaseIterable, Sendable { case classes, values }

    private enum ClassMapKind: String, CaseIterable, Sendable { case auto, asNumbers = "as_numbers" }

    /// The inputs and the targets of a split: datasets in the file.
    package struct Split: Keyed, Hashable {
        package let inputs: String
        package let targets: String
        /// Where the split lies, if not in `data.file`.
        package let files: [String]
        package let rows: DatasetRequest.Rows?
        package let columns: Columns?
        package let fields: Fields?
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
                "rows",
                .either(
                    Form<[Int]>.numberRange.map { .range($0.first ?? 0, $0.count == 2 ? $0[1] : -1) },
                    Form<String>.string.map { .listed(in: $0) }), "all rows",
                "The rows from the first of two numbers to the one before the second, counted from 0; or the path of a "
                    + "dataset that lists or marks them.")
            files =
                try keys.optional(
                    "file", .either(Form<String>.path.map { [$0] }, .list(of: .path)), "`data.file`",
                    "The HDF5 file of this split; several, in a list or with `*` in the name, are read one after the "
                        + "other."
                ) ?? []
            columns = try keys.optional(
                "columns",
                .either(Form<[Int]>.numberRange.map { Columns(inputs: $0) }, Form<Columns>.object), "all features",
                "The features of the inputs, from the first of two numbers to the one before the second; or such "
                    + "numbers for `inputs` and `targets`.")
            fields = try keys.optional(
                "field", .object, "none", "Fields of a compound dataset: of the inputs, a list, and of the targets.")
            examplesAreLast = try keys.optional(
                "examples", .choice(["first", "last"]), "`last` for MATLAB's arrays, else `first`",
                "Which dimension counts the examples."
            ).map { $0 == "last" }
            keys.example(of: "rows", ["rows": [0, 1000]])
            keys.example(of: "columns", ["columns": [0, 10]])
            var isOrdered = true
            if case .range(let first, let end)? = rows { isOrdered = first < end }
            try keys.require(
                isOrdered, "rows",
                "is \(keys.found("rows")); expected two numbers [from, to], the first below the second")
            for range in [columns?.inputs, columns?.targets] {
                try keys.require(
                    range.map { $0.count == 2 && $0[0] < $0[1] } ?? true, "columns",
                    "is \(keys.found("columns")); expected two numbers [from, to], the first below the second")
            }
        }
    }

    /// The features of inputs and targets.
    package struct Columns: Keyed, Hashable {
        package let inputs: [Int]?
        package let targets: [Int]?

        init(inputs: [Int]) {
            self.inputs = inputs
            targets = nil
        }

        package init(_ keys: KeyReader) throws(ConfigError) {
            inputs = try keys.optional("inputs", .numberRange, "all", "From the first to the one before the second.")
            targets = try keys.optional("targets", .numberRange, "all", "From the first to the one before the second.")
            for name in ["inputs", "targets"] { keys.example(of: name, [name: [0, 10]]) }
        }
    }

    /// The fields of a compound dataset.
    package struct Fields: Keyed, Hashable {
        package let inputs: [String]
        package let targets: [String]

        package init(_ keys: KeyReader) throws(ConfigError) {
            inputs = try keys.optional("inputs", .set(of: .string), "none", "Fields that are features.") ?? []
            targets = try keys.optional("targets", .string, "none", "The field of the targets.").map { [$0] } ?? []
        }
    }

    /// Where the rows of the validation split come from.
    package enum Validation: Hashable, Sendable {
        case split(Split)
        /// - Parameter isStratified: whether both parts have the same shares of each class.
        case fraction(Double, isStratified: Bool)
    }

    private struct ValidationFraction: Keyed {
        let fraction: Double
        let isStratified: Bool

        init(_ keys: KeyReader) throws(ConfigError) {
            fraction = try keys.required(
                "fraction", .number(NumberRange(above: 0, below: 1)), "Share of the training rows set aside.")
            isStratified =
                try keys.optional(
                    "stratify", .boolean, "false", "Whether both parts have the same shares of each class.") ?? false
        }
    }
}

extension Form where Value == [Int] {
    /// The first of some features and the one behind the last.
    fileprivate static var numberRange: Form { .list(of: .integer(0...Shape.largestStepCount)) }
}

extension Config.Split {
    /// Where one matrix holds both, its last column is the target.
    private var isOneMatrix: Bool { inputs == targets && columns == nil && fields == nil }

    /// What is asked of files.
    ///
    /// - Throws: an error if a name with `*` fits no file.
    func request(in config: Config.Data) throws(DataError) -> SplitRequest {
        func range(_ columns: [Int]?) -> DatasetRequest.Columns? { columns.map { .range($0[0], $0[1]) } }
        return SplitRequest(
            files: try existingFiles(files.isEmpty ? [config.file] : files),
            inputs: DatasetRequest(
                name: inputs, rows: rows, columns: isOneMatrix ? .allButLast : range(columns?.inputs),
                fields: fields?.inputs ?? [], examplesAreLast: examplesAreLast),
            targets: DatasetRequest(
                name: targets, rows: rows, columns: isOneMatrix ? .last : range(columns?.targets),
                fields: fields?.targets ?? [], examplesAreLast: examplesAreLast),
            permissions: config.permissions)
    }
}
