import Foundation
import Support
import Sweeps
import TestSupport
import Testing
import Training

private let base = """
    { "data": { "file": "toy.h5", "train": { "inputs": "train/images", "targets": "train/labels" } },
      "model": { "hidden": [6], "normalization": { "kind": "batch" } },
      "optimizer": { "kind": "sgd", "learning_rate": 0.5 }, "training": { "batch_size": 10, "steps": 20 } }
    """

/// Plans a sweep of the toy config.
///
/// `blocks` is the text of the file behind its config.
private func plan(_ blocks: String, name: String = "sweep", set overrides: [String] = [], base: String = base) throws
    -> SweepPlan
{
    try withTemporaryFolder { folder in
        try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
        func write(_ text: String, _ name: String) throws -> String {
            let path = folder.appendingPathComponent(name).path
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
        _ = try write(base, "c.json")
        var request = SweepRequest(
            path: try write("{ \"config\": \"c.json\"\(blocks.isEmpty ? "" : ",\n" + blocks) }", "\(name).json"))
        request.overrides = overrides
        return try SweepPlan(request)
    }
}

/// What varies in each trial of a sweep.
private func texts(_ blocks: String) throws -> [String] { try plan(blocks).trials.map(\.text) }

/// The message of the error that a sweep gives, without its folder.
private func message(_ blocks: String, base: String = base) -> String {
    do {
        _ = try plan(blocks, base: base)
        return "no error"
    } catch let error as ConfigError {
        return error.message.replacing(/\/[^ ]*\//, with: "")
    } catch {
        return "\(error)"
    }
}

@Suite struct SweepPlanTests {
    /// Many trials are checked by several threads, each of which reads once what its trials have in common.
    @Test func everyTrialOfManyIsTheRunThatItsConfigMakes() throws {
        let kinds =
            #""variants": {"BN": {"model.normalization.kind": "batch"}, "none": {"model.normalization.kind": "none"}}"#
        let plan = try plan(
            kinds
                + #", "product": {"optimizer.learning_rate": {"logspace": [-3, 0, 6]}}, "seeds": {"range": [1, 101, 1]}"#
        )
        #expect(plan.trials.count == 1212)
        #expect(plan.trials.map(\.index) == Array(0..<1212) && Set(plan.trials.map(\.identity)).count == 1212)
        for trial in plan.trials where trial.index % 100 == 7 || trial.index > 1209 {
            let run = try planRun(plan.config(of: trial), cache: plan.cache)
            #expect(try trial.identity == run.identity() && trial.totalSteps == run.totalSteps, "\(trial.index)")
        }
    }

    /// What is wrong with one of many trials is told with the place that this trial has it from.
    @Test func theFirstWrongTrialOfManyIsTold() {
        let text = message(
            """
            "product": {"training.batch_size": [10, 20, 30, 40, 50, 60], "loss.l2": {"linspace": [0, 1, 200]}},
            "variants": {"a": {"model.dropout": 0.5}, "b": {"model.dropout": 1.5}}
            """)
        #expect(text.contains("sweep.json:3:") && text.contains("model.dropout: found 1.5"), "\(text)")
        #expect(text.contains("(trial 1 of sweep.json: training.batch_size=10 loss.l2=0"), "\(text)")
        let last = message(
            """
            "product": {"optimizer.learning_rate": {"linspace": [1, 2, 600]},
            "schedule.warmup_steps": [1, 30]}
            """)
        #expect(last.contains("schedule.warmup_steps: found 30") && last.contains("(trial 1 of sweep.json"), "\(last)")
    }

    @Test func aProductTakesEveryCombinationTheLastAxisFastest() throws {
        let trials = try texts(
            #""product": {"optimizer.learning_rate": [0.1, 1], "model.activation": ["relu", "tanh"]}, "seeds": [1, 2]"#)
        #expect(trials.count == 8)
        #expect(trials[0] == "optimizer.learning_rate=0.1 model.activation=relu seed=1")
        #expect(trials[1] == "optimizer.learning_rate=0.1 model.activation=relu seed=2")
        #expect(trials[2] == "optimizer.learning_rate=0.1 model.activation=tanh seed=1")
        #expect(trials[7] == "optimizer.learning_rate=1 model.activation=tanh seed=2")
    }

    @Test func aSweepWithoutAxesIsTheBaseConfig() throws { #expect(try texts("") == [""]) }

    @Test func zipTakesValuesTogether() throws {
        let trials = try texts(#""zip": {"optimizer.learning_rate": [0.1, 1], "training.batch_size": [5, 10]}"#)
        #expect(
            trials == [
                "optimizer.learning_rate=0.1 training.batch_size=5", "optimizer.learning_rate=1 training.batch_size=10",
            ])
    }

    @Test func aListIsOneSetOfOverridesAfterTheOther() throws {
        let trials = try texts(
            #""list": [{"model.activation": "tanh"}, {"optimizer.learning_rate": 2, "model.hidden": [3, 3]}]"#)
        #expect(trials == ["model.activation=tanh", "optimizer.learning_rate=2 model.hidden=[3, 3]"])
    }

    @Test func aUnionTakesItsBlocksOneAfterTheOtherWithinTheRest() throws {
        let trials = try texts(
            """
            "variants": {"BN": {"model.normalization.kind": "batch"}, "none": {"model.normalization.kind": "none"}},
            "union": [{"product": {"optimizer.learning_rate": [0.1]}}, {"product": {"model.activation": ["tanh", "elu"]}}]
            """)
        #expect(
            trials == [
                "variant=BN optimizer.learning_rate=0.1", "variant=BN model.activation=tanh",
                "variant=BN model.activation=elu",
                "variant=none optimizer.learning_rate=0.1", "variant=none model.activation=tanh",
                "variant=none model.activation=elu",
            ])
    }

    @Test(arguments: [
        (#"{"linspace": [0.1, 0.5, 5]}"#, ["0.1", "0.2", "0.3", "0.4", "0.5"]), (#"{"linspace": [2, 9, 1]}"#, ["2"]),
        (#"{"logspace": [-3, 0, 4]}"#, ["0.001", "0.01", "0.1", "1"]),
        (#"{"logspace": [0, 1, 3]}"#, ["1", "3.16227766016838", "10"]),
        (#"{"range": [0.1, 0.4, 0.1]}"#, ["0.1", "0.2", "0.3", "0.4"]), (#"{"range": [3, 0, -2]}"#, ["3", "1"]),
        (#"{"values": [2]}"#, ["2"]),
    ])
    func axesOfNumbers(axis: String, values: [String]) throws {
        #expect(
            try texts("\"product\": {\"optimizer.learning_rate\": \(axis)}")
                == values.map { "optimizer.learning_rate=\($0)" })
    }

    @Test func conditionalAxesVaryOnlyWhereTheirConditionHolds() throws {
        let trials = try texts(
            """
            "product": {"model.normalization.momentum": {"values": [0.1, 0.2], "when": {"variant": "BN"}},
                        "optimizer.momentum": {"values": [0.9], "when": {"model.normalization.kind": ["layer", "none"]}}},
            "variants": {"BN": {"model.normalization.kind": "batch"}, "none": {"model.normalization.kind": "none"}}, "seeds": [7]
            """)
        #expect(
            trials == [
                "variant=BN model.normalization.momentum=0.1 seed=7",
                "variant=BN model.normalization.momentum=0.2 seed=7",
                "variant=none optimizer.momentum=0.9 seed=7",
            ])
    }

    /// The condition sees the base config, and defaults that nobody has written.
    @Test func conditionsSeeTheBaseConfig() throws {
        #expect(
            try texts(
                #""product": {"model.dropout": {"values": [0.1, 0.2], "when": {"model.normalization.kind": "batch", "precision": "float32"}}}"#
            ).count == 2)
    }

    @Test func aVariantMayBeTheBaseConfig() throws {
        let sweep = try plan(
            #""variants": {"base": {}, "tanh": {"model.activation": "tanh"}}, "list": [{}, {"seed": 3}]"#)
        #expect(
            sweep.trials.map(\.text) == ["variant=base", "variant=base seed=3", "variant=tanh", "variant=tanh seed=3"])
        #expect(sweep.trials[0].overrides.isEmpty)
    }

    @Test func anAxisOfNamedVariantsHasAnyName() throws {
        let sweep = try plan(
            #""product": {"depth": {"variants": {"shallow": {"model.hidden": [4]}, "deep": {"model.hidden": [4, 4, 4]}}}}"#
        )
        #expect(sweep.trials.map(\.text) == ["depth=shallow", "depth=deep"])
        #expect(sweep.trials[1].overrides == ["model.hidden=[4, 4, 4]"])
        #expect(try sweep.config(of: sweep.trials[1]).config.model.hidden == [4, 4, 4])
    }

    /// Wherever the axes stand: the kind comes before its keys, an object before its members.
    @Test func overridesAreAppliedFromTheOutsideIn() throws {
        let sweep = try plan(
            #""product": {"model.normalization.momentum": [0.3], "optimizer.beta1": [0.8]}, "variants": {"a": {"model.normalization": {"kind": "ghost_batch", "size": 5}, "optimizer.kind": "adam"}}"#
        )
        #expect(
            sweep.trials[0].overrides == [
                "optimizer.kind=adam", "optimizer.beta1=0.8",
                #"model.normalization={"kind": "ghost_batch", "size": 5}"#, "model.normalization.momentum=0.3",
            ])
    }

    @Test func randomSamplesAreThoseOfTheirSeedAndKeepWhenThereAreMore() throws {
        func block(_ count: Int, seed: Int = 3, more: String = "") -> String {
            """
            "random": {"count": \(count), "seed": \(seed), "axes": {"optimizer.learning_rate": {"log_uniform": [1e-3, 1]},
                "model.dropout": {"uniform": [0.1, 0.5]}, "training.batch_size": {"integer": [2, 4]}, "model.activation": {"choice": ["relu", "tanh"]}\(more)}}
            """
        }
        let five = try plan(block(5)), fifty = try plan(block(50))
        #expect(five.trials.map(\.text) == fifty.trials.prefix(5).map(\.text))
        #expect(try texts(block(5, seed: 4)) != five.trials.map(\.text))
        // Another axis changes no draw of the others.
        #expect(
            try texts(block(5, more: #", "optimizer.momentum": {"uniform": [0, 0.9]}"#)).map {
                $0.split(separator: " ").dropLast().joined(separator: " ")
            } == five.trials.map(\.text))
        let configs = try fifty.trials.map { try fifty.config(of: $0).config }
        #expect(
            configs.allSatisfy {
                (1e-3...1).contains($0.optimizer.learningRate) && (0.1...0.5).contains($0.model.dropout)
                    && (2...4).contains($0.training.batchSize)
            })
        #expect(Set(configs.map(\.training.batchSize)) == [2, 3, 4])
        // Half of the draws lie below the middle of the logarithms, give or take three deviations.
        #expect((14...36).contains(configs.count { $0.optimizer.learningRate < 0.0316 }))
        #expect(Set(configs.map(\.optimizer.learningRate)).count == 50)
    }

    /// The line for the shell makes the config that the sweep itself runs.
    @Test func overridesOnACommandLineGiveTheSameConfig() throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            let config = folder.appendingPathComponent("c.json").path,
                file = folder.appendingPathComponent("s.json").path
            try base.write(toFile: config, atomically: true, encoding: .utf8)
            try
                #"{"config": "c.json", "product": {"data.file": ["toy.h5"], "model.activation": ["tanh"], "tags": [["a b", "true"]], "name": ["it's"], "model.bias": [false]},"seeds": [4]}"#
                .write(toFile: file, atomically: true, encoding: .utf8)
            let sweep = try SweepPlan(SweepRequest(path: file)), trial = sweep.trials[0]
            var request = ConfigRequest(path: config)
            request.overrides = trial.overrides
            #expect(try loadConfig(request).resolved == sweep.config(of: trial).resolved)
        }
    }

    @Test func aSweepIsKnownByItsNameAndTrials() throws {
        let axis = #""product": {"optimizer.learning_rate": [0.1, 1]}"#
        let sweep = try plan(axis)
        #expect(try plan(axis).uuid == sweep.uuid)
        #expect(try plan(axis + #", "name": "other""#).uuid != sweep.uuid)
        #expect(try plan(#""product": {"optimizer.learning_rate": [0.1, 2]}"#).uuid != sweep.uuid)
        #expect(try plan(axis, set: ["training.steps=5"]).uuid != sweep.uuid)
        // What does not change results makes no other sweep.
        #expect(try plan(axis, set: ["logging.every=3"]).uuid == sweep.uuid)
        #expect(sweep.uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(sweep.trials.map { sweep.runName(of: $0) } == ["sweep/0", "sweep/1"])
    }

    @Test func trialsThatAreTheSameRunAreSeen() throws {
        let trials = try plan(#""product": {"logging.every": [5, 10], "optimizer.learning_rate": [0.1, 1]}"#).trials
        #expect(trials.map(\.original) == [nil, nil, 0, 1])
        #expect(
            try plan(#""product": {"logging.every": [5, 10]}"#).notes == [
                "1 of 2 trials ask for the same run as an earlier one (trial 1 as trial 0): what tells them apart does "
                    + "not change results, such as logging, or is there twice"
            ])
    }

    @Test func overridesThatEveryTrialWouldUndoAreRefused() throws {
        let axis = #""product": {"optimizer.learning_rate": [0.1, 1]}, "seeds": [1]"#
        for (override, expected) in [
            ("optimizer.learning_rate=3", "every trial sets this key"), ("seed=2", "every trial sets this key"),
            ("name=x", "named after it"),
        ] {
            do {
                _ = try plan(axis, set: [override])
                Issue.record("\(override) has no effect")
            } catch let error as ConfigError {
                #expect(error.message.contains(expected), "\(error.message)")
            }
        }
        #expect(try plan(axis, set: ["optimizer.momentum=0.5"]).trials.count == 2)
    }

    @Test func datasetsAreSharedByAllTrials() throws {
        let sweep = try plan(#""product": {"data.limit": [20, 30]}"#)
        let data = try sweep.trials.map { try planRun(sweep.config(of: $0), cache: sweep.cache).data }
        func address(_ data: TrainingData) -> UnsafeRawPointer? {
            data.train.data.inputs.baseAddress
        }
        #expect(address(data[0]) == address(data[1]))
        #expect(data.map(\.train.rowCount) == [20, 30])
    }

    @Test(arguments: [
        (
            #""product": {"optimizer.learning_rat": [1]}"#,
            #"sweep.json:2:40: optimizer.learning_rat: unknown key of optimizer of kind "sgd"; did you mean "learning_rate"?"#
        ),
        (
            #""product": {"optimizer.learning_rate": [0.1, -1]}"#,
            "sweep.json:2:46: optimizer.learning_rate: found -1, expected a number above 0 (trial 1 of"
        ),
        (#""product": {"optimizer.learning_rate": []}"#, "the axis has no values"),
        (
            #""product": {"optimizer.learning_rate": 0.1}"#,
            "found 0.1, expected a list, each element any value; or an object with the keys "
        ),
        (#""product": {"optimizer.learning_rate": [1, 2, 1.0]}"#, "found 1.0 a second time"),
        (#""product": {"optimizer.learning_rate": {"linspce": [1, 2, 3]}}"#, #"unknown key; did you mean "linspace"?"#),
        (
            #""product": {"optimizer.learning_rate": {"linspace": [1, 2]}}"#,
            "expected [a, b, n] with a whole n from 1 to 1000000, found [1.0, 2.0]"
        ),
        (
            #""product": {"optimizer.learning_rate": {"linspace": [1, 2, 2], "values": [1]}}"#,
            "found values and linspace"
        ),
        (
            #""product": {"optimizer.learning_rate": {"when": {"seed": 1}}}"#,
            "; found none"
        ),
        (#""product": {"optimizer.learning_rate": {"range": [1, 2, -1]}}"#, "a step of -1 does not lead from 1 to 2"),
        (#""product": {"optimizer.learning_rate": {"logspace": [0, 400, 3]}}"#, "leaves the range of numbers"),
        (#""product": {"optimizer.learning_rate": {"range": [0, 1, 1e-9]}}"#, "more than 1000000 values"),
        (#""product": {}"#, "found an object, expected an object with a member for each axis"),
        (#""product": {"optimizer..momentum": [0]}"#, "is no config key"),
        (#""product": {"extends": ["a"]}"#, "cannot be varied"),
        (
            #""zip": {"optimizer.learning_rate": [1, 2], "training.batch_size": [1]}"#,
            "optimizer.learning_rate has 2, training.batch_size has 1"
        ),
        (#""list": []"#, "the list is empty"),
        (#""union": []"#, "the list is empty"),
        (#""union": [{"union": []}]"#, "unknown key"),
        (
            #""random": {"count": 2, "axes": {"model.dropout": {"uniform": [0.5, 0.1]}}}"#,
            "expected [a, b] with a below b"
        ),
        (
            #""random": {"count": 2, "axes": {"model.dropout": {"uniform": [0, 1], "choice": [1]}}}"#,
            "found uniform and choice"
        ),
        (#""random": {"count": 0, "axes": {"model.dropout": {"uniform": [0, 1]}}}"#, "random.count: found 0"),
        (
            #""product": {"model.dropout": {"values": [0.1], "when": {"variant": "BN"}}}"#,
            "is neither a config key nor an axis; the axes are model.dropout"
        ),
        (
            #""product": {"model.dropout": {"values": [0.1], "when": {"precision": "float64"}}}"#,
            #"its "when" holds in no trial"#
        ),
        (
            #""product": {"model.dropout": [0.1]}, "variants": {"a": {"model.dropout": 0.2}}"#,
            "is set twice in the same trial"
        ),
        (
            #""product": {"optimizer.kind": ["sgd", "adam"]}, "variants": {"a": {"optimizer": {"kind": "adam"}}, "b": {}}"#,
            "optimizer.kind: is set twice in the same trial"
        ),
        (#""product": {"data.file": ["nope.h5"]}"#, "(trial 0 of"),
        (
            #""product": {"variant": {"variants": {"a": {"seed": 1}}}}, "variants": {"a": {"model.dropout": 0.2}}"#,
            "is an axis twice"
        ),
        (#""seeds": [0.5]"#, "seed: found 0.5, expected a whole number"),
        (#""seeds": {"values": [1], "when": {"seed": 1}}"#, "seeds multiply every trial"),
        (#""variants": {"a": 1}"#, "variants.a: found 1, expected an object with a member for each config key"),
        (#""variant": {"a": {"seed": 1}}"#, #"unknown key; did you mean "variants"?"#),
        (#""product": {"model.normalization.size": [5]}"#, "contradicts the kind"),
        (#""product": {"training.batch_size": [1000]}"#, "(trial 0 of"),
        (#""product": {"seed": [1]}, "seeds": [2]"#, "is an axis twice"),
    ])
    func mistakesAreNamed(blocks: String, expected: String) {
        let found = message(blocks)
        #expect(found.contains(expected), "\(found)")
    }

    @Test func filesThatAreNoSweepsAreNamed() throws {
        try withTemporaryFolder { folder throws in
            func message(_ text: String) throws -> String {
                let path = folder.appendingPathComponent("s.json").path
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                do {
                    _ = try SweepPlan(SweepRequest(path: path))
                    return "no error"
                } catch {
                    return (error as? ConfigError)?.message ?? "\(error)"
                }
            }
            #expect(try message("{}").contains("config: this key is missing"))
            #expect(try message(base).contains("is a config of one run; a sweep file names one"))
            #expect(
                try message(#"{"config": "none.json"}"#).contains("none.json: no such config file (the base config of"))
            #expect(try message("[1]").contains("expected a JSON object"))
            _ = try message(#"{"config": "c.json"}"#)
            do {
                _ = try loadConfig(ConfigRequest(path: folder.appendingPathComponent("s.json").path))
                Issue.record("a sweep file is no config")
            } catch let error as ConfigError {
                #expect(error.message.contains("is a sweep file, not the config of one run; run it with bnexp sweep"))
            }
            #expect(try message(#"{"config": "c.json", "config": "c.json"}"#).contains("appears twice"))
        }
    }

    /// Ten thousand trials are refused nowhere, a million and one are.
    @Test func sweepsAreBounded() {
        #expect(
            message(
                #""product": {"seed": {"range": [1, 2000, 1]}, "optimizer.learning_rate": {"linspace": [1, 2, 2000]}}"#
            ).contains("2000 x 2000 trials are more than the 1000000"))
    }
}

@Suite struct SweepSchemaTests {
    @Test func schemaFileIsUpToDate() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("configs/sweep.schema.json")
        let committed = try String(contentsOf: path, encoding: .utf8)
        #expect(committed == sweepJSONSchema() + "\n", "run: bnexp config schema --sweep > configs/sweep.schema.json")
        _ = try JSONSerialization.jsonObject(with: Data(committed.utf8))
    }
}
