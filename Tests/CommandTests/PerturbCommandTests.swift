import Foundation
import RunStore
import TestSupport
import Testing

/// What users see of perturbed inputs, tasks and wrong labels, by the built command.
@Suite struct PerturbCommandTests {
    private struct Row: Decodable {
        let split: String
        let loss: Double
        let accuracy: Double
        let example_count: Int
        let perturbation: String?
        let size: Double?
    }

    private let attack = "{\"kind\": \"pgd\", \"epsilon\": 20, \"steps\": 3, \"rows\": 10}"

    private func inToyFolder(_ body: (URL) throws -> Void) throws { try withToyFolder(normalizedToyConfig, body) }

    private func rows(_ arguments: [String], in folder: URL) throws -> [Row] {
        let result = try bnexp(arguments + ["--json"], in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
        return try JSONDecoder().decode([Row].self, from: Data(result.output.utf8))
    }

    /// A checkpoint is attacked as the run was, or as an option says, with the run's own values.
    @Test func evaluatePerturbsACheckpoint() throws {
        try inToyFolder { folder in
            let run = [
                "run", "c.json", "--set", "checkpoint={}", "--set", "evaluation.perturbations=[\(attack)]", "--set",
                "evaluation.every=0",
            ]
            #expect(try bnexp(run, in: folder).exitCode == 0)
            let own = try rows(["evaluate", "latest", "--split", "train"], in: folder)
            #expect(own.map(\.perturbation) == [nil, "pgd"] && own[1].example_count == 10)
            let recorded = try ResultsFile(reading: folder.appendingPathComponent("results.sqlite").path).query(
                "SELECT loss FROM perturbed_evaluation WHERE split = 'train' ORDER BY step DESC LIMIT 1"
            ).rows
            #expect(recorded == [[.number(own[1].loss)]])
            let given = try rows(
                [
                    "evaluate", "latest", "--split", "train", "--perturb", "{\"kind\": \"fgsm\", \"epsilon\": 20}",
                    "--perturb", "{\"kind\": \"gaussian\", \"standard_deviation\": 50}",
                ], in: folder)
            #expect(given.map(\.perturbation) == [nil, "fgsm", "gaussian"] && given.map(\.size) == [nil, 20, 50])
            #expect(given[1].loss > given[0].loss)
            for (object, words) in [
                ("fgsm", "--perturb fgsm:1:1: expected a JSON value"),
                (
                    "{\"kind\": \"fgsm\"}",
                    "--perturb {\"kind\": \"fgsm\"}: evaluation.perturbations[0].epsilon: this key is missing"
                ),
                ("{", "--perturb {:1:2: "),
            ] {
                let result = try bnexp(["evaluate", "latest", "--perturb", object], in: folder)
                #expect(
                    [64, 65].contains(result.exitCode) && result.errors.contains(words), "\(object): \(result.errors)")
            }
        }
    }

    /// A run whose tasks change, with wrong labels and attacks, is verified bit for bit, and so is going on.
    @Test func isVerified() throws {
        try inToyFolder { folder in
            let settings = [
                "--set", "training.tasks={\"kind\": \"permuted_inputs\", \"every\": 13}", "--set",
                "data.label_noise={\"fraction\": 0.2}", "--set", "evaluation.perturbations=[\(attack)]", "--set",
                "evaluation.sample={\"train\": 50}", "--set", "evaluation.every=10",
            ]
            let result = try bnexp(["run", "c.json"] + settings, in: folder)
            #expect(result.exitCode == 0 && result.errors.contains("data.label_noise: "), "\(result.errors)")
            #expect(try bnexp(["verify", "latest"], in: folder).exitCode == 0)
            #expect(try bnexp(["verify-resume", "c.json"] + settings, in: folder).exitCode == 0)
            #expect(try bnexp(["explain", "latest", "--step", "14", "--layer", "0"], in: folder).exitCode == 0)
            let dry = try bnexp(["run", "c.json", "--dry-run"] + settings, in: folder)
            #expect(dry.output.contains("  perturbed_evaluation: ") && dry.output.contains("  task: "))
        }
    }

    /// Three passes, the closed form first and in units of itself.
    @Test func timeComparesTheThreeBackwardPasses() throws {
        struct Time: Decodable {
            let backward: String
            let microseconds: Double
            let ratio: Double
        }
        try withTemporaryFolder { folder in
            let result = try bnexp(["time", "--rows", "20", "--features", "30", "--rounds", "3", "--json"], in: folder)
            let times = try JSONDecoder().decode([Time].self, from: Data(result.output.utf8))
            #expect(times.map(\.backward) == ["closed_form", "staged", "jacobian"] && times[0].ratio == 1)
            #expect(times.allSatisfy { $0.microseconds > 0 })
            #expect(result.errors.contains("times as fast as the staged graph"))
            for (option, value) in [
                ("--rows", "1"), ("--features", "0"), ("--rounds", "0"), ("--precision", "float16"),
            ] {
                let refused = try bnexp(["time", option, value], in: folder)
                #expect(refused.exitCode == 64 && refused.errors.contains(value), "\(option): \(refused.errors)")
            }
            let large = try bnexp(["time", "--rows", "10000", "--features", "100000"], in: folder)
            #expect(large.exitCode == 64 && large.errors.contains("expected at most"), "\(large.errors)")
        }
    }
}
