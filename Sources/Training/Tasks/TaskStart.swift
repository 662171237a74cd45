import NeuralNetwork
import RunStore

/// Where each task of `training.tasks` begins.
struct TaskMeasurement: Measurement {
    static var tables: [any MetricRow.Type] { [TaskRow.self] }

    private let starts: Cadence
    var time: MeasuringTime { .steps(starts) }

    /// - Parameter starts: the first steps of tasks.
    init(_ starts: Cadence) { self.starts = starts }

    func plannedRows(of plan: RunPlan) -> [Int] { [starts.count(of: plan.totalSteps)] }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> { TaskInstrument(network.plan) }
}

struct TaskRow: MetricRow {
    let step: Int
    let task: Int

    static let table = MetricTable<Self>(
        "task", since: 9,
        """
        `training.tasks`: where each task begins. Its batches make the updates `step` + 1 and up, to the next task's step. An \
        evaluation after t updates measures the task of update t, so that a task's end is evaluated on it.
        """,
        [
            .key("step", "t, after which the task begins") { $0.step },
            .value("task", "its number, from 0") { $0.task },
        ])
}

private final class TaskInstrument<S: Scalar>: Instrument {
    private let plan: RunPlan

    init(_ plan: RunPlan) { self.plan = plan }

    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        rows.append(TaskRow(step: step.step, task: plan.task(ofBatch: step.step)))
    }
}
