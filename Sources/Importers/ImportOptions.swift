import Datasets

/// What the user asks of every importer beside what its format needs.
package struct ImportOptions {
    /// The share of rows that become the test split; nil to leave the splits as the source has them.
    package var testFraction: Double?
    /// Whether both parts get the same shares of each class.
    package var isStratified = false
    /// What the rows of the test split are drawn by.
    package var seed: UInt64 = 0
    /// How inputs are scaled, fitted to the training rows; nil to leave them as they are.
    package var scaling: ScalingKind?

    /// What an import does that takes time.
    package enum Work: Sendable {
        /// Bytes of the source are read.
        case reading
        /// Rows are written.
        case writing
    }
    /// Is told, on one thread at a time, how much of some work is done.
    package var progress: (_ work: Work, _ done: Int, _ total: Int) -> Void = { _, _, _ in }

    package init() {}
}
