/// How the rows of a batch are drawn from the training rows; the raw values are those of the config key
/// `data.sampling`.
package enum Sampling: String, CaseIterable, Codable, Sendable {
    case withoutReplacement = "without_replacement"
    case withReplacement = "with_replacement"
}

/// How many batches an epoch of sampling with replacement has, of N rows and batches of B.
package enum EpochLength: String, CaseIterable, Codable, Sendable {
    /// N / B, the last part of a batch counted as one.
    case roundedUp = "rounded_up"
    /// N / B without a last part, but at least 1, as the Solver of Stanford's course CS231n counts.
    case roundedDown = "rounded_down"
}
