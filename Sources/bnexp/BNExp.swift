import ArgumentParser
import Foundation
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
            try flushStandardOutput()
        } catch let error as any UserError {
            if !error.message.isEmpty { say(error.message) }
            Foundation.exit(error.exitStatus.rawValue)
        } catch {
            if let script = requestedCompletionScript(error) { return print(script) }
            guard exitCode(for: error) == .failure else { exit(withError: error) }
            say("an error that bnexp does not know, please report it: \(error)")
            Foundation.exit(ExitStatus.defect.rawValue)
        }
    }
}

/// Writes what the C library still holds of standard output.
func flushStandardOutput() throws(Failure) {
    guard fflush(nil) == 0 else {
        throw Failure(.outputLost, "standard output could not be written: \(String(cString: strerror(errno)))")
    }
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
