import Foundation
import RunStore
import TestSupport
import Testing

/// The scripts of `experiments` that sweep from a shell, run as they stand; and shellcheck on every script.
@Suite struct ShellIdiomTests {
    private func script(
        _ name: String, _ arguments: String..., in folder: URL, environment: [String: String] = [:]
    ) throws -> CommandResult {
        // The lines of `bnexp sweep --expand` begin with the name by which bnexp was called, so the test needs no PATH.
        let variables = ["BNEXP": binary.path, "BNEXP_DB": "r.sqlite"].merging(environment) { $1 }
        return try run(
            [repository.appendingPathComponent("experiments/\(name)").path] + arguments, in: folder,
            environment: variables)
    }

    private func rows(_ sql: String, _ folder: URL) throws -> [[SQLValue]] {
        try ResultsFile(reading: folder.appendingPathComponent("r.sqlite").path).query(sql).rows
    }

    private static func isInstalled(_ program: String, says word: String) -> Bool {
        let folder = FileManager.default.temporaryDirectory
        return (try? run(["/usr/bin/env", program, "--version"], in: folder).output.contains(word)) ?? false
    }

    /// A sweep of four short trials on the toy data, in a folder whose name a shell takes apart if it is not quoted.
    private func inSweepFolder(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { outer in
            let folder = outer.appendingPathComponent("it's $HOME here")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig().write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            try
                #"{"name": "it's", "config": "c.json", "product": {"optimizer.learning_rate": [0.1, 0.5]}, "seeds": [1, 2]}"#
                .write(
                    to: folder.appendingPathComponent("s.json"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    @Test func theLoopOverRatesSkipsWhatIsThere() throws {
        try withTemporaryFolder { folder in
            let one = try script(
                "learning_rates.sh", "r.sqlite", "--set", "training.steps=20", in: folder, environment: ["RATES": "0.1"]
            )
            #expect(one.exitCode == 0, "\(one.errors)")
            #expect(try rows("SELECT count(*) FROM run", folder) == [[.integer(2)]])
            let all = try script("learning_rates.sh", "r.sqlite", "--set", "training.steps=20", in: folder)
            #expect(all.exitCode == 0, "\(all.errors)")
            #expect(all.output.split(separator: "\n").count == 2 + 4 * 3)
            #expect(try rows("SELECT count(*) FROM run", folder) == [[.integer(4)]])
        }
    }

    @Test func theLargestRateIsTheFirstThatDoesNotDiverge() throws {
        try withTemporaryFolder { folder in
            let config = repository.appendingPathComponent("configs/mnist_base.json").path
            let result = try script(
                "largest_rate.sh", config, "--set", "model.activation=relu", "--set", "training.steps=5", in: folder,
                environment: ["RATE": "1e18"])
            #expect(result.exitCode == 0, "\(result.errors)")
            let found = try rows(
                "SELECT status, tag, count(*) FROM run JOIN tag ON run_id = id GROUP BY 1, 2 ORDER BY 1", folder)
            #expect(found.count == 2 && found[0].prefix(2) == [.text("diverged"), .text("too-large")], "\(found)")
            #expect(found.last == [.text("finished"), .text("largest-rate"), .integer(1)])
            for word in ["layer", "optimizer.learning_rate", "largest_gradient_norm"] {
                #expect(result.output.contains(word), "\(word)")
            }

            // A mistake is not a rate that is too large.
            let mistake = try script("largest_rate.sh", config, "--set", "training.batch_size=0", in: folder)
            #expect(mistake.exitCode == 65 && mistake.errors.contains("training.batch_size"), "\(mistake.errors)")
        }
    }

    @Test func xargsRunsWhatASweepLacks() throws {
        try inSweepFolder { folder in
            for _ in 1...2 {
                let result = try script("sweep_xargs.sh", "s.json", "--set", "training.steps=10", in: folder)
                #expect(result.exitCode == 0, "\(result.errors)")
                #expect(
                    try rows("SELECT status, count(*), max(last_step) FROM run", folder) == [
                        [.text("finished"), .integer(4), .integer(10)]
                    ])
            }
            #expect(
                try rows("SELECT count(run_id) FROM sweep_summary WHERE sweep = 'it''s'", folder) == [[.integer(4)]])
        }
    }

    @Test(.enabled(if: isInstalled("parallel", says: "GNU parallel"), "GNU parallel is not installed"))
    func gnuParallelRunsASweepAndAgainWhatFailed() throws {
        try inSweepFolder { folder in
            let result = try script("sweep_parallel.sh", "s.json", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(try rows("SELECT status, count(*) FROM run", folder) == [[.text("finished"), .integer(4)]])

            // Lines of an earlier start: the first fails once, and only it is run again.
            let lines = folder.appendingPathComponent("r.sqlite.lines")
            try "[ -e ok ] && echo first >> ran\necho second >> ran\n".write(
                to: lines, atomically: true, encoding: .utf8)
            #expect(try script("sweep_parallel.sh", "s.json", in: folder).exitCode != 0)
            try Data().write(to: folder.appendingPathComponent("ok"))
            #expect(try script("sweep_parallel.sh", "s.json", in: folder).exitCode == 0)
            #expect(try String(contentsOf: folder.appendingPathComponent("ran"), encoding: .utf8) == "second\nfirst\n")
            #expect(!FileManager.default.fileExists(atPath: lines.path))
        }
    }

    @Test func overnightStopsWithACheckpointAndGoesOn() throws {
        try inSweepFolder { folder in
            let endless = [
                "--set", "training.steps=1000000000", "--set", "logging.every=1000", "--set", "evaluation.every=0",
                "--progress", "json",
            ]
            // The system's `timeout`, whose time is over when the run has committed a step that it did not start with.
            try """
            #!/usr/bin/env bash
            PATH=${PATH#*:}
            : >progress  # what the night before has written
            timeout "$1" "$2" 600 "${@:4}" 2>>progress &
            until grep -q '"committed"' progress; do sleep 0.01; done
            kill -TERM $!
            wait $!
            """.write(to: folder.appendingPathComponent("timeout"), atomically: true, encoding: .utf8)
            chmod(folder.appendingPathComponent("timeout").path, 0o755)
            func overnight(_ hours: String) throws -> StartedCommand.End {
                try StartedCommand(
                    [repository.appendingPathComponent("experiments/overnight.sh").path, "c.json", hours] + endless,
                    in: folder,
                    environment: [
                        "BNEXP": binary.path, "BNEXP_DB": "r.sqlite",
                        "PATH": "\(folder.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
                    ]
                ).finish()
            }
            for _ in 1...2 { #expect(try overnight("1") == .exit(75)) }
            // One run, which the second night took up where the first one stopped.
            #expect(
                try rows(
                    "SELECT seed, status, attempt, from_step > 0 FROM run JOIN run_attempt ON run_id = id ORDER BY "
                        + "attempt",
                    folder) == [
                        [.integer(1), .text("interrupted"), .integer(1), .integer(0)],
                        [.integer(1), .text("interrupted"), .integer(2), .integer(1)],
                    ])
            try Data().write(to: folder.appendingPathComponent("stop"))
            #expect(try overnight("1") == .exit(0))
            #expect(try rows("SELECT count(*) FROM run_attempt", folder) == [[.integer(2)]])
        }
    }

    @Test func scriptsWithoutArgumentsShowTheirUsage() throws {
        try withTemporaryFolder { folder in
            for name in ["largest_rate.sh", "sweep_xargs.sh", "sweep_parallel.sh", "overnight.sh"] {
                let result = try script(name, in: folder)
                #expect(
                    result.exitCode == 64 && result.errors.contains("Usage: ") && result.errors.contains(name),
                    "\(name): \(result.errors)")
            }
        }
    }

    @Test(.enabled(if: isInstalled("shellcheck", says: "ShellCheck"), "shellcheck is not installed"))
    func shellcheckFindsNothingInAnyScript() throws {
        var scripts: [String] = []
        for folder in ["experiments", "scripts", ".ci", "Benchmarks"] {
            let names = try FileManager.default.subpathsOfDirectory(
                atPath: repository.appendingPathComponent(folder).path)
            // Sourced files have no first line of their own and are checked with those that source them.
            for name in names where !name.hasPrefix(".build") {
                let path = repository.appendingPathComponent("\(folder)/\(name)").path
                guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 19) else {
                    continue
                }
                if start == Data("#!/usr/bin/env bash".utf8) { scripts.append("\(folder)/\(name)") }
            }
        }
        #expect(scripts.contains("experiments/overnight.sh") && scripts.contains(".ci/run"))
        try withTemporaryFolder { folder in
            let command = "cd \"$1\" && shift && exec shellcheck --external-sources --check-sourced \"$@\""
            let result = try run(["/bin/sh", "-c", command, "sh", repository.path] + scripts, in: folder)
            #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        }
    }
}
