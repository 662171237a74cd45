import Foundation
import TestSupport
import Testing

/// The examples of every `--help` work as they are typed, after the demo has made its runs and a sweep was run.
@Suite struct ExampleTests {
    @Test func examplesOfHelpWork() throws {
        try withTemporaryFolder { folder in
            for name in ["configs", "data", "experiments"] {
                try FileManager.default.createSymbolicLink(
                    at: folder.appendingPathComponent(name), withDestinationURL: repository.appendingPathComponent(name)
                )
            }
            try """
            {"name": "digits", "config": "configs/mnist_bn.json", "product": {"optimizer.learning_rate": [0.1, 1]},
             "variants": {"BN": {}, "none": {"model.normalization": {"kind": "none"}}}}
            """.write(to: folder.appendingPathComponent("s.json"), atomically: true, encoding: .utf8)
            // Examples train for thousands of steps; as many as name a step are enough.
            let fewSteps = ["--set", "training.steps=120", "--set", "logging.every=20"]
            for command in [
                ["run", "configs/mnist_bn.json"], ["run", "configs/mnist_nobn.json"], ["sweep", "s.json"],
            ] {
                #expect(try bnexp(command + fewSteps + ["-q"], in: folder).exitCode == 0)
            }
            var waiting: [[String]] = [[]], exampleCount = 0
            while let command = waiting.popLast() {
                let help = try bnexp(command + ["--help"], in: folder).output
                if let parts = help.components(separatedBy: "SUBCOMMANDS:").dropFirst().first {
                    for match in parts.matches(of: /\n {2}([a-z0-9-]+)/) { waiting.append(command + [String(match.1)]) }
                }
                // Each page begins with the same file.
                let own = try run(
                    ["/bin/bash", "-c", "rm -rf page.sqlite* && cp results.sqlite page.sqlite"], in: folder)
                #expect(own.exitCode == 0, "\(own.errors)")
                for match in help.matches(of: /\n {2}(bnexp .*)/) {
                    let line = String(match.1)
                    guard !line.contains(/serve|--watch|sweep experiments/) else { continue }
                    exampleCount += 1
                    let trains = line.contains(/^bnexp run configs/) && !line.contains("--dry-run")
                    let script =
                        "bnexp() { '\(binary.path)' \"$@\"; }; " + line
                        + (trains ? " " + fewSteps.joined(separator: " ") : "")
                    let result = try run(
                        ["/bin/bash", "-c", script], in: folder, environment: ["BNEXP_DB": "page.sqlite"])
                    #expect(
                        result.exitCode == (line.contains("--inject-fault") ? 1 : 0), "\(line): \(result.errors)")
                }
            }
            #expect(exampleCount > 40)
        }
    }
}
