import Foundation

/// The numbers of a proposed config that the size of the data decides.
///
/// They are rules of thumb that were fitted to the data sets of `Benchmarks/init_quality.py`: few rows want a small
/// network, many epochs and much noise, many rows a larger network and few epochs.
package struct Recipe: Equatable, Sendable {
    package let hidden: [Int]
    package let dropout: Double
    package let learningRate: Double
    package let batchSize: Int
    package let epochs: Int
    /// Epochs between evaluations, about twenty of which are made.
    package let evaluatedEpochs: Int

    /// - Parameters:
    ///   - rowCount: that of the training rows.
    ///   - magnitude: of values that are approximated, the root of their mean square; nil for classes.
    package init(rowCount: Int, featureCount: Int, magnitude: Double? = nil) {
        let isSmall = rowCount < 1000, isMiddling = rowCount < 10_000
        // Values suffer from dropout more than classes do.
        let hidden = isSmall ? (magnitude == nil ? [128] : [64]) : isMiddling ? [128, 128] : [256, 256]
        self.hidden = featureCount > 256 ? hidden.map { 2 * $0 } : hidden
        dropout = magnitude == nil ? (isSmall ? 0.4 : 0.2) : isSmall ? 0.2 : 0
        batchSize = max(2, min(isSmall ? 32 : isMiddling ? 64 : 128, rowCount / 4))
        let stepsPerEpoch = max(1, rowCount / batchSize), steps = isSmall ? 3000 : isMiddling ? 6000 : 20_000
        epochs = max(1, min(200, steps / stepsPerEpoch))
        evaluatedEpochs = max(1, epochs / 20)
        // The output's bias moves by about the rate at each step, and has to come to the mean of the values; by halves
        // and doubles, since more digits would say nothing.
        learningRate =
            magnitude.map { size in 0.01 * exp2(log2(max(1, min(1000, size / 10))).rounded()) }
            ?? (isSmall ? 0.005 : 0.01)
    }
}
