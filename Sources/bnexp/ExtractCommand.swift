import ArgumentParser
import Foundation
import RunStore
import Support
import Training

struct ExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract", abstract: "Copy chosen runs into a new results file, to share them.",
        discussion: """
            Everything of the runs is copied: rows, tags, notes, the sweeps that they belong to, and checkpoints, which \
            go into FILE.checkpoints. The runs get new numbers and keep their uuids, so that bnexp merge knows them. \
            The file gets its name when it is complete, and replaces nothing.

            Examples:
              bnexp extract 3 7 -o pair.sqlite
              bnexp extract --sweep latest --status finished -o sweep.sqlite
            """)

    @OptionGroup var selection: RunSelection
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The results file to make.", valueName: "file"), completion: .file())
    var output: String
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
        guard !FileManager.default.fileExists(atPath: output) else {
            throw Failure(.cannotWrite, "\(output) exists, and bnexp extract replaces nothing; name another file")
        }
        let summary = try withTemporaryFolder("extract") { folder in
            let copy = try ResultsFile(writing: folder + "/runs.sqlite")
            _ = try copy.merge(from: results.path, runs: runs)
            try copy.close()
            return try ResultsFile(reading: folder + "/runs.sqlite").backUp(to: output)
        }
        for path in summary.leftCheckpoints {
            say("the checkpoint \(path) is not there any more, or is damaged; the copy goes without it")
        }
        say("copied \(summary.runCount) runs and \(summary.checkpointCount) checkpoints of \(results.path)")
        printData(output)
    }
}
