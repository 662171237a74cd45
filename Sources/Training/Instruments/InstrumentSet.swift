import Datasets
import NeuralNetwork
import RunStore

/// The instruments of a run.
final class InstrumentSet<S: Scalar> {
    private let plan: RunPlan
    private let measurements: [(time: MeasuringTime, instrument: any Instrument<S>)]
    private let instruments: [any Instrument<S>]
    /// Those that are due at the step that is measured now.
    private var due: [any Instrument<S>] = []

    init(_ measured: MeasuredNetwork<S>) throws(DataError) {
        plan = measured.plan
        var measurements: [(time: MeasuringTime, instrument: any Instrument<S>)] = []
        for measurement in plan.measurements {
            measurements.append((measurement.time, try measurement.instrument(on: measured)))
        }
        self.measurements = measurements
        instruments = measurements.map(\.instrument)
    }

    /// Whether anything is measured at a step.
    /// - Parameter isLogged: whether the default set of measurements is.
    func isDue(_ step: Int, isLogged: Bool) -> Bool {
        measurements.contains { isDue($0.time, step, isLogged: isLogged) }
    }

    private func isDue(_ time: MeasuringTime, _ step: Int, isLogged: Bool) -> Bool {
        switch time {
        case .loggedSteps: isLogged
        case .steps(let cadence): cadence.includes(step, of: plan.totalSteps)
        case .evaluations: false
        }
    }

    func measure(_ step: MeasuredStep, isLogged: Bool, into rows: inout MetricRows) {
        due = measurements.filter { isDue($0.time, step.step, isLogged: isLogged) }.map(\.instrument)
        for instrument in due { instrument.measure(step, into: &rows) }
    }

    func measureUpdate(_ step: MeasuredStep, isMade: Bool, into rows: inout MetricRows) {
        for instrument in due { instrument.measureUpdate(step, isMade: isMade, into: &rows) }
    }

    func measureDivergence(_ step: MeasuredStep, into rows: inout MetricRows) {
        for instrument in instruments { instrument.measureDivergence(step, into: &rows) }
    }

    func measure(_ batch: EvaluatedBatch<S>) { for instrument in instruments { instrument.measure(batch) } }

    func needsSecondPass(over split: SplitName) -> Bool {
        instruments.contains { $0.needsSecondPass(over: split) }
    }

    func measureAgain(_ batch: EvaluatedBatch<S>) {
        for instrument in instruments where instrument.needsSecondPass(over: batch.split) {
            instrument.measureAgain(batch)
        }
    }

    func finishEvaluation(_ step: Int, into rows: inout MetricRows) {
        for instrument in instruments { instrument.finishEvaluation(step, into: &rows) }
    }
}
