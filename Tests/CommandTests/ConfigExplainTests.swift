import Foundation
import Keys
import Support
import TestSupport
import Testing
import Training

/// `bnexp config explain`.
@Suite struct ConfigExplainTests {
    private func explain(_ arguments: String...) throws -> CommandResult {
        try bnexp(["config", "explain"] + arguments, in: repository)
    }

    @Test func aKeyIsExplainedWithItsDefaultByKind() throws {
        let rate = try explain("optimizer.learning_rate")
        #expect(rate.exitCode == 0)
        for word in [
            "0.1 (sgd); 0.001 (rmsprop, adam", "optimizer.kind", "docs/training.md", "--set optimizer.learning_rate=",
        ] {
            #expect(rate.output.contains(word), "\(rate.output)")
        }
        let kind = try explain("optimizer.kind").output
        #expect(kind.contains("lion") && kind.contains("Chen et al. 2023"))
    }

    @Test func aPrefixListsTheKeysBelowIt() throws {
        let probe = try explain("logging.probe").output
        #expect(probe.contains("absent: not measured") && probe.contains("logging.probe.rows"))
        let json = try explain("logging.probe", "--json").output
        let rows = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        #expect(rows?.count == 6 && rows?.last?["default"] as? String == "[15, 50, 85]")
        #expect(try explain().output.split(separator: "\n").count == Config.shape.keyEntries.count + 2)
    }

    @Test(arguments: [
        ("learning_rate", "did you mean optimizer.learning_rate or"),
        ("optimizer.learnig_rate", "optimizer.learning_rate"),
        ("model.hidden[0]", "unknown key \"model.hidden[0]\"; did you mean model.hidden?"),
        ("nothing.like.it", "bnexp config explain lists all keys"),
    ])
    func anUnknownKeyNamesTheNearest(key: String, expected: String) throws {
        let result = try explain(key)
        #expect(result.exitCode == 64 && result.output.isEmpty && result.errors.contains(expected), "\(result.errors)")
    }

    /// What an example sets besides the key is an option of its own, in a narrow terminal in a line of its own.
    @Test func anExampleIsTheWholeOfWhatIsNeeded() throws {
        let noise = try explain("data.label_noise.kind").output
        #expect(noise.contains("--set data.label_noise.fraction=0.5 --set data.label_noise.kind=uniform"), "\(noise)")
        let element = try explain("evaluation.perturbations[0].steps").output
        #expect(element.contains("evaluation.perturbations[].steps:") && element.contains("pgd"), "\(element)")
        #expect(try explain("evaluation.perturbations").output.contains("evaluation.perturbations[].epsilon"))
    }

    /// In a terminal of any width a shell reads the example as the same words.
    @Test(arguments: [40, 60, 80, 200]) func anExampleCanBePasted(columns: Int) throws {
        for (key, words) in [
            (
                "schedule.factor",
                ["--set", "schedule.kind=step", "--set", "schedule.every=1", "--set", "schedule.factor=0.1"]
            ),
            (
                "evaluation.perturbations",
                ["--set", "evaluation.perturbations=[{\"kind\":\"gaussian\",\"standard_deviation\":0.1}]"]
            ),
        ] {
            let command = try StartedCommand(
                [binary.path, "config", "explain", key], in: repository, streams: .terminal(columns: columns, rows: 50))
            #expect(try command.finish() == .exit(0))
            let lines = TerminalScreen(command.output, columns: 500, rows: 1000).lines
            let example = lines.drop { !$0.hasPrefix("example") }.prefix { !$0.isEmpty }.joined(separator: "\n")
            let shell = try run(["/bin/bash", "-c", "printf '<%s>' \(example.dropFirst(7))"], in: repository)
            #expect(shell.output.filter { !$0.isWhitespace } == words.map { "<\($0)>" }.joined(), "\(example)")
        }
    }

    /// The pages that explanations name tell of the key's object.
    @Test func everyPageThatIsNamedExists() throws {
        for entry in Config.shape.keyEntries where !entry.path.contains(".") {
            let output = try explain(entry.path).output
            let page = try #require(output.firstMatch(of: /docs\/[a-z-]+\.md/)).output
            #expect(FileManager.default.fileExists(atPath: repository.appendingPathComponent(String(page)).path))
        }
    }
}
