import ArgumentParser
import Foundation
import RunStore
import Sweeps

/// The sweep file of a command, and the options that change it.
struct SweepOptions: ParsableArguments {
    @Argument(
        help: "A sweep file, or - for standard input; with --axis or --seeds a config.", completion: .configFile)
    var file: String
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Vary a key of the config; every combination of several is a trial, the last one varying fastest.",
            valueName: "key.path=A,B,C"),
        completion: .setting)
    var axis: [String] = []
    @Option(
        help: ArgumentHelp("Run every trial with each of these seeds, such as 1..3 or 1,2,5.", valueName: "seeds"))
    var seeds: String?
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set one key of the base config, for all trials. May repeat.", valueName: "key.path=VALUE"),
        completion: .setting)
    var overrides: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "A tag for every run. May repeat.", completion: .tag) var tag:
        [String] = []

    func validate() throws {
        for tag in tag { try requireName(tag, "--tag") }
        if file == "-" && !(axis.isEmpty && seeds == nil) {
            throw ValidationError("--axis and --seeds need a config that has a name; found -, standard input.")
        }
    }

    /// Whether the sweep is given as a file, and not by what the results file calls it.
    var isFile: Bool {
        file == "-" || file.hasSuffix(".json") || !axis.isEmpty || seeds != nil
            || FileManager.default.fileExists(atPath: file)
    }

    /// What makes the same sweep again, beside the file: `--axis`, `--seeds` and `--set` with their values.
    var words: [String] {
        axis.flatMap { ["--axis", $0] } + (seeds.map { ["--seeds", $0] } ?? []) + overrides.flatMap { ["--set", $0] }
    }

    /// Reads and checks the sweep file, or makes the sweep that the axes mean.
    func plan() throws -> SweepPlan {
        var request = SweepRequest(path: file)
        request.axes = axis
        request.seeds = seeds
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
            try difference(of: plan, fromThatIn: file)
                ?? "\(file.path) does not hold the sweep of \(text); run it, or name one of those that bnexp sweep list shows",
            cause: .request)
    }
}
