import ArgumentParser
import Reports
import RunStore
import Support

/// The runs that a command works on: by name, by conditions, or both.
///
/// A run is meant if it is named, or none is, and if it meets every condition.
struct RunSelection: ParsableArguments {
    @Argument(help: "Runs: ids, beginnings of uuids, names (the newest of each), or latest.", completion: .run)
    var runs: [String] = []
    @Option(help: "Only runs of this status; may repeat, for any of them.") var status: [RunStatus] = []
    @Option(
        parsing: .unconditionalSingleValue, help: "Only runs with this tag; may repeat, for all of them.",
        completion: .tag) var tag: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only runs whose name matches a pattern with *, ? and [...].", valueName: "glob"),
        completion: .runName)
    var name: String?
    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Only runs whose config has this value; may repeat, for all of them.", valueName: "key.path=VALUE"),
        completion: .setting)
    var conditions: [String] = []
    @Option(
        help: ArgumentHelp(
            "Only runs that began then or later: a date, a date and a time (UTC unless it ends in +01:00), today, "
                + "yesterday, or how long ago, such as 12h or 7d.",
            valueName: "when"))
    var since: Since?
    @Option(
        help: "Only runs of this sweep: an id, the beginning of a uuid, a name, latest, or the sweep file.",
        completion: .sweep)
    var sweep: String?

    /// Which runs are meant if none is named and no condition is given.
    enum Default {
        case all
        case newest(Int)
    }

    /// Whether there is a condition beside that of the sweep.
    var hasConditions: Bool {
        !status.isEmpty || !tag.isEmpty || name != nil || !conditions.isEmpty || since != nil
    }
    /// Whether nothing chooses runs.
    var isEmpty: Bool { runs.isEmpty && !hasConditions && sweep == nil }

    /// The sweep, where it is all that is given, so that it is meant as a whole.
    var wholeSweep: String? { runs.isEmpty && !hasConditions ? sweep : nil }

    func validate() throws {
        for condition in conditions {
            let key = condition.prefix { $0 != "=" }
            if let sign = key.firstIndex(where: "<>!~".contains) {
                throw ValidationError(
                    "--where \(condition): \"\(condition[sign])\" is no part of key.path=VALUE; --where asks whether "
                        + "keys of the config have values, and bnexp sql \"SELECT run_id, name FROM run_summary WHERE "
                        + "...\" whatever else.")
            }
            guard !key.isEmpty, key.count < condition.count else {
                throw ValidationError(
                    "--where \(condition): expected key.path=VALUE, such as optimizer.learning_rate=0.1.")
            }
        }
    }

    /// Returns the runs that are meant, each once: named ones in the order of their names, others the oldest first.
    ///
    /// - Throws: `ResultsError` for a name that no run has, and if no run is meant unless that is allowed.
    func references(in file: ResultsFile, default standard: Default, isNoneAllowed: Bool = false) throws
        -> [RunReference]
    {
        var found: [RunReference]
        if runs.isEmpty, !hasConditions, sweep == nil, case .newest(let count) = standard {
            found = try file.allRuns().suffix(count)
        } else if runs.isEmpty {
            found = try file.runs(matching: try filter(in: file))
        } else {
            found = []
            for name in runs {
                let run = try file.findRun(name)
                if !found.contains(run) { found.append(run) }
            }
            if hasConditions || sweep != nil {
                let matching = Set(try file.runs(matching: try filter(in: file)).map(\.id))
                found.removeAll { !matching.contains($0.id) }
            }
        }
        guard found.isEmpty, !isNoneAllowed else { return found }
        throw ResultsError(try absence(in: file), cause: .request)
    }

    /// Says that no run is meant, and what there is instead.
    func absence(in file: ResultsFile) throws -> String {
        let count = try file.allRuns().count
        guard count > 0 else {
            return
                "\(file.path) holds no runs yet; bnexp run CONFIG.json makes one, and bnexp init DATA writes a config"
        }
        return
            "no run of \(file.path) is meant by \(text); without that there \(count == 1 ? "is 1" : "are \(count)"), "
            + "which bnexp list shows"
    }

    /// Returns the numbers of the runs as names, none where nothing chooses runs.
    func names(in file: ResultsFile) throws -> [String] {
        try isEmpty ? [] : references(in: file, default: .all).map { "\($0.id)" }
    }

    private func filter(in file: ResultsFile) throws -> RunFilter {
        var filter = RunFilter()
        filter.statuses = status
        filter.tags = tag
        filter.name = name
        filter.since = since?.moment
        filter.sweep = try sweep.map { try findSweep($0, in: file) }
        filter.parameters = conditions.map { condition in
            let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return ParameterCondition(path: parts[0], value: parts[1])
        }
        return filter
    }

    /// What the command line says, for messages.
    private var text: String {
        let conditions: [String] =
            status.map { "--status \($0.rawValue)" } + tag.map { "--tag \($0)" }
            + [name.map { "--name \($0)" }].compactMap { $0 } + conditions.map { "--where \($0)" }
            + [since.map { "--since \($0.text)" }, sweep.map { "--sweep \($0)" }].compactMap { $0 }
        return (runs + conditions).joined(separator: " ")
    }
}
