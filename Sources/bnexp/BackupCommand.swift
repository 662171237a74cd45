import ArgumentParser
import RunStore
import Support
import Training

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the results file and its checkpoints, also while runs write to it.",
        discussion: """
            The copy is the file at one moment; it gets its name when it is complete, and replaces nothing. Its checkpoints \
            go into FILE.checkpoints, so that runs can be resumed in the copy.

            Example:
              bnexp backup copy.sqlite
            """)

    @Argument(help: "The copy to make.", completion: .file()) var file: String
    @OptionGroup var results: ResultsOption

    func run() throws {
        let summary = try ResultsFile(reading: results.path).backUp(to: file)
        for path in summary.leftCheckpoints {
            say("the checkpoint \(path) is not there any more, or is damaged; the copy goes without it")
        }
        say("copied \(summary.runCount) runs and \(summary.checkpointCount) checkpoints of \(results.path)")
        printData(file)
    }
}
