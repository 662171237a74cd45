import Datasets
import NeuralNetwork
import RunStore
import Support
import TestSupport
import Testing
import Training

/// Every row that the only run of a file has of what these tests are about.
private func metrics(_ file: ResultsFile) throws -> [[[SQLValue]]] {
    try ["training_step", "evaluation", "perturbed_evaluation", "task", "parameter_statistic", "probe_percentile"].map {
        try file.query("SELECT * FROM \($0)").rows
    }
}

/// Trains twice, the second time with a stop in between, and compares every row.
private func expectSameBitsAfterResuming(set overrides: [String], stoppingAt step: Int) throws {
    try withToyConfig(set: overrides) { loaded, folder in
        func run(_ name: String, _ hooks: RunHooks) throws -> ResultsFile {
            let file = try ResultsFile(writing: folder.appendingPathComponent(name).path)
            _ = try runExperiment(
                { try planRun(loaded) }, results: file,
                environment: RunEnvironment(threads: 1, instructionSet: "test", command: "test"), ifExists: .resume,
                hooks: hooks)
            return file
        }
        let whole = try metrics(run("whole.sqlite", RunHooks()))
        var hooks = RunHooks(), calls = 0
        hooks.shouldStop = {
            calls += 1
            return calls == step
        }
        _ = try run("stopped.sqlite", hooks)
        #expect(try metrics(run("stopped.sqlite", RunHooks())) == whole)
    }
}

/// The message of the error that planning the toy config gives.
func planningError(set overrides: [String]) -> String {
    do {
        _ = try withToyConfig(set: overrides) { loaded, _ in try planRun(loaded) }
        return "no error"
    } catch let error as ConfigError {
        return error.message
    } catch {
        return "another error: \(error)"
    }
}

@Suite struct TaskTests {
    /// The batch of some rows of a split in a task.
    private func batch(
        _ plan: RunPlan, _ sequence: TaskSequence, _ split: SplitName, task: Int, rows: Range<UInt32>
    ) throws -> (inputs: [[Double]], labels: [Int32]) {
        let split = try #require(plan.data[split])
        let loader = BatchLoader<Double>(
            split.data, scaling: plan.data.scaling, tasks: TaskView(sequence, split))
        let workspace = Workspace<Double>(plan.network, rows: 30, forTraining: false)
        loader.loadFromMemory(Array(rows)[...], task: task, into: workspace)
        return (
            (0..<rows.count).map { Array(workspace.input.row($0)) }, Array(workspace.targets.labelBuffer)
        )
    }

    private func withPlan(_ body: (RunPlan) throws -> Void) throws {
        try withToyConfig(set: []) { loaded, _ in try body(planRun(loaded)) }
    }

    @Test func stepsOfTasks() {
        let even = TaskSequence(.permutedInputs, every: 10, seed: 1)
        #expect([0, 9, 10, 11, 20].map { even.task(ofBatch: $0) } == [0, 0, 1, 1, 2])
        // The end of a task is evaluated on it.
        #expect([0, 1, 10, 11, 20, 21].map { even.task(ofEvaluation: $0) } == [0, 0, 0, 1, 1, 2])
        let both = TaskSequence(.permutedInputs, every: 10, atSteps: [25, 5, 10], seed: 1)
        #expect([0, 5, 9, 10, 20, 25, 30].map { both.task(ofBatch: $0) } == [0, 1, 1, 2, 3, 4, 5])
        let listed = TaskSequence(.permutedInputs, every: 0, atSteps: [7], seed: 1)
        #expect([6, 7, 100].map { listed.task(ofBatch: $0) } == [0, 1, 1])
    }

    /// One permutation for all rows and splits, another one in each task, none in task 0.
    @Test func permutedInputs() throws {
        try withPlan { plan in
            let sequence = TaskSequence(.permutedInputs, every: 10, seed: 5)
            func train(_ task: Int) throws -> [[Double]] {
                try batch(plan, sequence, .train, task: task, rows: 0..<30).inputs
            }
            let original = try train(0), first = try train(1)
            let (plain, _) = try batch(
                plan, TaskSequence(.permutedLabels, every: 10, seed: 5), .train, task: 3, rows: 0..<30)
            #expect(original == plain)
            #expect(first != original && first.map { $0.sorted() } == original.map { $0.sorted() })
            // Columns over 30 rows of random values tell features apart.
            func columns(_ rows: [[Double]]) -> [[Double]] { rows[0].indices.map { j in rows.map { $0[j] } } }
            let order = try columns(first).map { column in try #require(columns(original).firstIndex(of: column)) }
            #expect(Set(order).count == 12)
            let test = try batch(plan, sequence, .test, task: 0, rows: 0..<5).inputs
            #expect(
                try batch(plan, sequence, .test, task: 1, rows: 0..<5).inputs
                    == test.map { row in order.map { row[$0] } })
            #expect(try train(2) != first && train(1) == first)
        }
    }

    @Test func permutedLabels() throws {
        try withPlan { plan in
            let sequence = TaskSequence(.permutedLabels, every: 10, seed: 1)
            func labels(_ split: SplitName, _ task: Int) throws -> [Int32] {
                try batch(plan, sequence, split, task: task, rows: 0..<30).labels
            }
            let maps = try (0..<20).map { task in
                let map = Dictionary(zip(try labels(.train, 0), try labels(.train, task)), uniquingKeysWith: { $1 })
                #expect(map.keys.count == 3 && Set(map.values).count == 3)
                #expect(try labels(.train, task) == labels(.train, 0).map { try #require(map[$0]) })
                #expect(try labels(.test, task) == labels(.test, 0).map { try #require(map[$0]) })
                return map
            }
            // There are six permutations of three classes.
            #expect(Set(maps.map { $0.sorted { $0.key < $1.key }.map(\.value) }).count > 3)
        }
    }

    /// Every task has labels of its own for the training rows, task 0 too; a row keeps its label in every batch.
    @Test func randomLabels() throws {
        try withPlan { plan in
            let sequence = TaskSequence(.randomLabels, every: 10, seed: 1)
            func labels(_ task: Int, _ rows: Range<UInt32>) throws -> [Int32] {
                try batch(plan, sequence, .train, task: task, rows: rows).labels
            }
            let given = try batch(plan, TaskSequence(.permutedInputs, every: 1, seed: 1), .train, task: 0, rows: 0..<30)
                .labels
            let first = try labels(0, 0..<30)
            #expect(first != given && Set(first) == [0, 1, 2])
            #expect(try labels(1, 0..<30) != first)
            #expect(try labels(0, 10..<20) == Array(first[10..<20]))
            let test = try batch(plan, sequence, .test, task: 4, rows: 0..<30).labels
            #expect(test == (0..<30).map { Int32($0 % 3) })
        }
    }

    private static let kinds = ["permuted_inputs", "permuted_labels", "random_labels"]

    @Test(arguments: kinds, ["float32", "float64"])
    func isTheSameBitsUnderThreadsAndAfterResuming(kind: String, precision: String) throws {
        let overrides = [
            "training.tasks={\"kind\": \"\(kind)\", \"every\": 15, \"at_steps\": [7]}", "precision=\(precision)",
            "logging.probe={\"every\": 3, \"rows\": 20}",
        ]
        var reference: [[[SQLValue]]] = []
        try train(set: overrides) { file, _ in
            reference = try metrics(file)
            #expect(
                try file.query("SELECT step, task FROM task").rows
                    == [[0, 0], [7, 1], [15, 2], [30, 3], [45, 4]].map { [.integer($0[0]), .integer($0[1])] })
            // The end of each task is evaluated, on both splits.
            #expect(
                try file.query("SELECT task, step FROM task_accuracy WHERE split = 'train'").rows
                    == [[0, 7], [1, 15], [2, 30], [3, 45], [4, 50]].map { [.integer($0[0]), .integer($0[1])] })
        }
        try train(set: overrides, threads: 2) { file, _ in
            let found = try metrics(file)
            #expect(found == reference)
        }
        try train(set: overrides + ["logging.every=0"]) { file, _ in
            let found = try file.query("SELECT * FROM evaluation").rows
            #expect(found == reference[1])
        }
        for step in [10, 30] { try expectSameBitsAfterResuming(set: overrides, stoppingAt: step) }
    }

    /// What a network learned of one task it has not learned of the next.
    @Test func aNewTaskBeginsBadlyAndIsLearned() throws {
        try train(set: [
            "training.tasks={\"kind\": \"permuted_inputs\", \"every\": 60}", "training.steps=120", "logging.every=60",
        ]) {
            file, _ in
            let row = try file.query(
                """
                SELECT (SELECT loss FROM training_step WHERE step = 60) > 3 * min(loss), max(loss) < 0.5, count(*)
                FROM task_accuracy WHERE split = 'train'
                """
            ).rows
            #expect(row == [[.integer(1), .integer(1), .integer(2)]])
        }
    }

    /// Labels take sparse inputs, whose bits are those of dense ones; permuted inputs are dense.
    @Test(arguments: ["permuted_labels", "random_labels", "permuted_inputs"]) func sparseInputs(kind: String) throws {
        let overrides = [
            "training.tasks={\"kind\": \"\(kind)\", \"every\": 15}", "data.scaling=none", "data.binarize_above=120",
        ]
        var dense: [[[SQLValue]]] = []
        try train(set: overrides, inputForm: .dense) { file, _ in dense = try metrics(file) }
        try train(set: overrides, inputForm: .sparse) { file, _ in
            #expect(try metrics(file) == dense)
            let isSparse = try file.query("SELECT engine_path LIKE '%sparse%' FROM run").rows
            #expect(isSparse == [[.integer(kind == "permuted_inputs" ? 0 : 1)]])
        }
    }

    /// Rows that are read from their file give what those in memory do.
    @Test(arguments: kinds) func streamedInputs(kind: String) throws {
        let overrides = ["training.tasks={\"kind\": \"\(kind)\", \"every\": 15}", "data.shuffle=false"]
        var kept: [[[SQLValue]]] = []
        try train(set: overrides + ["data.residency=memory"]) { file, _ in kept = try metrics(file) }
        try train(set: overrides + ["data.residency=stream"]) { file, _ in
            let found = try metrics(file)
            #expect(found == kept)
        }
    }

    @Test(arguments: [
        ("{\"kind\": \"random_labels\", \"every\": 0}", "training.tasks.every: found 0, expected"),
        ("{\"every\": 10}", "training.tasks.kind: this key is missing"),
        ("{\"kind\": \"permute_inputs\"}", "training.tasks.kind: found \"permute_inputs\", expected one of"),
        ("{\"kind\": \"permuted_inputs\", \"at_steps\": [0]}", "training.tasks.at_steps[0]: found 0"),
        ("{\"kind\": \"permuted_inputs\", \"step\": 5}", "training.tasks.step: unknown key"),
    ])
    func mistakes(tasks: String, expected: String) {
        let found = planningError(set: ["training.tasks=\(tasks)"])
        #expect(found.contains(expected), "\(found)")
    }

    @Test func contradictions() {
        let values = ["loss.kind=mean_squared_error"]
        #expect(
            planningError(set: values + ["training.tasks={\"kind\": \"random_labels\"}"]).contains(
                "training.tasks.kind: found \"random_labels\", which changes classes, but the targets are values"))
        #expect(planningError(set: values + ["training.tasks={\"kind\": \"permuted_inputs\"}"]) == "no error")
        #expect(
            planningError(set: [
                "training.steps=1000000", "training.tasks={\"kind\": \"permuted_inputs\", \"every\": 1}",
            ]).contains(
                "training.tasks: makes 1000000 tasks"))
        #expect(
            planningError(set: values + ["data.label_noise={\"fraction\": 0.5}"]).contains(
                "data.label_noise: replaces classes, but the targets are values"))
        #expect(
            planningError(set: [
                "data.label_noise={\"fraction\": 0.5}", "training.tasks={\"kind\": \"random_labels\"}",
            ]).contains("data.label_noise: replaces labels, but training.tasks of kind \"random_labels\""))
        #expect(
            planningError(set: ["data.label_noise={\"fraction\": 1.5}"]).contains(
                "data.label_noise.fraction: found 1.5"))
        #expect(
            planningError(set: ["data.epoch_length=rounded_down"]).contains(
                "data.epoch_length: is given for sampling \"without_replacement\""))
        #expect(
            planningError(set: ["evaluation.sample={\"validation\": 5}"]).contains(
                "evaluation.sample.validation: found \"validation\", but data.validation is not given"))
        #expect(
            planningError(set: ["evaluation.modes=[\"batch\"]", "evaluation.sample={\"train\": 1}"]).contains(
                "evaluation.sample.train: found 1, which leaves a batch of one row of the train split"))
    }
}

@Suite struct LabelNoiseTrainingTests {
    /// Only the training split has it, the same under resuming and threads; the seed is that of the split unless given.
    @Test func concernsTheTrainingSplitAlone() throws {
        func evaluations(_ overrides: [String], threads: Int = 1) throws -> [[SQLValue]] {
            var rows: [[SQLValue]] = []
            try train(set: ["training.steps=0"] + overrides, threads: threads) { file, _ in
                rows = try file.query("SELECT split, loss, accuracy FROM evaluation ORDER BY split").rows
            }
            return rows
        }
        let clean = try evaluations([]), noise = "data.label_noise={\"fraction\": 0.5}"
        let noisy = try evaluations([noise])
        #expect(noisy[0] == clean[0] && noisy[1] != clean[1])
        #expect(try evaluations([noise], threads: 2) == noisy)
        #expect(try evaluations(["data.label_noise={\"fraction\": 0.5, \"seed\": 3}"]) != noisy)
        #expect(
            try evaluations(["data.label_noise={\"fraction\": 0.5, \"seed\": 3}"])
                == evaluations([noise, "data.split_seed=3"]))
        #expect(try evaluations(["data.label_noise={\"fraction\": 0}"]) == clean)
        try expectSameBitsAfterResuming(set: [noise], stoppingAt: 20)
    }

    /// Rows that a validation split takes keep their labels, and the identity of the run tells of the noise.
    @Test func validationRowsKeepTheirLabels() throws {
        try withToyConfig(set: [
            "data.validation={\"fraction\": 0.25}", "data.label_noise={\"fraction\": 1, \"kind\": \"pair\"}",
        ]) {
            loaded, _ in
            let plan = try planRun(loaded)
            let validation = try #require(plan.data[.validation]), train = plan.data.train
            func labels(_ split: Split) throws -> [Int32] {
                guard case .classes(let labels) = split.data.targets else { throw DataError("no classes") }
                return split.rows.map { labels.classes[$0] }
            }
            #expect(try labels(validation) == validation.rows.map { Int32($0 % 3) })
            #expect(try labels(train) == train.rows.map { Int32(($0 + 1) % 3) })
            #expect(plan.data.notes.contains { $0.hasPrefix("data.label_noise: 90 of 90 training labels") })
        }
    }
}
