import Foundation
import TestSupport
import Testing

/// `bnexp run --profile` and the same table in `bnexp show`, by real processes.
@Suite struct ProfileTests {
    private struct Row {
        var phase: String
        var wall: Double
        var cpu: Double
        var microsecondsPerStep: Double?
        var stepsPerSecond: Double?
    }

    private func inToyFolder(_ body: (URL) throws -> Void) throws { try withToyFolder { try body($0) } }

    /// The rows of the table that a text ends with.
    private func profile(_ text: String) throws -> [Row] {
        let lines = text.split(separator: "\n")
        let header = try #require(lines.firstIndex { $0.hasPrefix("phase ") }, "there is no table in: \(text)")
        return try lines[(header + 2)...].prefix { !$0.hasPrefix("bnexp: ") }.map { line in
            let cells = line.split(separator: " ").map(String.init)
            try #require(cells.count == 6, "\(line)")
            return Row(
                phase: cells[0], wall: try #require(Double(cells[1])), cpu: try #require(Double(cells[3])),
                microsecondsPerStep: Double(cells[4]),
                stepsPerSecond: Double(cells[5]))
        }
    }

    /// Every phase is there, their times add up to the total, and those of training are of `steps` updates.
    private func check(_ rows: [Row], phases: [String], steps: Int) throws {
        #expect(rows.map(\.phase) == phases + ["other", "total"])
        let total = try #require(rows.last)
        // Four digits of each row are printed.
        #expect(abs(rows.dropLast().reduce(0) { $0 + $1.wall } - total.wall) < 1e-3 * total.wall)
        for row in rows where row.phase != "train" || steps == 0 {
            #expect(row.microsecondsPerStep == nil && row.stepsPerSecond == nil)
        }
        guard steps > 0 else { return }
        let train = try #require(rows.first { $0.phase == "train" })
        #expect(abs(try #require(train.microsecondsPerStep) * Double(steps) / 1e6 - train.wall) < 2e-3 * train.wall)
        #expect(abs(try #require(train.stepsPerSecond) * train.wall / Double(steps) - 1) < 2e-3)
    }

    @Test func runTellsWhereItsTimeWent() throws {
        try inToyFolder { folder in
            let start = Date()
            let result = try bnexp(
                ["run", "c.json", "-q", "--profile", "--set", "checkpoint={}", "--set", "training.steps=2000"],
                in: folder)
            let elapsed = Date().timeIntervalSince(start)
            #expect(result.exitCode == 0 && result.output.wholeMatch(of: /[0-9a-f-]{36}\n/) != nil, "\(result.errors)")
            #expect(
                result.errors.contains(
                    /\nphase +wall_seconds +percent +cpu_seconds +microseconds_per_step +steps_per_second\n/),
                "\(result.errors)")
            let rows = try profile(result.errors)
            try check(rows, phases: ["start", "load", "train", "evaluate", "log", "checkpoint"], steps: 2000)
            let total = try #require(rows.last)
            #expect(
                // The system knows when a process began to a hundredth of a second.
                rows.allSatisfy { $0.wall >= 0 && $0.wall <= elapsed + 0.01 && $0.cpu >= 0 && $0.cpu <= total.cpu }
                    && total.cpu > 0)
            // What is printed is measured a little later than what is stored, which cannot hold the time that storing
            // it takes.
            let shown = try profile(try bnexp(["show", "latest"], in: folder).output)
            try check(shown, phases: ["start", "load", "train", "evaluate", "log", "checkpoint"], steps: 2000)
            for (printed, stored) in zip(rows, shown) where !["log", "other", "total"].contains(printed.phase) {
                #expect(printed.wall == stored.wall)
            }
            let storedTotal = try #require(shown.last)
            #expect(storedTotal.wall <= total.wall)
            let skipped = try bnexp(
                [
                    "run", "c.json", "-q", "--profile", "--set", "checkpoint={}", "--set", "training.steps=2000",
                    "--if-exists", "skip",
                ], in: folder)
            try check(try profile(skipped.errors), phases: ["start", "load", "log"], steps: 0)
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).errors.isEmpty)
        }
    }

    /// The config comes late, on standard input.
    @Test func startUpReachesFromTheProcessToItsConfig() throws {
        try inToyFolder { folder in
            var waited = 0.0
            let result = try run([binary.path, "run", "-", "-q", "--profile"], in: folder, input: toyConfig()) {
                let start = Date()
                Thread.sleep(forTimeInterval: 0.2)
                waited = Date().timeIntervalSince(start)
            }
            #expect(result.exitCode == 0, "\(result.errors)")
            let rows = try profile(result.errors)
            let start = try #require(rows.first)
            // The system knows when a process began to a hundredth of a second.
            #expect(start.phase == "start" && start.wall > waited - 0.01, "\(start.wall) of \(waited) s")
        }
    }

    @Test func runsThatEndEarlyHaveAProfileToo() throws {
        try inToyFolder { folder in
            let diverged = try bnexp(
                ["run", "c.json", "--profile", "--progress", "none", "--set", "optimizer.learning_rate=1e30"],
                in: folder)
            #expect(
                diverged.exitCode == 2 && diverged.errors.contains("recorded with status diverged"),
                "\(diverged.errors)")
            let step = try #require(
                Int(
                    try bnexp(["sql", "SELECT last_step FROM run", "--csv"], in: folder).output.split(
                        separator: "\n")[1]))
            try check(try profile(diverged.errors), phases: ["start", "load", "train", "evaluate", "log"], steps: step)

            let stopped = try startEndlessRun(in: folder, ["--name", "endless", "--profile"])
            stopped.signal(SIGTERM)
            #expect(
                try stopped.finish() == .exit(75) && stopped.errors.contains("stopped by a signal"), "\(stopped.errors)"
            )
            let last = try #require(
                Int(
                    try bnexp(["sql", "SELECT last_step FROM run WHERE name = 'endless'", "--csv"], in: folder).output
                        .split(separator: "\n")[1]))
            try check(
                try profile(stopped.errors), phases: ["start", "load", "train", "log", "checkpoint"], steps: last)
        }
    }

    @Test func showGivesTheProfileAsJSON() throws {
        try inToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            let shown = try bnexp(["show", "latest", "--json"], in: folder).output
            let object = try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: [[String: Any]]]
            let rows = try #require(object?["run_phase"])
            #expect(
                rows.compactMap { $0["phase"] as? String } == [
                    "start", "load", "train", "evaluate", "log", "other", "total",
                ])
            let train = rows[2]
            let wall = try #require(train["wall_seconds"] as? Double),
                perStep = try #require(train["microseconds_per_step"] as? Double)
            #expect(
                abs(perStep * 20 / 1e6 - wall) < 1e-12 && rows[6]["percent"] as? Double == 100
                    && rows[0]["microseconds_per_step"] is NSNull)
        }
    }
}
