import ArgumentParser
import Foundation

/// Which results file a command works on.
struct ResultsOption: ParsableArguments {
    @Option(name: .customLong("db"), help: ArgumentHelp("The results file; default is $BNEXP_DB, else results.sqlite.", valueName: "FILE"))
    var file: String?

    var path: String {
        let environment = ProcessInfo.processInfo.environment["BNEXP_DB", default: ""]
        return file ?? (environment.isEmpty ? "results.sqlite" : environment)
    }
}
