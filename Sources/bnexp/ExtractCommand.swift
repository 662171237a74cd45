import ArgumentParser
import Foundation
import RunStore
import Support
import Training

struct ExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract", abstract: "Copy chosen runs into a new results file, to share them.",
        discussion: """
            Everything of the runs is copied: rows, tags, notes, their trials of the sweeps that they belong to, and \
            checkpoints, which go into FILE.checkpoints. The runs get new numbers and keep their uuids, so that bnexp merge knows them. \
            The file gets its name when it is complete. With --force it replaces an earlier extract of the same runs.

            Examples:
              bnexp extract 1 2 -o pair.sqlite
              bnexp extract --sweep latest --status finished -o sweep.sqlite
            """)

    @OptionGroup var selection: RunSelection
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The results file to make.", valueName: "file"), completion: .file())
    var output: String
    @Flag(help: "Replace the output if it is a results file that has nothing beyond the one that is copied from.")
    var force = false
    @OptionGroup var results: ResultsOption

    func validate() throws {
        guard !selection.isEmpty else {
            throw ValidationError(
                "Missing expected argument: name runs, or choose them with --where, --tag or --sweep; bnexp backup "
                    + "copies all.")
        }
        guard !OutputFile.isStandardOutput(output) else {
            throw ValidationError("--output \(output): a results file is no stream; name a file.")
        }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        let runs = try selection.references(in: file, default: .all)
        let isThere = FileManager.default.fileExists(atPath: output)
        if isThere {
            guard force else {
                throw Failure(
                    .cannotWrite,
                    "\(output) exists; --force replaces it if \(results.path) has all that it has, or name another file"
                )
            }
            if let lack = try file.lack(against: ResultsFile(reading: output)) {
                throw Failure(.cannotWrite, "\(output) is not replaced, for \(lack); name another file")
            }
        }
        var parts: [MergeSummary.SweepPart] = []
        let summary = try withTemporaryFolder("extract") { folder in
            let copy = try ResultsFile(writing: folder + "/runs.sqlite")
            parts = try copy.merge(from: results.path, runs: runs).sweepParts
            // Results file and checkpoints may have been moved since these were recorded.
            try copy.takeCheckpoints(from: file.checkpointsFolder)
            try copy.close()
            return try ResultsFile.replacing(output) {
                try ResultsFile(reading: folder + "/runs.sqlite").backUp(to: output)
            }
        }
        for path in summary.leftCheckpoints {
            say("the checkpoint \(path) is not there any more, or is damaged; the copy goes without it")
        }
        for part in parts {
            say(
                "of the sweep \(part.name) \(part.copiedCount) of \(part.trialCount) trials are copied; the copy does "
                    + "not know the others")
        }
        say("copied \(summary.runCount) runs and \(summary.checkpointCount) checkpoints of \(results.path)")
        printData(output)
    }
}
