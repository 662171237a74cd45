// One structure for each metric table, its properties named after the columns; see docs/results.md for formulas and
// units. nil is NULL: not applicable. Not-a-number is stored as NULL, infinity as itself. The run's id is the writer's
// to add.

package struct TrainingStepRecord: Sendable {
    package var step: Int
    package var epoch: Int
    package var loss: Double
    package var regularizationLoss: Double?
    package var accuracy: Double?
    package var learningRate: Double
    package var gradientNorm: Double?

    package init(
        step: Int, epoch: Int, loss: Double, regularizationLoss: Double?, accuracy: Double?, learningRate: Double,
        gradientNorm: Double?
    ) {
        self.step = step
        self.epoch = epoch
        self.loss = loss
        self.regularizationLoss = regularizationLoss
        self.accuracy = accuracy
        self.learningRate = learningRate
        self.gradientNorm = gradientNorm
    }
}

package struct EvaluationRecord: Sendable {
    package var step: Int
    package var split: String
    package var mode: String
    package var loss: Double
    package var accuracy: Double?
    package var exampleCount: Int

    package init(step: Int, split: String, mode: String, loss: Double, accuracy: Double?, exampleCount: Int) {
        self.step = step
        self.split = split
        self.mode = mode
        self.loss = loss
        self.accuracy = accuracy
        self.exampleCount = exampleCount
    }
}

package struct ActivationStatisticRecord: Sendable {
    package var step: Int
    package var layer: Int
    package var site: String
    package var mean: Double?
    package var standardDeviation: Double?
    package var minimum: Double?
    package var maximum: Double?
    package var zeroFraction: Double?
    package var saturatedFraction: Double?
    package var deadUnitFraction: Double?
    package var gradientNorm: Double?
    package var nonfiniteCount: Int

    package init(
        step: Int, layer: Int, site: String, mean: Double?, standardDeviation: Double?, minimum: Double?,
        maximum: Double?,
        zeroFraction: Double?, saturatedFraction: Double?, deadUnitFraction: Double?, gradientNorm: Double?,
        nonfiniteCount: Int
    ) {
        self.step = step
        self.layer = layer
        self.site = site
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.minimum = minimum
        self.maximum = maximum
        self.zeroFraction = zeroFraction
        self.saturatedFraction = saturatedFraction
        self.deadUnitFraction = deadUnitFraction
        self.gradientNorm = gradientNorm
        self.nonfiniteCount = nonfiniteCount
    }
}

package struct ActivationPercentileRecord: Sendable {
    package var step: Int
    package var layer: Int
    package var site: String
    package var percentile: Double
    package var value: Double

    package init(step: Int, layer: Int, site: String, percentile: Double, value: Double) {
        self.step = step
        self.layer = layer
        self.site = site
        self.percentile = percentile
        self.value = value
    }
}

package struct ParameterStatisticRecord: Sendable {
    package var step: Int
    package var layer: Int
    package var parameter: String
    package var gradientNorm: Double?
    package var weightNorm: Double?
    package var updateNorm: Double?
    package var updateRatio: Double?
    package var nonfiniteCount: Int
    /// Between this step's gradient and the one before.
    package var gradientCosine: Double?

    package init(
        step: Int, layer: Int, parameter: String, gradientNorm: Double?, weightNorm: Double?, updateNorm: Double?,
        updateRatio: Double?,
        nonfiniteCount: Int
    ) {
        self.step = step
        self.layer = layer
        self.parameter = parameter
        self.gradientNorm = gradientNorm
        self.weightNorm = weightNorm
        self.updateNorm = updateNorm
        self.updateRatio = updateRatio
        self.nonfiniteCount = nonfiniteCount
    }
}

package struct NormalizationStatisticRecord: Sendable {
    package var step: Int
    package var layer: Int
    package var batchMeanNorm: Double?
    package var runningMeanNorm: Double?
    package var meanGap: Double?
    package var batchVarianceMean: Double?
    package var runningVarianceMean: Double?
    package var varianceGap: Double?
    package var gammaMean: Double?
    package var gammaMinimum: Double?
    package var gammaMaximum: Double?
    package var betaMean: Double?
    package var betaMinimum: Double?
    package var betaMaximum: Double?

    package init(
        step: Int, layer: Int, batchMeanNorm: Double?, runningMeanNorm: Double?, meanGap: Double?,
        batchVarianceMean: Double?,
        runningVarianceMean: Double?, varianceGap: Double?, gammaMean: Double?, gammaMinimum: Double?,
        gammaMaximum: Double?,
        betaMean: Double?, betaMinimum: Double?, betaMaximum: Double?
    ) {
        self.step = step
        self.layer = layer
        self.batchMeanNorm = batchMeanNorm
        self.runningMeanNorm = runningMeanNorm
        self.meanGap = meanGap
        self.batchVarianceMean = batchVarianceMean
        self.runningVarianceMean = runningVarianceMean
        self.varianceGap = varianceGap
        self.gammaMean = gammaMean
        self.gammaMinimum = gammaMinimum
        self.gammaMaximum = gammaMaximum
        self.betaMean = betaMean
        self.betaMinimum = betaMinimum
        self.betaMaximum = betaMaximum
    }
}

/// All that was measured at one step.
package struct MetricRows: Sendable {
    package var step: Int
    package var trainingSteps: [TrainingStepRecord] = []
    package var evaluations: [EvaluationRecord] = []
    package var activationStatistics: [ActivationStatisticRecord] = []
    package var activationPercentiles: [ActivationPercentileRecord] = []
    package var parameterStatistics: [ParameterStatisticRecord] = []
    package var normalizationStatistics: [NormalizationStatisticRecord] = []
    package var probes: [ProbeRow] = []

    package init(step: Int) { self.step = step }
}
