import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support

/// All that is known about a run before it starts: its network, its steps, and what will be measured when.
package struct RunPlan: Sendable {
    package let config: Config
    package let resolved: JSON
    package let data: TrainingData
    package let network: NetworkDescription
    package let stepsPerEpoch: Int
    package let totalSteps: Int
    package let evaluationEvery: Int
    private let schedule: LearningRateSchedule
    /// When the default set is measured: also at the further steps of the config.
    let logged: Cadence
    let evaluated: Cadence
    /// The tasks that follow each other; nil for one.
    let tasks: TaskSequence?
    /// When a task begins.
    private let taskStarts: Cadence?

    /// Checks what a config and its data must agree on.
    /// - Throws: `ConfigError` naming both sides of a contradiction, before anything large is allocated.
    package init(_ loaded: LoadedConfig, data: TrainingData) throws(ConfigError) {
        config = loaded.config
        // Where rows are read from decides on their order: another machine is to do the same.
        var resolved = loaded.resolved
        if data.windows != nil { resolved[["data", "residency"][...]] = JSON(.string("stream")) }
        self.resolved = resolved
        self.data = data
        let checks = PlanChecks(loaded, data)
        try checks.checkLabelNoise()
        network = try checks.network()
        try checks.checkBatches(of: network)
        try checks.checkParameters(of: network)
        try checks.checkLearningRates(of: network)
        try checks.checkFault(in: network)
        stepsPerEpoch = BatchSampler.stepsPerEpoch(
            rows: data.train.rowCount, config.samplingRules(windows: data.windows))
        switch config.training.duration {
        case .steps(let steps): totalSteps = steps
        case .epochs(let epochs):
            let (steps, overflow) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
            guard !overflow else {
                throw checks.error("training.epochs", "found \(epochs), which is more steps than can be counted")
            }
            totalSteps = steps
        }
        schedule = try checks.schedule(totalSteps: totalSteps)
        evaluationEvery = config.evaluation.every ?? stepsPerEpoch
        let tasks = try checks.tasks(stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps)
        self.tasks = tasks
        taskStarts = tasks?.starts(upTo: totalSteps)
        evaluated = Cadence(every: evaluationEvery, end: .always, further: (taskStarts?.further ?? []).subtracting([0]))
        logged = config.logging.cadence(upTo: totalSteps)
        for measurement in config.logging.requested {
            guard let contradiction = measurement.contradiction(to: self) else { continue }
            throw checks.error("logging.\(type(of: measurement).key)", contradiction)
        }
        let rooms = config.logging.requested.map { $0.room(of: self) }
        try checks.checkMemory(of: network, measuring: rooms.reduce(MeasuringRoom(), +))
    }

    /// The learning rate of update `step` + 1.
    package func learningRate(step: Int) -> Double { schedule.rate(step: step, base: config.optimizer.learningRate) }

    /// Step 0, every `logging.every` steps, `logging.at_steps`, and the last.
    package func isLogged(_ step: Int) -> Bool {
        logged.includes(step, of: totalSteps)
    }

    /// Step 0, every `evaluation.every` steps, the last step of each task, and the last of all.
    package func isEvaluated(_ step: Int) -> Bool {
        evaluated.includes(step, of: totalSteps)
    }

    /// What float32 makes of the data; empty where the run is in float64.
    var singlePrecision: [SinglePrecision] { config.precision == .float32 ? data.singlePrecision : [] }

    /// What the user should know of the data before training.
    var notes: [String] { data.notes + singlePrecision.compactMap(\.note) + [cycleNote, taskNote].compactMap { $0 } }

    /// A cycle of the learning rate that is longer than the run.
    private var cycleNote: String? {
        let updates = totalSteps - schedule.warmupSteps
        guard updates > 0 else { return nil }
        switch schedule.kind {
        case .cosineRestarts(let first, _, _) where first > updates:
            return
                "schedule.first_cycle_steps is \(first), more than the run's \(counted(updates, "update")): the rate neither "
                + "comes to its minimum nor restarts"
        case .cyclic(_, let up, _, _) where up > updates:
            return
                "schedule.rising_steps is \(up), more than the run's \(counted(updates, "update")): the rate does not come to "
                + "schedule.maximum_learning_rate"
        case .constant, .step, .exponential, .cosine, .cosineRestarts, .cyclic, .oneCycle: return nil
        }
    }

    /// Tasks of which the run sees only that which has the data as they are.
    private var taskNote: String? {
        guard let tasks, tasks.kind != .randomLabels, totalSteps > 0, tasks.task(ofBatch: totalSteps - 1) == 0 else {
            return nil
        }
        return
            "training.tasks: the run's \(counted(totalSteps, "step")) end within task 0, which has the data as they are; give "
            + "more steps, or a smaller \"every\""
    }

    package var evaluatedSplits: [Split] {
        data.splits.filter { config.evaluation.splits?.contains($0.name) ?? true }
    }

    /// How many rows of a split an evaluation measures.
    func evaluatedRowCount(of split: Split) -> Int {
        min(split.rowCount, config.evaluation.sample[split.name] ?? split.rowCount)
    }

    /// The modes that the network has; one without running statistics is evaluated as `running`, so that twins join.
    package var evaluationModes: [NormalizationMode] {
        network.layers.contains { $0.normalization?.isOverBatch == true } ? config.evaluation.modes : [.running]
    }

    package var loggedLayers: [Int] {
        Array(network.layers.indices).filter { config.logging.layers?.contains($0) ?? true }
    }

    /// The sites of a layer that are measured: what the config asks for and the layer has.
    package func loggedSites(ofLayer index: Int) -> [Site] {
        config.logging.sites.filter { hasSite($0, inLayer: index) }
    }

    /// Whether a layer has a site that is no other one.
    func hasSite(_ site: Site, inLayer index: Int) -> Bool {
        let layer = network.layers[index]
        return switch site {
        case .linear: layer.normalization?.placement == .beforeActivation || layer.skip != nil
        case .sum: layer.skip != nil
        case .normalized: layer.normalization != nil
        case .preactivation: true
        case .activation: index < network.layers.count - 1
        case .output:
            index < network.layers.count - 1
                && (layer.dropout > 0 || layer.normalization?.placement == .afterActivation)
        }
    }

    /// Everything that is measured, in the order of measuring.
    var measurements: [any Measurement] { defaultMeasurements + furtherMeasurements }

    private var furtherMeasurements: [any Measurement] {
        [taskStarts.map { TaskMeasurement($0) }].compactMap { $0 } + config.logging.requested
    }

    /// How many rows a whole run adds to each table of measurements.
    package var rowCounts: [(table: String, rows: Int)] {
        func counts(_ measurements: [any Measurement]) -> [(table: String, rows: Int)] {
            measurements.flatMap { measurement in
                zip(type(of: measurement).tables, measurement.plannedRows(of: self)).map { ($0.tableName, $1) }
            }
        }
        let evaluations = evaluationCount * evaluatedSplits.count * evaluationModes.count
        let perturbations = config.evaluation.perturbations.count
        return counts(defaultMeasurements) + [(EvaluationRow.tableName, evaluations)]
            + (perturbations > 0 ? [(PerturbedEvaluationRow.tableName, evaluations * perturbations)] : [])
            + counts(furtherMeasurements)
    }

    /// How many steps of a whole run `isLogged` holds for.
    var loggedStepCount: Int { logged.count(of: totalSteps) }
    /// How many steps of a whole run `isEvaluated` holds for.
    var evaluationCount: Int { evaluated.count(of: totalSteps) }
    var loggedSiteCount: Int { loggedLayers.reduce(0) { $0 + loggedSites(ofLayer: $1).count } }
}
