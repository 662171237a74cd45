import Keys
import NeuralNetwork
import Support

extension Config {
    /// The object `evaluation`: when and how the splits are evaluated.
    package struct Evaluation: Keyed {
        /// Steps between evaluations; nil stands for an epoch.
        package let every: Int?
        package let modes: [NormalizationMode]
        /// The splits to evaluate; nil stands for every one that there is.
        package let splits: [SplitName]?
        package let batchSize: Int
        /// How many rows of each split are drawn for an evaluation; splits that it leaves out are evaluated whole.
        package let sample: [SplitName: Int]
        package let perturbations: [any Perturbation]

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys.optional(
                "every", .stepCount, "an epoch", "Steps between evaluations; 0 leaves only the one at the end.")
            modes = try keys(
                "modes", .set(of: .choice, refusingEmpty: "name at least one mode, such as \"running\""), ["running"],
                "Which moments batch normalization uses: the running averages, each evaluation batch's own, or "
                    + "averages recomputed over training batches.")
            splits = try keys.optional(
                "splits", .set(of: .choice), "every split that there is", "What to evaluate.")
            batchSize = try keys("batch_size", .rowCount, 1000, "Rows of an evaluation batch.")
            let sizes: SampleSizes? = try keys.optional(
                "sample", .object, "all rows", "How many rows of a split are drawn anew for each evaluation.")
            sample = sizes?.counts ?? [:]
            perturbations =
                try keys.optional(
                    "perturbations", .list(of: Perturbations.form), "none",
                    "Changes of the inputs under which the splits are evaluated too, such as noise and attacks.") ?? []
        }
    }

    /// The object `evaluation.sample`.
    private struct SampleSizes: Keyed {
        let counts: [SplitName: Int]

        init(_ keys: KeyReader) throws(ConfigError) {
            var counts: [SplitName: Int] = [:]
            for split in SplitName.allCases {
                counts[split] = try keys.optional(
                    split.rawValue, .rowCount, "all rows", "Rows of the \(split.rawValue) split; all, if it has fewer.")
            }
            self.counts = counts
        }
    }

    /// The object `checkpoint`: when the state of a run is kept, and where.
    package struct Checkpoint: Keyed {
        package let every: Int
        package let directory: String?
        package let keep: Int?
        package let best: MetricChoice?

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys("every", .stepCount, 0, "Steps between checkpoints; 0 leaves only the one at the end.")
            directory = try keys.optional(
                "directory", .path, "`<results file>.checkpoints`", "Where they go, as `<uuid>/step-<step>.h5`.")
            keep = try keys.optional("keep", .positiveInteger, "all", "How many of the newest are kept.")
            best = try keys.optional(
                "best", .object, "none", "Also keep the state of the best evaluation, as `<uuid>/best.h5`.")
        }
    }
}
