/// The moments that batch normalization uses in evaluation.
package enum NormalizationMode: String, CaseIterable, Sendable {
    /// Evaluation normalizes with the running averages, as inference does.
    case running
    /// Evaluation normalizes with the batch's own moments, as training does.
    case batch
    /// Evaluation normalizes with averages over training batches that pass through the network as it is; see
    /// `StatisticsRecomputation`.
    case recomputed
}

/// The purpose of a forward pass.
package enum Pass: Equatable, Sendable {
    /// The pass is of the batch that makes update `step` + 1, with batch statistics, dropout and noise.
    case training(step: Int)
    /// The pass is without dropout and noise.
    case evaluation(NormalizationMode)

    var usesBatchStatistics: Bool {
        switch self {
        case .training, .evaluation(.batch): true
        case .evaluation: false
        }
    }
}
