import Foundation
import Support
import TestSupport
import Testing

/// `bnexp explain`, of the worked example, a config and a run.
@Suite struct ExplainCommandTests {
    private func numbers(_ arguments: [String], in folder: URL) throws -> JSON {
        let result = try bnexp(["explain"] + arguments + ["--json"], in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
        return try JSONReader.read(result.output, source: "explain")
    }

    private func list(_ json: JSON, _ path: String...) -> [Double] {
        json[path[...]]?.array?.compactMap(\.double) ?? []
    }

    @Test func theWorkedExample() throws {
        try withTemporaryFolder { folder in
            let text = try bnexp(["explain"], in: folder)
            #expect(text.exitCode == 0 && text.errors == "")
            for line in [
                "(2) the mean\n    μⱼ = (1/N) Σₚ hₚⱼ\n    μⱼ = (1/3) (1 + 4 + 10) = 5",
                "    dL/dβⱼ = 0 - 4 + 2 = -2", "    dL/dh₁ⱼ = 0.1782 (0 + 2 + 4) = 1.069",
            ] {
                #expect(text.output.contains(line), "\(line)\n\(text.output)")
            }
            for number in 1...23 {
                #expect(text.output.contains("\n(\(number))") || text.output.contains(", (\(number))"), "(\(number))")
            }
            let json = try numbers([], in: folder)
            #expect(list(json, "forward", "h") == [1, 4, 10] && list(json, "backward", "y_gradient") == [0, -4, 2])
            #expect(list(json, "backward", "bracket", "direct") == [0, -12, 6])
            let moved = try numbers(["--epsilon", "2", "--gamma", "-1", "--beta", "7"], in: folder)
            #expect(moved[["forward", "inverse_standard_deviation"]]?.double == 0.25)
            #expect(moved[["forward", "gamma"]]?.double == -1 && moved[["forward", "beta"]]?.double == 7)
        }
    }

    /// A run's numbers are those of its rows and of its dump, whichever layer is asked for.
    @Test(arguments: ["float32", "float64"]) func aStepOfARun(precision: String) throws {
        let config = toyConfig(
            model: ", \"hidden\": [6, 5], \"normalization\": {\"kind\": \"batch\"}, \"dropout\": 0.2",
            rest:
                ", \"name\": \"toy\", \"precision\": \"\(precision)\""
                + ", \"loss\": {\"kind\": \"softmax_cross_entropy\", \"l2\": 0.01}"
        ).replacing("\"hidden\": [6], ", with: "")
        try withToyFolder(config) { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            for (layer, unit) in [(0, 5), (1, 2)] {
                let place = ["--layer", "\(layer)", "--unit", "\(unit)"]
                let json = try numbers(["latest", "--step", "7", "--rows", "3"] + place, in: folder)
                let difference = try #require(json[["network", "largest_relative_difference"]]?.double)
                // Rounding of the network's numbers; sums of few terms.
                #expect(difference < (precision == "float32" ? 1e-4 : 1e-11), "layer \(layer): \(difference)")
                #expect(json[["network", "precision"]]?.string == precision)
                #expect(list(json, "h_gradient", "numeric").count == 3 && json["rows"]?.integer == 10)
                // The config alone trains to the same step.
                let again = try numbers(["c.json", "--step", "7", "--rows", "3"] + place, in: folder)
                #expect(again == json)
            }
            let first = try numbers(["c.json"], in: folder), zero = try numbers(["toy", "--step", "0"], in: folder)
            #expect(first == zero)
            #expect(try numbers(["c.json", "--set", "seed=9"], in: folder) != first)
        }
    }

    @Test func aFaultShowsWhatBecomesOfIt() throws {
        try withTemporaryFolder { folder in
            let result = try bnexp(["explain", "--fault", "drop_mean_term"], in: folder)
            #expect(result.exitCode == 0 && result.output.contains("(15) with the mistake drop_mean_term"))
            #expect(result.output.contains("The brackets no longer sum to 0"))
            let json = try numbers(["--fault", "drop_mean_term"], in: folder)
            #expect(json[["fault", "equation"]]?.string == "(15)")
            #expect(list(json, "fault", "bracket", "sum").reduce(0, +) == -6)
            let dropped = try bnexp(["explain", "--fault", "drop_epsilon"], in: folder)
            #expect(dropped.output.contains("ε is 0 here"))
        }
    }

    @Test func aPageIsWrittenByTheRules() throws {
        try withToyFolder(normalizedToyConfig) { folder in
            let place = folder.appendingPathComponent("e.html").path
            for _ in 0..<2 {
                let result = try bnexp(["explain", "c.json", "--fault", "forget_gamma", "-o", "e.html"], in: folder)
                #expect(result.exitCode == 0 && result.output == "e.html\n", "\(result.errors)")
            }
            let page = try String(contentsOfFile: place, encoding: .utf8)
            #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<math ") && !page.contains("<script"))
            #expect(!page.contains("http://") && !page.contains("https://"))
            try "mine".write(toFile: place, atomically: true, encoding: .utf8)
            #expect(try bnexp(["explain", "-o", "e.html"], in: folder).exitCode == 73)
            #expect(try bnexp(["explain", "c.json", "-o", "c.json", "--force"], in: folder).exitCode == 73)
            #expect(try bnexp(["explain", "-o", "-"], in: folder).output.hasPrefix("<!DOCTYPE html>"))
        }
    }

    @Test func mistakesAreNamed() throws {
        try withToyFolder(normalizedToyConfig) { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            for (arguments, code, words) in [
                (["--step", "3"], 64, "--step belongs to a config or a run"),
                (["toy", "--step", "21"], 64, "has only 20 steps"),
                (["toy", "--layer", "1"], 64, "Layers that can be explained: 0"),
                (["toy", "--layer", "9"], 64, "expected 0 to 1"), (["toy", "--unit", "6"], 64, "expected 0 to 5"),
                (["toy", "--gamma", "2"], 64, "--gamma changes the worked example"),
                (["toy", "--set", "seed=2"], 64, "--set changes a config"),
                (["c.json", "--checkpoint", "best"], 64, "--checkpoint belongs to a run"),
                (["--epsilon", "-1"], 64, "--epsilon is -1"), (["--rows", "0"], 64, "--rows is 0"),
                (["--fault", "forget_batch_mean"], 64, "no mistake in a layer"), (["--fault", "x"], 64, "--fault"),
                (["c.json", "--set", "model.normalization={\"kind\": \"layer\"}"], 64, "only that of kind batch"),
                (["c.json", "--set", "model.normalization={\"kind\": \"none\"}"], 64, "No layer of this network"),
                (["nothing-of-this-name"], 64, "nothing-of-this-name"), (["missing.json"], 65, "missing.json"),
                (["--json", "-o", "x.html"], 64, "give one of them"),
            ] as [([String], Int32, String)] {
                let result = try bnexp(["explain"] + arguments, in: folder)
                #expect(result.exitCode == code, "\(arguments): \(result.exitCode) \(result.errors)")
                #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
                #expect(result.output == "", "\(arguments)")
            }
        }
    }
}
