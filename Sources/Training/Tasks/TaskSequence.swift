import Keys
import NeuralNetwork
import Support

/// The tasks that a run trains on one after the other; they differ in what is made of the data.
///
/// Task 0 begins at step 0, and has the data as they are unless labels are random. Each later task is a function of
/// seed and number alone, so that a run that is resumed goes on in the same one. What of parameters, running statistics
/// and optimizer was learned stays.
///
/// Sources: Goodfellow et al. 2013, "An empirical investigation of catastrophic forgetting", section 5 (permuted
/// inputs); Dohare et al. 2024, "Loss of plasticity in deep continual learning"; Lyle et al. 2023, "Understanding
/// plasticity in neural networks" (random labels).
package struct TaskSequence: Equatable, Sendable {
    /// What a task makes of the data.
    package enum Kind: String, CaseIterable, Sendable {
        /// Feature j is feature p(j) of the data, p a permutation: of every split alike.
        case permutedInputs = "permuted_inputs"
        /// Class k is class p(k), p a permutation: of every split alike.
        case permutedLabels = "permuted_labels"
        /// Every training row has a class that is drawn for the task, each equally likely; other splits keep theirs.
        case randomLabels = "random_labels"
    }
    static let mostTasks = 100_000
    package let kind: Kind
    let seed: UInt64
    /// Steps of a task; 0 where only the list tells.
    private let every: Int
    /// Further steps at which a task begins, in ascending order.
    private let further: [Int]

    /// - Parameters:
    ///   - every: steps of a task; 0 where only `atSteps` tells.
    ///   - atSteps: further steps, from 1 on, at which a task begins.
    package init(_ kind: Kind, every: Int, atSteps: [Int] = [], seed: UInt64) {
        self.kind = kind
        self.seed = seed
        self.every = every
        further = Set(atSteps).filter { every == 0 || $0 % every != 0 }.sorted()
    }

    var permutesInputs: Bool { kind == .permutedInputs }

    /// The task of the batch that makes update `step` + 1.
    package func task(ofBatch step: Int) -> Int {
        var count = every > 0 ? step / every : 0
        for start in further {
            if start > step { break }
            count += 1
        }
        return count
    }

    /// The task that an evaluation after `step` updates measures: that of the last update, so that the end of a task is
    /// evaluated on it.
    package func task(ofEvaluation step: Int) -> Int { task(ofBatch: max(0, step - 1)) }

    /// When a task begins, of a run of so many steps.
    func starts(upTo totalSteps: Int) -> Cadence {
        let multiples = every > 0 ? Array(stride(from: every, to: totalSteps, by: every)) : []
        return Cadence(every: 0, further: Set([0] + multiples + further.filter { $0 < totalSteps }))
    }
}

extension Config {
    /// The object `training.tasks`.
    package struct Tasks: Keyed {
        let kind: TaskSequence.Kind
        /// nil for an epoch, or for none where steps are listed.
        private let every: Int?
        private let atSteps: [Int]
        /// nil for the run's.
        private let seed: UInt64?

        package init(_ keys: KeyReader) throws(ConfigError) {
            kind = try keys.required(
                "kind", .choice,
                "What each task makes of the data: other orders of the features (`permuted_inputs`) or of the classes "
                    + "(`permuted_labels`), or labels drawn anew (`random_labels`).")
            let steps = Form<Int>.integer(1...Shape.largestStepCount)
            every = try keys.optional("every", steps, "an epoch, or never with `at_steps`", "Steps of a task.")
            atSteps =
                try keys.optional("at_steps", .set(of: steps), "none", "Further steps at which a task begins.") ?? []
            seed = try keys.optional("seed", .naturalNumber, "the run's seed", "Seed of what tasks make of the data.")
                .map(UInt64.init)
        }

        func sequence(stepsPerEpoch: Int, runSeed: UInt64) -> TaskSequence {
            TaskSequence(
                kind, every: every ?? (atSteps.isEmpty ? stepsPerEpoch : 0), atSteps: atSteps, seed: seed ?? runSeed)
        }
    }
}

extension RunPlan {
    /// The task of the batch that makes update `step` + 1; 0 where there is one task.
    func task(ofBatch step: Int) -> Int { tasks?.task(ofBatch: step) ?? 0 }

    /// The task that an evaluation after `step` updates measures; 0 where there is one task.
    func task(ofEvaluation step: Int) -> Int { tasks?.task(ofEvaluation: step) ?? 0 }
}
