import RunStore

/// What is measured at every logged step.
let defaultMeasurements: [any Measurement] = [
    TrainingStepMeasurement(), ActivationMeasurement(), ParameterMeasurement(), NormalizationMeasurement(),
]

/// What the keys of `logging` can ask for, in the order in which documentation lists them.
let requestedMeasurements: [any RequestedMeasurement.Type] = [
    ProbeMeasurement.self, GeometryMeasurement.self, LandscapeMeasurement.self, CovariateShiftMeasurement.self,
    HistogramMeasurement.self, UnitMeasurement.self, ConfusionMeasurement.self, HessianMeasurement.self,
    GradientNoiseMeasurement.self, NeuralCollapseMeasurement.self,
]

extension Schema {
    /// The schema of the results files that this bnexp writes.
    package static let current = Schema(
        [TrainingStepRow.self, EvaluationRow.self] + defaultMeasurements.dropFirst().flatMap { type(of: $0).tables }
            + requestedMeasurements.flatMap { $0.tables } + TaskMeasurement.tables
            + [PerturbedEvaluationRow.self])
}
