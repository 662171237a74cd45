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
            DemoCommand.self, InitCommand.self, RunCommand.self, SweepCommand.self, ListCommand.self, ShowCommand.self,
            CompareCommand.self, PlotCommand.self, ReportCommand.self, ServeCommand.self, SQLCommand.self,
            EvaluateCommand.self, InterpolateCommand.self,
            DumpCommand.self, ExportCommand.self, MergeCommand.self, ExtractCommand.self, BackupCommand.self,
            TagCommand.self,
            NoteCommand.self,
            DeleteCommand.self, ReapCommand.self,
            DoctorCommand.self, GradcheckCommand.self, ExplainCommand.self, CheckCommand.self, TimeCommand.self,
            VerifyCommand.self,
            VerifyResumeCommand.self, DataCommand.self,
            ConfigCommand.self,
        ])

    static func main() {
        signal(SIGPIPE, SIG_DFL)  // `bnexp list | head` ends without a message
        occupyClosedStreams()
        signal(SIGXFSZ, SIG_IGN)  // a file beyond `ulimit -f` is an error of writing, as on a full disk
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            try requireKnownSubcommand(in: arguments, of: BNExp.self)
            try requireTwoDashes(in: arguments)
            try requireSingle(in: arguments)
            var command = try parseAsRoot(argumentsWithValuesLast(argumentsWithNegativeValues(arguments)))
            do {
                try command.run()
            } catch let error as ValidationError {
                // What options ask for may be seen to be wrong only when files have been read.
                throw Failure(.usage, error.message)
            }
        } catch let error as any UserError {
            if !error.message.isEmpty { say(error.message) }
            Foundation.exit(error.exitStatus.rawValue)
        } catch {
            if let script = requestedCompletionScript(error) { return printData(script) }
            guard exitCode(for: error) == .failure else { exitAsAsked(error) }
            say("an error that bnexp does not know, please report it: \(error)")
            Foundation.exit(ExitStatus.defect.rawValue)
        }
    }

    /// Prints help, the version, or what is wrong with the arguments, and exits.
    private static func exitAsAsked(_ request: any Error) -> Never {
        var text = fullMessage(for: request)
        // The messages have line breaks of their own; those of arguments are escaped.
        for argument in CommandLine.arguments.dropFirst() where argument.hasControlCharacters {
            for word in [argument] + argument.split(separator: "=", maxSplits: 1).dropFirst().map(String.init)
            where word.hasControlCharacters {
                text = text.replacing(word, with: word.escapedForTerminal())
            }
        }
        text = text.escapedForTerminal(keepsLines: true)
        let code = exitCode(for: request)
        // Synopses, and words beside a wide column of options, are longer than a narrow terminal is wide.
        text = fitted(text, to: code.isSuccess ? standardOutput : standardError)
        if code.isSuccess { printData(text) } else { writeToStandardError(text + "\n") }
        exit(withError: code)
    }
}
