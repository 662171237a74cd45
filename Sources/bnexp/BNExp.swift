import ArgumentParser
import Datasets
import Foundation
import RunStore
import Support
import Training

@main
struct BNExp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bnexp",
        abstract: "A batch-normalization laboratory: train MLPs as JSON configs say, and compare the runs with SQL.",
        version: productVersion,
        subcommands: [
            RunCommand.self, SweepCommand.self, ListCommand.self, ShowCommand.self, CompareCommand.self,
            PlotCommand.self, SQLCommand.self, EvaluateCommand.self,
            DumpCommand.self, ExportCommand.self, MergeCommand.self, TagCommand.self, NoteCommand.self,
            DeleteCommand.self, ReapCommand.self,
            DoctorCommand.self, GradcheckCommand.self, VerifyResumeCommand.self, DataCommand.self, ConfigCommand.self,
        ])

    static func main() {
        signal(SIGPIPE, SIG_DFL)  // `bnexp list | head` ends quietly
        do {
            var command = try parseAsRoot()
            try command.run()
            // Output that a full disk or a closed pipe swallowed must not look like success.
            guard fflush(nil) == 0 else {
                throw Failure(
                    exitCode: ExitStatus.outputLost,
                    message: "standard output could not be written: \(String(cString: strerror(errno)))")
            }
        } catch let failure as Failure {
            if let message = failure.message { say(message) }
            Foundation.exit(failure.exitCode)
        } catch let error as ConfigError {
            say(error.message)
            Foundation.exit(ExitStatus.badInput)
        } catch let error as DataError {
            say(error.message)
            Foundation.exit(error.isOutput ? ExitStatus.resultsUnusable : ExitStatus.badInput)
        } catch let error as ResultsError {
            say(error.message)
            Foundation.exit(error.isQuestionWrong ? ExitStatus.usage : ExitStatus.resultsUnusable)
        } catch {
            if let script = requestedCompletionScript(error) { return print(script) }
            guard exitCode(for: error) == .failure else { exit(withError: error) }
            say("an error that bnexp does not know, please report it: \(error)")
            Foundation.exit(ExitStatus.defect)
        }
    }
}

/// The exit codes that scripts rely on.
enum ExitStatus {
    static let checkFailed: Int32 = 1
    static let diverged: Int32 = 2
    static let trialsFailed: Int32 = 3
    static let usage: Int32 = 64
    static let badInput: Int32 = 65
    static let defect: Int32 = 70
    static let resultsUnusable: Int32 = 73
    static let outputLost: Int32 = 74
    static let interrupted: Int32 = 75
}

/// An end of a command that is not a mistake of the config, the data or the results file.
struct Failure: Error {
    var exitCode: Int32
    var message: String?
}

/// A message for people, on standard error.
func say(_ message: String) { writeToStandardError("bnexp: \(message)\n") }

/// What cannot be written, because the reader is gone, is dropped: it must not end a run.
func writeToStandardError(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        if written <= 0 && errno != EINTR { return }
        bytes = bytes.dropFirst(max(0, written))
    }
}
