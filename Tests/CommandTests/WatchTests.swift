import Foundation
import TestSupport
import Testing

/// `--watch` draws in place on the alternate screen of a terminal.
@Suite struct WatchTests {
    private func watch(_ arguments: [String], in folder: URL, columns: Int = 80, rows: Int = 24) throws
        -> StartedCommand
    {
        try StartedCommand(
            [binary.path] + arguments + ["--watch", "0.05"], in: folder,
            streams: .terminal(columns: columns, rows: rows), environment: ["NO_COLOR": "1"])
    }

    private func frames(_ output: String) -> [String] { Array(output.components(separatedBy: "\u{1B}[H").dropFirst()) }

    private func waitForFrames(_ count: Int, of command: StartedCommand) throws {
        try command.wait(for: "\(count) frames") { self.frames($0.output).count > count }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func leavesTheTerminalAsItWas(signal: Int32) throws {
        try withToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            for arguments in [["list"], ["show", "latest"], ["plot", "latest", "--metric", "loss"]] {
                let command = try watch(arguments, in: folder, columns: 100, rows: 60)
                try waitForFrames(3, of: command)
                let during = TerminalScreen(command.output, columns: 100, rows: 60)
                #expect(during.isAlternate && during.isCursorHidden)
                if signal == SIGINT { command.send("\u{3}") } else { command.signal(signal) }
                #expect(try command.finish() == .signal(signal))
                let screen = TerminalScreen(
                    command.output.replacingOccurrences(of: "^C", with: ""), columns: 100, rows: 60)
                #expect(!screen.isAlternate && !screen.isCursorHidden && screen.lines == [""], "\(screen.lines)")
                #expect(screen.unknown == [] && !screen.hasWrapped)
                // The first frame alone looks as the third over the second.
                let all = frames(command.output)
                let first = TerminalScreen(all[0], columns: 100, rows: 60).lines
                let third = TerminalScreen(
                    "\u{1B}[H" + all[...2].joined(separator: "\u{1B}[H"), columns: 100, rows: 60
                ).lines
                #expect(first == third && first.count > 3, "\(arguments): \(third)")
            }
        }
    }

    @Test func aFrameHasTheHeightOfTheTerminalAndFollowsIt() throws {
        try withToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            let command = try watch(["show", "latest"], in: folder, columns: 80, rows: 12)
            try waitForFrames(2, of: command)
            let screen = TerminalScreen(command.output, columns: 80, rows: 12)
            #expect(screen.lines.count == 12 && !screen.hasWrapped)
            #expect(screen.lines.last?.wholeMatch(of: /\.\.\. and [0-9]+ more lines/) != nil, "\(screen.lines)")
            command.resize(columns: 40, rows: 6)
            let before = frames(command.output).count
            try waitForFrames(before + 3, of: command)
            let all = frames(command.output)
            let narrow = TerminalScreen(all[all.count - 2], columns: 40, rows: 6)
            #expect(narrow.lines.count == 6 && !narrow.hasWrapped, "\(narrow.lines)")
            command.send("\u{3}")
            #expect(try command.finish() == .signal(SIGINT))
        }
    }

    /// Of more runs than there are lines the newest are shown.
    @Test(arguments: [(80, 12), (40, 16)]) func aListKeepsTheNewest(columns: Int, rows: Int) throws {
        try withToyFolder { folder in
            for seed in 1...12 {
                #expect(
                    try bnexp(["run", "c.json", "-q", "--set", "training.steps=1", "--seed", "\(seed)"], in: folder)
                        .exitCode == 0)
            }
            let command = try watch(["list"], in: folder, columns: columns, rows: rows)
            try waitForFrames(2, of: command)
            let lines = TerminalScreen(frames(command.output)[0], columns: columns, rows: rows).lines
            #expect(lines.count <= rows && lines.contains { $0.hasPrefix("12  ") }, "\(lines)")
            #expect(lines.contains("only the newest 6 runs are shown"), "\(lines)")
            command.send("\u{3}")
            #expect(try command.finish() == .signal(SIGINT))
        }
    }

    @Test func runningRunsShowStepShareAndTimeLeft() throws {
        try withToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            let run = try StartedCommand(
                [
                    binary.path, "run", "c.json", "--set", "training.steps=2000000000", "--set", "evaluation.every=0",
                    "--set", "logging.every=2000", "--quiet",
                ], in: folder)
            // The list is first without the run; what is shown by name comes when it is there.
            for arguments in [["list"], ["show", "latest"]] {
                let command = try watch(arguments, in: folder, columns: 100, rows: 60)
                try command.wait(for: " left")
                #expect(command.output.contains(/0 %, [0-9].* left/), "\(command.output)")
                command.send("\u{3}")
                #expect(try command.finish() == .signal(SIGINT))
            }
            let json = try bnexp(["list", "--json"], in: folder).output
            #expect(!json.contains("progress"))
            run.signal(SIGINT)
            #expect(try run.finish() == .exit(75))
        }
    }

    /// Whoever reads a pipe gets every output whole, one after the other.
    @Test func aPipeGetsNoEscapes() throws {
        try withToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            let plot = try StartedCommand(
                [binary.path, "plot", "latest", "--metric", "loss", "--watch", "0.05"], in: folder)
            try plot.wait(for: "three plots") { $0.output.components(separatedBy: "loss").count > 4 }
            #expect(!plot.output.contains("\u{1B}"))
            plot.signal(SIGINT)
            #expect(try plot.finish() == .signal(SIGINT))
            #expect(try bnexp(["plot", "latest", "--watch", "--svg"], in: folder).exitCode == 64)
        }
    }
}
