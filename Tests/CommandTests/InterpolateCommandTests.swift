import Foundation
import RunStore
import Support
import TestSupport
import Testing

/// `bnexp interpolate`: networks between two checkpoints.
@Suite struct InterpolateCommandTests {
    private let config = toyConfig(
        data: ", \"test\": {\"inputs\": \"test/images\", \"targets\": \"test/labels\"}, \"scaling\": \"unit\"",
        model: ", \"normalization\": {\"kind\": \"batch\"}", rest: ", \"checkpoint\": {\"every\": 10}")

    private func withRuns(_ others: [(String, [String])] = [], _ body: (URL) throws -> Void) throws {
        try withToyFolder(config) { folder in
            let runs = [
                ("one", ["--seed", "1"]), ("two", ["--seed", "2"]),
                ("plain", ["--set", "model.normalization.kind=none"]),
            ]
            for (name, more) in runs + others {
                let result = try bnexp(["run", "c.json", "-q", "--name", name] + more, in: folder)
                #expect(result.exitCode == 0, "\(result.errors)")
            }
            try body(folder)
        }
    }

    private func json(_ arguments: [String], _ folder: URL) throws -> JSON {
        let result = try bnexp(["interpolate"] + arguments + ["--json"], in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
        return try JSONReader.read(result.output, source: "output")
    }

    /// The ends are what the command evaluate says, the barrier is computed of the points, and networks beyond the ends
    /// are evaluated too.
    @Test(arguments: ["batch", "decorrelated_batch"]) func theEndsAreTheCheckpoints(kind: String) throws {
        let kinds = ["--set", "model.normalization={\"kind\": \"\(kind)\"}"]
        try withRuns([("first", ["--seed", "1"] + kinds), ("second", ["--seed", "2"] + kinds)]) { folder in
            let found = try json(
                ["first", "second@10", "--points", "5", "--from", "-0.5", "--to", "1.5", "--split", "test"], folder)
            let points = found["points"]?.array ?? []
            #expect(points.count == 5 * 2)
            #expect(Set(points.compactMap { $0["alpha"]?.double }) == [-0.5, 0, 0.5, 1, 1.5])
            // Recomputed statistics of both are those of the first run's batches.
            for (alpha, run, modes) in [
                (0.0, ["first"], ["running", "recomputed"]), (1.0, ["second", "--checkpoint", "10"], ["running"]),
            ] {
                let evaluated = try bnexp(
                    ["evaluate"] + run + ["--split", "test", "--json"] + modes.flatMap { ["--mode", $0] }, in: folder)
                let rows = try JSONReader.read(evaluated.output, source: "output").array ?? []
                let ends = points.filter { $0["alpha"]?.double == alpha }.prefix(modes.count)
                #expect(ends.map { $0["loss"]?.double } == rows.map { $0["loss"]?.double } && ends.count == modes.count)
            }
            for barrier in found["barriers"]?.array ?? [] {
                let line = points.filter {
                    $0["mode"] == barrier["mode"] && (0...1).contains($0["alpha"]?.double ?? -1)
                }
                let losses = line.compactMap { $0["loss"]?.double }, errors = line.compactMap { $0["accuracy"]?.double }
                let loss = try #require(barrier["loss_barrier"]?.double)
                let error = try #require(barrier["error_barrier"]?.double)
                #expect(losses.count == 3 && abs(loss - ((losses.max() ?? 0) - (losses[0] + losses[2]) / 2)) < 1e-12)
                #expect(abs(error - ((errors[0] + errors[2]) / 2 - (errors.min() ?? 0))) < 1e-12)
            }
            #expect(found["barriers"]?.array?.count == 2)
        }
    }

    /// Step 0 is made from the seed, a run is joined with itself without a barrier, and 0 and 1 are there though not asked.
    @Test func formsOfTheAnswer() throws {
        try withRuns { folder in
            let same = try json(["one", "one", "--points", "2", "--from", "0.3", "--to", "0.4"], folder)
            for barrier in same["barriers"]?.array ?? [] {
                #expect(abs(barrier["loss_barrier"]?.double ?? 1) < 1e-6)
            }
            #expect(
                Set((same["points"]?.array ?? []).compactMap { $0["alpha"]?.double }) == [0, 0.3, 0.4, 1])
            let start = try json(["one@0", "one@last", "--mode", "batch", "--split", "train", "--points", "3"], folder)
            let losses = (start["points"]?.array ?? []).compactMap { $0["loss"]?.double }
            #expect(losses.count == 3 && losses[0] > losses[2])
            let csv = try bnexp(["interpolate", "plain@0", "plain", "--points", "2", "--format", "csv"], in: folder)
            #expect(csv.output.split(separator: "\n").count == 1 + 2 * 2 && csv.output.hasPrefix("alpha,split,mode,"))
            let drawn = try bnexp(["interpolate", "one", "two", "--chart", "-o", "line.svg"], in: folder)
            #expect(drawn.exitCode == 0 && drawn.output.contains("loss_barrier") && drawn.output.contains("alpha"))
            let svg = try String(contentsOf: folder.appendingPathComponent("line.svg"), encoding: .utf8)
            #expect(svg.hasPrefix("<svg") && svg.contains("test, recomputed"))
        }
    }

    @Test func mistakesAreNamed() throws {
        try withRuns([
            ("wide", ["--set", "model.hidden=[7]"]), ("tanh", ["--set", "model.activation=tanh"]),
            ("uncentered", ["--set", "model.normalization.subtract_mean=false"]),
        ]) { folder in
            for (arguments, exitCode, words) in [
                (["one", "wide"], 64, "12 - 6 - 3, and 12 - 7 - 3 units"),
                (["one", "tanh"], 64, "layer 0 has activation relu, and tanh"),
                (["one", "plain"], 64, "layer 0 has normalization batch, and none"),
                (["one", "uncentered"], 64, "subtract_mean true, divide_by_deviation true, and subtract_mean false"),
                (["one", "three"], 64, "three"), (["one", "two@15"], 64, "no checkpoint of step 15"),
                (["one", "two@best"], 64, "no checkpoint of its best evaluation"),
                (["one", "two@nowhere.h5"], 65, "nowhere.h5"), (["one", "@5"], 64, "@5"),
                (["one", "two", "--points", "1"], 64, "--points is 1"),
                (["one", "two", "--from", "2"], 64, "the first the smaller"),
                (["one", "two", "--from", "nan"], 64, "two numbers"),
                (["one", "two", "--split", "validation"], 65, "data.validation is not given"),
                (["one", "two", "-o", "toy.h5"], 64, "ends with .svg"),
                (["one", "two", "--json", "--chart"], 64, "--chart is for people"),
                (["one", "two", "--data", "c.json"], 65, "c.json"), (["one"], 64, "second"),
            ] as [([String], Int32, String)] {
                let result = try bnexp(["interpolate"] + arguments, in: folder)
                #expect(
                    result.exitCode == exitCode && result.errors.contains(words),
                    "\(arguments): \(result.exitCode) \(result.errors)")
            }
        }
    }

    /// The content of the file is not all that two runs may differ in.
    @Test func otherLabelsAndTasksAreTold() throws {
        try withRuns([
            ("noisy", ["--set", "data.label_noise.fraction=0.2"]),
            ("tasks", ["--set", "training.tasks={\"kind\": \"permuted_labels\", \"every\": 10}"]),
        ]) { folder in
            for (second, words) in [
                ("noisy", "different labels (data.label_noise); all losses are on those of run one"),
                ("tasks", "different tasks (training.tasks); all losses are on those of run one"), ("two", ""),
            ] {
                let result = try bnexp(["interpolate", "one", second, "--points", "2"], in: folder)
                #expect(result.exitCode == 0)
                #expect(
                    words.isEmpty ? !result.errors.contains("different") : result.errors.contains(words),
                    "\(result.errors)")
            }
        }
    }

    /// What is measured in training has no part in other evaluations.
    @Test func instrumentsDoNotHinderEvaluations() throws {
        try withToyFolder(config) { folder in
            let collapse = ["--set", "logging.neural_collapse={}", "--name", "one"]
            let patience = ["--set", "training.stop_when={\"split\": \"train\", \"patience\": 100}"]
            #expect(try bnexp(["run", "c.json", "-q"] + collapse + patience, in: folder).exitCode == 0)
            let result = try bnexp(["evaluate", "one", "--split", "test"], in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            let refused = try bnexp(
                ["run", "c.json", "-q", "--set", "evaluation.splits=[\"test\"]"] + collapse, in: folder)
            #expect(refused.exitCode == 65 && refused.errors.contains("which evaluation.splits leaves out"))
        }
    }
}
