import ArgumentParser
import Charts
import Foundation
import Support

/// What a command prints at once: data, and what people should know about them.
struct Printout {
    /// For standard output.
    var text: String
    /// For standard error.
    var notes: [String] = []

    func print() {
        printData(text, terminator: "")
        for note in notes { say(note) }
    }
}

/// The option to print again and again, until the user interrupts the command or the reader ends.
struct WatchOption: ParsableArguments {
    @Option(
        name: .customLong("watch"), defaultAsFlag: 2,
        help: ArgumentHelp(
            "Print again every so many seconds, by default 2, until interrupted.", valueName: "seconds"))
    var seconds: Double?

    /// The lines that there are for each output; nil where there may be any number.
    var height: Int? { seconds != nil && isTerminal(standardOutput) ? terminalHeight(standardOutput) : nil }

    func validate() throws {
        guard let seconds else { return }
        guard seconds > 0, seconds <= 86_400 else {
            throw ValidationError("--watch is \(seconds); expected seconds, more than 0 and at most a day.")
        }
    }

    /// Prints what `body` returns once, or with `--watch` until the process is ended.
    ///
    /// On a terminal it is drawn in place, on the alternate screen, and clipped to the height; elsewhere the outputs
    /// follow each other.
    func repeating(_ body: () throws -> Printout) throws {
        guard let seconds else { return try body().print() }
        guard isTerminal(standardOutput) else {
            while true {
                try body().print()
                Thread.sleep(forTimeInterval: seconds)
            }
        }
        try AlternateScreen.repeating(every: seconds) { columns, _ in
            let printout = try body()
            let notes = printout.notes.flatMap { $0.escapedForTerminal().wrapped(to: max(1, columns)) }
            return printout.text + notes.map { $0 + "\n" }.joined()
        }
    }
}
