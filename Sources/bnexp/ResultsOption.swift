import ArgumentParser
import Foundation

/// The results file that a command works on.
struct ResultsOption: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp("The results file; default is $BNEXP_DB, else results.sqlite.", valueName: "FILE"),
        completion: .file())
    var file: String?

    var path: String { ResultsOption.path(given: file) }

    static func path(given file: String?) -> String {
        let environment = ProcessInfo.processInfo.environment["BNEXP_DB", default: ""]
        return file ?? (environment.isEmpty ? "results.sqlite" : environment)
    }
}
