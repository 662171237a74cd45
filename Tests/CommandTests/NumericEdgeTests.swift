import Datasets
import Foundation
import RunStore
import TestSupport
import Testing

/// Numbers at the edge of what can be trained: they are right, or are said to be wrong.
@Suite struct NumericEdgeTests {
    private func rows(_ sql: String, _ folder: URL) throws -> [[SQLValue]] {
        try ResultsFile(reading: folder.appendingPathComponent("results.sqlite").path).query(sql).rows
    }

    private static let instruments = """
        "logging": {"every": 1, "probe": {"every": 1, "rows": 8}, "geometry": {"every": 1, "rows": 6}, "landscape": {"every": 1},
            "covariate_shift": {"every": 1}, "histograms": {"every": 1}, "units": {"every": 1}, "confusion": {}, "hessian": {"every": 1, "density_nodes": 3},
            "gradient_noise": {"every": 1}, "neural_collapse": {}}
        """
    private static let schedules = [
        #"{"kind": "constant"}"#, #"{"kind": "step", "every": 2, "factor": 0.5}"#,
        #"{"kind": "exponential", "factor": 0.9}"#, #"{"kind": "cosine"}"#, #"{"kind": "one_cycle"}"#,
    ]

    /// Every instrument measures every step of every schedule, also where the learning rate is 0 at the end.
    @Test(arguments: schedules) func everyInstrumentWithEverySchedule(schedule: String) throws {
        let config = """
            { "data": {"file": "toy.h5", "train": {"inputs": "train/images", "targets": "train/labels"}, "scaling": "unit"},
              "model": {"hidden": [6], "normalization": {"kind": "batch"}}, "schedule": \(schedule),
              "training": {"batch_size": 10, "steps": 6}, \(NumericEdgeTests.instruments) }
            """
        try withToyFolder(config) { folder in
            let result = try bnexp(["run", "c.json", "-q"], in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(try rows("SELECT count(DISTINCT step) FROM landscape", folder) == [[.integer(7)]])
            #expect(
                try rows("SELECT group_concat(DISTINCT step_size) FROM landscape", folder) == [
                    [.text("0.5,1.0,2.0,4.0")]
                ])
        }
    }

    /// What is measured of a step that diverges is NULL or infinite, and the run ends as it does without instruments.
    @Test(arguments: [("float32", "1e30"), ("float64", "1e200")])
    func everyInstrumentMeasuresADivergence(precision: String, rate: String) throws {
        let config = """
            { "data": {"file": "toy.h5", "train": {"inputs": "train/images", "targets": "train/labels"}, "scaling": "unit"},
              "model": {"hidden": [6], "activation": "identity"}, "optimizer": {"kind": "sgd", "learning_rate": \(rate)},
              "precision": "\(precision)", "evaluation": {"every": 1},
              "training": {"batch_size": 10, "steps": 30}, \(NumericEdgeTests.instruments) }
            """
        try withToyFolder(config) { folder in
            let result = try bnexp(["run", "c.json", "-q"], in: folder)
            #expect(result.exitCode == 2, "\(result.errors)")
            #expect(
                try rows("SELECT count(*) > 1, count(noise_scale) < count(*) FROM gradient_noise", folder)
                    == [[.integer(1), .integer(1)]])
        }
    }

    /// Nothing is below the first layer, so that nothing shifts its gradient, whatever the normalization remembers.
    @Test(arguments: ["batch", "batch_renorm", "layer"]) func theFirstLayerDoesNotShift(kind: String) throws {
        let config = toyConfig(
            model: ", \"normalization\": {\"kind\": \"\(kind)\"}, \"frozen\": [\"gamma\"]",
            rest: ", \"precision\": \"float64\"")
        try withToyFolder(config) { folder in
            let options = ["--set", "logging.covariate_shift={\"every\": 1}"]
            #expect(try bnexp(["run", "c.json", "-q"] + options, in: folder).exitCode == 0)
            let shift = try rows(
                "SELECT max(gradient_distance), min(gradient_cosine) FROM covariate_shift WHERE layer = 0", folder)
            guard case .number(let distance) = shift[0][0], case .number(let cosine) = shift[0][1] else {
                Issue.record("no shift was measured")
                return
            }
            #expect(distance == 0 && abs(cosine - 1) < 1e-12)
            // Norms are of what is trained.
            let norms = try rows(
                """
                SELECT t.gradient_norm * t.gradient_norm, sum(p.gradient_norm * p.gradient_norm) FROM training_step AS t
                JOIN parameter_statistic AS p USING (run_id, step) WHERE parameter <> 'gamma' GROUP BY step
                """, folder)
            for row in norms {
                guard case .number(let whole) = row[0], case .number(let parts) = row[1] else { continue }
                #expect(abs(whole - parts) <= 1e-12 * parts && parts > 0)
            }
        }
    }

    /// A run that logs nothing is diverged too if its last update was too large.
    @Test func theLastUpdateMayDiverge() throws {
        try withToyFolder(toyConfig(optimizer: "{\"kind\": \"sgd\", \"learning_rate\": 1e38}")) { folder in
            let quiet = [
                "--set", "training.steps=1", "--set", "logging.every=0", "--set", "data.scaling=standardize",
                "--set", "loss.reduction=sum",
            ]
            let result = try bnexp(["run", "c.json", "-q"] + quiet, in: folder)
            #expect(result.exitCode == 2, "\(result.errors)")
            #expect(try rows("SELECT status FROM run", folder) == [[.text("diverged")]])
        }
    }

    @Test func whatFloat32CannotHoldIsRefused() throws {
        try withToyFolder(toyConfig(file: "wide.h5")) { folder in
            func write(_ values: [Double]) throws {
                let writer = try HDF5Writer(path: folder.appendingPathComponent("wide.h5").path)
                try writer.write(values, shape: [20, 2], to: "train/images")
                try writer.write((0..<20).map { UInt8($0 % 2) }, shape: [20], to: "train/labels")
                try writer.finish()
            }
            var values = (0..<40).map { Double($0) }
            values[27] = 1e300
            try write(values)
            let refused = try bnexp(["run", "c.json", "-q"], in: folder)
            #expect(
                refused.exitCode == 65 && refused.errors.contains("row 13, column 1")
                    && refused.errors.contains("1e+300"),
                "\(refused.errors)")
            #expect(
                try bnexp(["run", "c.json", "-q", "--set", "precision=float64", "--allow-divergence"], in: folder)
                    .exitCode == 0)
            try write((0..<40).map { 1e8 + Double($0 % 3) })
            let told = try bnexp(["run", "c.json", "--progress", "none", "--allow-divergence"], in: folder)
            #expect(told.errors.contains("2 of 2 features lose their spread in float32"), "\(told.errors)")
            #expect(
                try !bnexp(["run", "c.json", "--progress", "none", "--set", "data.scaling=center"], in: folder).errors
                    .contains("lose their spread"))
        }
    }

    @Test func initialWeightsAreFinite() throws {
        try withToyFolder(toyConfig()) { folder in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("w.h5").path)
            for (index, shape) in [[12, 6], [6, 3]].enumerated() {
                let values = [Double](repeating: index == 1 ? 1e300 : 0.1, count: shape[0] * shape[1])
                try writer.write(values, shape: shape, to: "layer/\(index)/weight")
                try writer.write([Double](repeating: 0, count: shape[1]), shape: [shape[1]], to: "layer/\(index)/bias")
            }
            try writer.finish()
            let weights = ["run", "c.json", "-q", "--allow-divergence", "--set", "model.initial_weights=w.h5"]
            let refused = try bnexp(weights, in: folder)
            #expect(refused.exitCode == 65 && refused.errors.contains("not finite in float32"), "\(refused.errors)")
            #expect(try bnexp(weights + ["--set", "precision=float64"], in: folder).exitCode == 0)
        }
    }

    /// Features of mean 1e6 round X W so much that differences of the loss resolve less; right gradients stay right.
    @Test func gradcheckKnowsTheRoundingOfLargeFeatures() throws {
        let config = toyConfig(file: "large.h5", model: ", \"normalization\": {\"kind\": \"batch\"}")
        try withToyFolder(config) { folder in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("large.h5").path)
            var generator = SeededGenerator(seed: 3)
            let values = (0..<160).map { _ in 1e6 + Double.random(in: -1...1, using: &generator) }
            try writer.write(values, shape: [40, 4], to: "train/images")
            try writer.write((0..<40).map { UInt8($0 % 3) }, shape: [40], to: "train/labels")
            try writer.finish()
            let result = try bnexp(["gradcheck", "c.json"], in: folder)
            #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
            let fault = try bnexp(["gradcheck", "c.json", "--inject-fault", "drop_mean_term"], in: folder)
            #expect(fault.exitCode == 1 || fault.exitCode == 0)
        }
    }

    @Test(arguments: [
        ("logging.landscape={\"every\": 5, \"step_sizes\": []}", "step_sizes"),
        ("logging.probe={\"every\": 5, \"units\": [60]}", "found 60"),
        ("logging.probe={\"every\": 5, \"units\": []}", "units"),
        ("logging.units={\"every\": 5, \"quantities\": []}", "quantities"),
        ("logging.units={\"every\": 5, \"quantities\": [\"gamma\"]}", "no logged layer has gamma"),
        ("logging.hessian={\"probes\": 0, \"density_nodes\": 5}", "at least 1 probe"),
        ("logging.hessian={\"eigenvalues\": 9, \"iterations\": 5}", "9 eigenvalues take at least as many products"),
        ("logging.hessian={\"rows\": 100000}", "training rows; choose at most so many"),
        ("logging.hessian={\"preconditioned\": true}", "optimizer sgd divides by no diagonal"),
        ("logging.gradient_noise={\"small_batch\": 4}", "training.batch_size is 10; choose one of 1, 2, 5"),
        ("logging.gradient_noise={\"small_batch\": 10}", "choose one of 1, 2, 5"),
        ("logging.gradient_noise={\"rows\": 7, \"small_batch\": 2}", "rows is 7; choose one of 1"),
        ("logging.gradient_noise={\"rows\": 100000}", "training rows; choose at most so many"),
        ("logging.geometry={\"sites\": []}", "the list is empty"),
        ("logging.geometry={\"sites\": [\"normalized\", \"linear\"]}", "no layer that is looked at has"),
        ("logging.geometry={\"layers\": [2]}", "found layer 2, but the network has layers 0 to 1"),
        ("logging.neural_collapse={\"split\": \"test\"}", "data.test is not given"),
        ("model.frozen=[\"gamma\"]", "no layer has one"), ("model.frozen=[\"0/gain\"]", "layer 0 has no gain"),
    ])
    func whatMeasuresNothingIsAnError(setting: String, words: String) throws {
        try withToyFolder(toyConfig()) { folder in
            let result = try bnexp(["run", "c.json", "-q", "--set", setting], in: folder)
            #expect(result.exitCode == 65 && result.errors.contains(words), "\(result.errors)")
        }
    }
}
