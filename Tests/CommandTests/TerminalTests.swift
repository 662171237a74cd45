import Foundation
import TestSupport
import Testing

/// What a person sees who calls bnexp in a terminal.
@Suite struct TerminalTests {
    private func inToyFolder(name: String = "toy", _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig(
                data: ", \"test\": {\"inputs\": \"test/images\", \"targets\": \"test/labels\"}",
                rest: ", \"name\": \"\(name)\""
            ).write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            try
                #"{"name": "sweep", "config": "c.json", "product": {"optimizer.learning_rate": [0.1, 0.5]}, "seeds": [1, 2]}"#
                .write(to: folder.appendingPathComponent("s.json"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    private func start(
        _ arguments: [String], in folder: URL, columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
    ) throws -> StartedCommand {
        try StartedCommand(
            [binary.path] + arguments, in: folder, streams: .terminal(columns: columns, rows: rows),
            environment: environment)
    }

    private let uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

    @Test(
        arguments: [
            (80, [:], true), (70, ["NO_COLOR": "1"], false), (200, ["NO_COLOR": ""], true),
        ] as [(Int, [String: String], Bool)])
    func aRunHasOneBar(columns: Int, environment: [String: String], hasColor: Bool) throws {
        try inToyFolder { folder in
            let run = try start(
                ["run", "c.json", "--set", "training.steps=3000", "--set", "data.scaling=unit"], in: folder,
                columns: columns, environment: environment)
            #expect(try run.finish() == .exit(0), "\(run.output)")
            let screen = TerminalScreen(run.output, columns: columns, rows: 24)
            #expect(
                screen.unknown == [] && screen.hasColor == hasColor && !screen.hasWrapped, "\(screen.lines.suffix(6))")
            #expect(screen.lines.count == 3 && screen.lines[2] == "", "\(screen.lines.suffix(6))")
            #expect(
                screen.lines[0].contains("toy") && screen.lines[0].contains("step 3000/3000"),
                "\(screen.lines.suffix(6))")
            #expect(screen.lines[1].wholeMatch(of: uuid) != nil)
            // The whole bar is filled.
            #expect(!screen.lines[0].contains("╌") && screen.lines[0].contains("━"))
        }
    }

    /// A terminal without colours or cursor, such as that of an editor, is written to as a file is.
    @Test func aDumbTerminalGetsLines() throws {
        try inToyFolder { folder in
            let run = try start(["run", "c.json"], in: folder, environment: ["TERM": "dumb"])
            #expect(try run.finish() == .exit(0))
            #expect(!run.output.contains("\u{1B}") && !run.output.contains("━"))
            #expect(run.output.contains("toy: step 20/20"))
        }
    }

    @Test(arguments: [20, 40]) func aBarFitsANarrowTerminal(columns: Int) throws {
        try inToyFolder(name: "a name that is longer than the terminal is wide") { folder in
            let run = try start(
                ["run", "c.json", "--set", "training.steps=3000", "--set", "data.scaling=unit"], in: folder,
                columns: columns)
            #expect(try run.finish() == .exit(0), "\(run.output)")
            // The uuid is longer than 20 columns, and is data.
            let shown = run.output.replacing(uuid, with: "")
            let screen = TerminalScreen(shown, columns: columns, rows: 24)
            #expect(!screen.hasWrapped && screen.lines.count == 3, "\(screen.lines.suffix(6))")
        }
    }

    @Test func controlCStopsARunWithACheckpoint() throws {
        try inToyFolder { folder in
            let run = try start(["run", "c.json", "--set", "training.steps=1000000000"], in: folder, columns: 120)
            try run.wait(for: " left")  // the bar of a run that has made updates
            run.send("\u{3}")
            #expect(try run.finish() == .exit(75), "\(run.output)")
            #expect(run.output.contains("stopped by a signal after step"))
        }
    }

    @Test(arguments: [(100, 24), (50, 24), (80, 3)]) func aSweepHasABarForEachJob(columns: Int, rows: Int) throws {
        try inToyFolder { folder in
            let sweep = try start(
                ["sweep", "s.json", "--jobs", "2", "--set", "training.steps=3000"], in: folder, columns: columns,
                rows: rows)
            #expect(try sweep.finish() == .exit(0), "\(sweep.output)")
            let screen = TerminalScreen(sweep.output.replacing(uuid, with: ""), columns: columns, rows: rows)
            #expect(screen.unknown == [] && screen.hasColor && !screen.hasWrapped, "\(screen.lines.suffix(6))")
            // The bar of the whole stays, those of the jobs have gone.
            let bars = screen.lines.filter { $0.contains("━") }
            #expect(bars.count == 1 && bars.first?.contains("4/4 trials") == true, "\(screen.lines.suffix(6))")
            #expect(screen.lines.contains { $0.contains("4 trials: 4 finished") }, "\(screen.lines.suffix(6))")
        }
    }

    /// Lines are as long as the terminal is wide when they are drawn.
    @Test func aSweepFollowsTheSizeOfTheTerminal() throws {
        try inToyFolder { folder in
            let sweep = try start(
                ["sweep", "s.json", "--jobs", "2", "--set", "training.steps=1000000000"], in: folder, columns: 120,
                environment: ["NO_COLOR": "1"])
            try sweep.wait(for: "optimizer.learning_rate=0.1")
            sweep.resize(columns: 40, rows: 10)
            let before = sweep.output.count
            // A frame that was begun before may be of the old size; the fourth after is not.
            try sweep.wait(for: "four more frames") {
                $0.output.dropFirst(before).components(separatedBy: "\u{1B}[J").count > 4
            }
            let frames = sweep.output.components(separatedBy: "\u{1B}[J")
            let last = frames[frames.count - 2].split(whereSeparator: \.isNewline).map {
                $0.replacing(/\u{1B}\[[0-9]*[A-Za-z]/, with: "")
            }
            #expect(last.count == 3 && last.allSatisfy { $0.count < 40 }, "\(last)")
            sweep.send("\u{3}")
            #expect(try sweep.finish() == .exit(75), "\(sweep.output.suffix(500))")
        }
    }
}
