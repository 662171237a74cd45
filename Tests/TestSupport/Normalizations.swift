import NeuralNetwork

// Normalizations by their options, for tests that care about few of them.

package func batchNormalization(
    epsilon: Double = 1e-5, hasScale: Bool = true, hasShift: Bool = true, initialGamma: Double = 1,
    initialBeta: Double = 0, subtractsMean: Bool = true,
    dividesByDeviation: Bool = true, placement: NormalizationPlacement = .beforeActivation,
    running: RunningStatisticsDescription = RunningStatisticsDescription(), noise: NormalizationNoise? = nil,
    backward: BatchNormalization.Backward = .closedForm
) -> BatchNormalization {
    BatchNormalization(
        BatchOptions(
            epsilon: epsilon,
            affine: AffineOptions(
                hasScale: hasScale, hasShift: hasShift, initialGamma: initialGamma, initialBeta: initialBeta),
            subtractsMean: subtractsMean, dividesByDeviation: dividesByDeviation, placement: placement,
            running: running, noise: noise), backward: backward)
}

package func ghostBatch(
    size: Int, epsilon: Double = 1e-5, subtractsMean: Bool = true, dividesByDeviation: Bool = true,
    placement: NormalizationPlacement = .beforeActivation
) -> GhostBatchNormalization {
    GhostBatchNormalization(
        size: size,
        BatchOptions(
            epsilon: epsilon, subtractsMean: subtractsMean, dividesByDeviation: dividesByDeviation,
            placement: placement))
}

package func layerNormalization(
    epsilon: Double = 1e-5, hasScale: Bool = true, hasShift: Bool = true,
    placement: NormalizationPlacement = .beforeActivation, noise: NormalizationNoise? = nil
) -> LayerNormalization {
    LayerNormalization(
        RowOptions(
            epsilon: epsilon, affine: AffineOptions(hasScale: hasScale, hasShift: hasShift), placement: placement,
            noise: noise))
}

package func rms(epsilon: Double = 1e-5, hasShift: Bool = true) -> RMSNormalization {
    RMSNormalization(RowOptions(epsilon: epsilon, affine: AffineOptions(hasShift: hasShift)))
}
