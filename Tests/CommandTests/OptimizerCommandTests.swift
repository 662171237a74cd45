import Datasets
import Foundation
import TestSupport
import Testing

/// Updates as users ask for them: by the command line, as an axis of a sweep, in a dump.
@Suite struct OptimizerCommandTests {
    private let config = toyConfig(
        model: ", \"normalization\": {\"kind\": \"batch\"}", optimizer: "{\"kind\": \"sgd\", \"learning_rate\": 0.5}",
        rest: ", \"precision\": \"float64\"")

    /// With plain gradient descent the update of a parameter is its factor times the rate times its gradient.
    @Test func multipliersAreSetAndSwept() throws {
        try withToyFolder(config) { folder in
            let set = [
                "--set", "optimizer.learning_rate_multipliers.weight=0.5", "--set",
                "optimizer.learning_rate_multipliers.0/weight=0.1",
            ]
            #expect(try bnexp(["run", "c.json", "-q"] + set, in: folder).exitCode == 0)
            let sql = """
                SELECT layer, parameter, round(max(update_norm / gradient_norm / 0.5), 9) AS factor FROM parameter_statistic
                WHERE update_norm > 0 GROUP BY layer, parameter ORDER BY layer, parameter
                """
            let factors = try bnexp(["sql", sql, "--csv"], in: folder).output
            #expect(
                factors
                    == "layer,parameter,factor\n0,beta,1.0\n0,gamma,1.0\n0,weight,0.1\n1,bias,1.0\n1,weight,0.5\n",
                "\(factors)")
            let sweep = ["sweep", "c.json", "-q", "--axis", "optimizer.learning_rate_multipliers.gamma=0.1,1"]
            #expect(try bnexp(sweep, in: folder).exitCode == 0)
            let values = try bnexp(
                [
                    "sql",
                    "SELECT value FROM run_parameter WHERE path = 'optimizer.learning_rate_multipliers.gamma' ORDER BY value",
                    "--csv",
                ], in: folder)
            #expect(values.output == "value\n0.1\n1.0\n" || values.output == "value\n0.1\n1\n", "\(values.output)")
        }
    }

    /// The gradient of a dump is that of the first pass, which is logged; what the update adds follows from the second.
    @Test func dumpsAreOfTheStepThatWasTrained() throws {
        let setting =
            "optimizer={\"kind\": \"lamb\", \"sharpness_aware\": {\"rho\": 0.5}, \"weight_projection\": \"unit\"}"
        try withToyFolder(config) { folder in
            #expect(try bnexp(["run", "c.json", "-q", "--set", setting], in: folder).exitCode == 0)
            #expect(try bnexp(["dump", "latest", "--step", "15", "-o", "d.h5"], in: folder).exitCode == 0)
            let file = try HDF5File(path: folder.appendingPathComponent("d.h5").path)
            func norm(_ name: String) throws -> Double {
                let values: [Double] = try file.dataset(name).read()
                return values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            }
            let sql = """
                SELECT gradient_norm, update_norm, weight_norm FROM parameter_statistic
                WHERE step = 15 AND layer = 0 AND parameter = 'weight'
                """
            let logged = try bnexp(["sql", sql, "--csv"], in: folder).output.split(separator: "\n")[1]
                .split(separator: ",").compactMap { Double($0) }
            for (name, expected) in zip(["_gradient", "_update", ""], logged) {
                let found = try norm("layer/0/weight\(name)")
                #expect(abs(found - expected) < 1e-12 * expected && found > 0, "\(name)")
            }
            #expect(try bnexp(["verify", "latest"], in: folder).exitCode == 0)
        }
    }

    @Test(arguments: [
        (
            "optimizer.learning_rate_multipliers.gain=2",
            "learning_rate_multipliers.gain: found \"gain\", but no layer has one"
        ),
        (
            "optimizer.learning_rate_multipliers.9/gamma=2",
            "--set optimizer.learning_rate_multipliers.9/gamma: optimizer.learning_rate_multipliers.9/gamma: found \"9/gamma\""
        ),
        ("optimizer.learning_rate_multipliers.1/gamma=2", "found \"1/gamma\", but layer 1 has no gamma"),
        ("optimizer.learning_rate_multipliers={\"weight\": 1e-320}", "found 1e-320"),
        ("optimizer.learning_rate_multipliers=3", "expected an object with a member for each parameter"),
        ("optimizer.kind=muon", "--set optimizer.kind: optimizer.kind: muon orthogonalizes"),
        (
            "optimizer={\"kind\": \"muon\", \"matrices\": \"hidden\"}",
            "optimizer.matrices: muon orthogonalizes the weights between two hidden layers"
        ),
        // Of biases it is AdamW's rate that is multiplied.
        (
            "optimizer={\"kind\": \"muon\", \"matrices\": \"all\", \"adamw\": {\"learning_rate\": 1e-30}, "
                + "\"learning_rate_multipliers\": {\"bias\": 1e-20}}",
            "found 1e-20 for bias, which makes a learning rate of 1e-50"
        ),
        (
            "schedule={\"kind\": \"cyclic\", \"maximum_learning_rate\": 0.1, \"rising_steps\": 5}",
            "below optimizer.learning_rate"
        ),
        (
            "schedule={\"kind\": \"cosine_restarts\", \"first_cycle_steps\": 5, \"minimum_learning_rate\": 0.9}",
            "above optimizer.learning_rate"
        ),
    ])
    func mistakesAreToldBeforeTraining(setting: String, words: String) throws {
        try withToyFolder(config) { folder in
            let result = try bnexp(["run", "c.json", "-q", "--set", setting, "--set", "precision=float32"], in: folder)
            #expect(result.exitCode == 65 && result.errors.contains(words), "\(result.errors)")
        }
    }

    /// Cycles and tasks that do not begin within the run are told, for the run is not what its config looks like.
    @Test(arguments: [
        ("schedule={\"kind\": \"cosine_restarts\", \"first_cycle_steps\": 21}", "nor restarts"),
        ("schedule={\"kind\": \"cosine_restarts\", \"first_cycle_steps\": 20}", ""),
        (
            "schedule={\"kind\": \"cyclic\", \"maximum_learning_rate\": 1, \"rising_steps\": 21}",
            "does not come to schedule.maximum_learning_rate"
        ),
        ("training.tasks={\"kind\": \"permuted_inputs\", \"at_steps\": [20]}", "end within task 0"),
        ("training.tasks={\"kind\": \"permuted_inputs\", \"at_steps\": [19]}", ""),
    ])
    func whatTheRunDoesNotReachIsTold(setting: String, words: String) throws {
        try withToyFolder(config) { folder in
            let result = try bnexp(["run", "c.json", "--set", setting], in: folder)
            #expect(result.exitCode == 0 && result.errors.contains("the run's") != words.isEmpty, "\(result.errors)")
            #expect(words.isEmpty || result.errors.contains(words), "\(result.errors)")
        }
    }

    /// A unit that starts at 0 has no norm to return to, wherever its weights come from.
    @Test func projectionsNeedNorms() throws {
        try withToyFolder(config) { folder in
            let keep = ["run", "c.json", "-q", "--set", "checkpoint={\"directory\": \"k\"}"]
            let zeros = ["--set", "model.initialization.kind=zeros", "--set", "training.steps=0"]
            #expect(try bnexp(keep + zeros, in: folder).exitCode == 0)
            let path = try bnexp(["sql", "SELECT path FROM checkpoint", "--csv"], in: folder).output.split(
                separator: "\n")
            let result = try bnexp(
                [
                    "run", "c.json", "-q", "--set", "optimizer.weight_projection=unit", "--set",
                    "model.initial_weights=\(path[1])",
                ], in: folder)
            #expect(
                result.exitCode == 65 && result.errors.contains("All weights of layer 0 start at 0"), "\(result.errors)"
            )
            let fixup = try bnexp(
                [
                    "config", "show", "c.json", "--set", "model.residual={\"every\": 1, \"fixup\": true}", "--set",
                    "model.hidden=[6, 6]", "--set", "optimizer.weight_projection=layer",
                ], in: folder)
            #expect(
                fixup.exitCode == 65 && fixup.errors.contains("optimizer.weight_projection: found \"layer\"")
                    && fixup.errors.contains("model.residual.fixup"), "\(fixup.errors)")
        }
    }
}
