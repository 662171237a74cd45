import ArgumentParser
import Foundation
import Support

/// The option to print again and again, until the user interrupts the command or the reader ends.
struct WatchOption: ParsableArguments {
    @Option(
        name: .customLong("watch"), defaultAsFlag: 2,
        help: ArgumentHelp(
            "Print again every so many seconds, by default 2, until interrupted.", valueName: "seconds"))
    var seconds: Double?

    func validate() throws {
        guard let seconds else { return }
        guard seconds > 0, seconds <= 86_400 else {
            throw ValidationError("--watch is \(seconds); expected seconds, more than 0 and at most a day.")
        }
    }

    /// Runs `body` once, or with `--watch` until the process is ended.
    ///
    /// A terminal is cleared each time; elsewhere the outputs follow each other.
    func repeating(_ body: () throws -> Void) throws {
        guard let seconds else { return try body() }
        while true {
            if isTerminal(standardOutput) { printData("\u{1B}[H\u{1B}[2J", terminator: "") }
            try body()
            Thread.sleep(forTimeInterval: seconds)
        }
    }
}
