import ArgumentParser
import Foundation
import RunStore
import Sweeps

/// The sweep file of a command, and the options that change it.
struct SweepOptions: ParsableArguments {
    @Argument(help: "A sweep file, or - for standard input.", completion: .configFile) var file: String
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set one key of the base config, for all trials. May repeat.", valueName: "key.path=VALUE"),
        completion: .setting)
    var overrides: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "A tag for every run. May repeat.", completion: .tag) var tag:
        [String] = []

    /// Reads and checks the sweep file.
    func plan() throws -> SweepPlan {
        var request = SweepRequest(path: file)
        request.overrides = overrides
        request.tags = tag
        return try SweepPlan(request)
    }

    /// Returns the states of the runs of trials by identity; a results file that does not exist yet has none.
    func states(of trials: [SweepTrial], in results: ResultsOption) throws -> [String: RunState] {
        guard FileManager.default.fileExists(atPath: results.path) else { return [:] }
        return try ResultsFile(reading: results.path).runStates(identities: trials.map(\.identity))
    }
}

/// Returns the sweep of a results file that a text means: an id, the beginning of a uuid, a name, latest or a sweep
/// file.
func findSweep(_ text: String, in file: ResultsFile) throws -> SweepReference {
    guard text.hasSuffix(".json"), FileManager.default.fileExists(atPath: text) else { return try file.findSweep(text) }
    let plan = try SweepPlan(SweepRequest(path: text))
    do {
        return try file.findSweep(plan.uuid)
    } catch {
        throw ResultsError(
            "\(file.path) does not hold the sweep of \(text) as it is now; run it, or name one that the file holds, by "
                + "its name (\(plan.name)) or latest",
            cause: .request)
    }
}
