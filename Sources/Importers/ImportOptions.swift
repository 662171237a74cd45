import Datasets

/// What the user asks of every importer beside what its format needs.
package struct ImportOptions: Sendable {
    /// The share of rows that become the test split; nil to leave the splits as the source has them.
    package var testFraction: Double?
    /// Whether both parts get the same shares of each class.
    package var isStratified = false
    /// What the rows of the test split are drawn by.
    package var seed: UInt64 = 0
    /// How inputs are scaled, fitted to the training rows; nil to leave them as they are.
    package var scaling: ScalingKind?

    package init() {}
}
