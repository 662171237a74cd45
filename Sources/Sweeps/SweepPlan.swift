import Datasets
import Foundation
import Keys
import NeuralNetwork
import RunStore
import Support
import Training

/// What the command line says about a sweep.
package struct SweepRequest: Sendable {
    /// A sweep file.
    package var path: String
    /// Changes of the base config, "key.path=VALUE" each.
    package var overrides: [String] = []
    /// Tags of every run, beside the config's.
    package var tags: [String] = []
    /// Axes of a sweep without a file, "key.path=A,B,C" each; the path is then that of the base config.
    package var axes: [String] = []
    /// Seeds of such a sweep: "1..3" or "1,2,5".
    package var seeds: String?

    package init(path: String) { self.path = path }
}

/// One trial of a sweep: a run that is asked for.
package struct SweepTrial: Sendable {
    /// The number of the trial in its sweep, from 0.
    package let index: Int
    package let choices: [AxisChoice]
    /// The settings of the trial, in the order in which they are applied.
    let settings: [ConfigOverride]
    /// The identity of the trial's run.
    package let identity: String
    package let totalSteps: Int
    /// The first trial with the same identity, if this is another one: its run serves both.
    package let original: Int?
    /// What the run is to log, JSON.
    package let logging: String

    /// Whether a setting names the run.
    package var hasName: Bool { settings.contains { $0.path == ["name"] } }
    /// What is varied, such as `optimizer.learning_rate=0.1 variant=BN`.
    package var text: String { choices.map(\.text).joined(separator: " ") }
    /// The same for people: long values, such as the layers of a deep network, are cut.
    package var shortText: String { choices.map { shortened($0.text) }.joined(separator: " ") }
    /// What `--set` is given to make the trial's config of the base config.
    package var overrides: [String] { settings.map { "\($0.path.joined(separator: "."))=\($0.value.commandLineText)" } }
}

/// A sweep as it will be run: every trial's config checked against the data, every run's identity known.
package struct SweepPlan: Sendable {
    package let request: SweepRequest
    package let name: String
    /// Determined by the name and what the trials are, so that every machine gives a sweep the same.
    package let uuid: String
    /// The sweep file with the base config in it, JSON.
    package let definition: String
    package let trials: [SweepTrial]
    /// The base config's file, relative to the working directory.
    package let configPath: String
    /// What the user should know: keys that an override dropped.
    package let notes: [String]
    /// The data that planning has read, for the runs.
    package let cache = DataCache()
    private let base: ConfigDraft

    /// Whether the base config or a trial has a mistake in its backward pass.
    package var mentionsFault: Bool {
        let path = ["training", "inject_fault"]
        func mentions(_ tree: JSON?) -> Bool { tree.map { $0.value != .null } ?? false }
        return mentions(base.tree[path[...]])
            || trials.contains { trial in
                trial.settings.contains {
                    $0.path == path && mentions($0.value)
                        || $0.path == ["training"] && mentions($0.value["inject_fault"])
                }
            }
    }

    /// Reads a sweep file, expands it and checks every trial.
    /// - Throws: `ConfigError` that names file, line and what is wrong, or the trial whose config is.
    package init(_ request: SweepRequest) throws {
        self.request = request
        let (sweep, resolved) = try readSweepFile(request)
        configPath = located(sweep.config, namedBy: request.path)
        name = sweep.name ?? URL(fileURLWithPath: request.path).deletingPathExtension().lastPathComponent
        var baseRequest = ConfigRequest(path: configPath)
        baseRequest.overrides = request.overrides
        try baseRequest.checkRepetition()
        baseRequest.tags = request.tags
        do {
            base = try ConfigDraft(baseRequest)
        } catch {
            throw ConfigError(
                at: nil,
                "\(error.message) (the base config of \(resolved["config"]?.position?.description ?? request.path))")
        }
        var definition = resolved
        definition["config"] = base.tree
        self.definition = definition.text()
        let choices = try SweepExpansion(base, file: request.path).trials(of: sweep)
        try checkEffect(of: request.overrides, on: choices)
        let longest = "\(name)/\(max(0, choices.count - 1))".utf8.count
        guard longest <= Shape.longestName else {
            throw ConfigError(
                at: nil, path: "name",
                "runs of this sweep would have names of \(longest) bytes; expected at most \(Shape.longestName) for "
                    + "the sweep's name, a slash and the number of the trial")
        }

        let checks = TrialChecks(base: base, sweepName: name, path: request.path, data: cache)
        var trials: [SweepTrial] = [], first: [String: Int] = [:], notes = base.notes
        trials.reserveCapacity(choices.count)
        for (index, (choices, checked)) in zip(choices, try checks.check(choices)).enumerated() {
            notes += checked.notes.filter { !notes.contains($0) }
            trials.append(
                SweepTrial(
                    index: index, choices: choices, settings: checked.settings, identity: checked.identity,
                    totalSteps: checked.totalSteps, original: first[checked.identity], logging: checked.logging))
            if first[checked.identity] == nil { first[checked.identity] = index }
        }
        self.trials = trials
        if let second = trials.first(where: { $0.original != nil }), let original = second.original {
            notes.append(
                "\(trials.count { $0.original != nil }) of \(trials.count) trials ask for the same run as an earlier "
                    + "one (trial \(second.index) as trial \(original)): "
                    + "what tells them apart does not change results, such as logging, or is there twice")
        }
        self.notes = notes
        let content = trials.map { "\($0.identity) \($0.text)" }
        uuid = uuidText(([name] + content).joined(separator: "\n"))
    }

    /// The config of a trial.
    package func config(of trial: SweepTrial) throws(ConfigError) -> LoadedConfig {
        try loadTrial(base, trial.settings, name: runName(of: trial))
    }

    /// The arguments of `bnexp run` that make a trial's run: the config, what it sets, tags and name.
    package func runWords(of trial: SweepTrial) -> [String] {
        func key(_ override: String) -> Substring { override.prefix { $0 != "=" } }
        // What the trial sets itself would be given twice.
        let base = request.overrides.filter { override in
            !trial.overrides.contains { key($0) == key(override) || (key(override) + ".").hasPrefix(key($0) + ".") }
        }
        return [configPath.hasPrefix("-") ? "./" + configPath : configPath]
            + (base + trial.overrides).flatMap { ["--set", $0] } + request.tags.map { "--tag=" + $0 }
            + (trial.hasName ? [] : ["--name=" + runName(of: trial)])
    }

    package func runName(of trial: SweepTrial) -> String { "\(name)/\(trial.index)" }

    /// What the results file keeps of it.
    /// - Parameter chosen: the trials to record; others are added when they are run.
    package func record(of chosen: [SweepTrial]) -> SweepRecord {
        SweepRecord(
            uuid: uuid, name: name, definition: definition,
            trials: chosen.map { trial in
                SweepTrialRecord(
                    trial: trial.index, identity: trial.identity,
                    values: trial.choices.map {
                        SweepValueRecord(axis: $0.axis, label: $0.label, value: $0.json.sqlValue)
                    })
            })
    }
}

/// Refuses overrides of the base config that would change nothing.
private func checkEffect(of overrides: [String], on trials: [[AxisChoice]]) throws(ConfigError) {
    for text in overrides {
        let override = try ConfigOverride(text), position = SourcePosition(source: override.source)
        if override.path == ["name"] {
            throw ConfigError(at: position, "the runs of a sweep are named after it; change \"name\" in the sweep file")
        }
        if trials.allSatisfy({ $0.contains { $0.value.settings.contains { $0.path == override.path } } }) {
            throw ConfigError(
                at: position,
                "every trial sets this key itself, so this would change nothing; change the sweep file, or leave it out"
            )
        }
    }
}

/// Reads and checks a sweep file, or the one that axes of the command line stand for.
/// - Returns: what it says, and the JSON with every default filled in, in the order of the file.
private func readSweepFile(_ request: SweepRequest) throws -> (SweepFile, JSON) {
    let path = request.path, source = path == "-" ? "standard input" : path
    let isOfCommandLine = !request.axes.isEmpty || request.seeds != nil
    var tree =
        try isOfCommandLine
        ? sweepFile(axes: request.axes, seeds: request.seeds, config: path)
        : JSONReader.read(try text(of: path), source: source)
    guard tree.members != nil else {
        throw ConfigError(at: tree.position, "found \(tree.found), expected a JSON object")
    }
    tree["$schema"] = nil
    tree["description"] = nil
    if tree["config"] == nil, tree["data"] != nil || tree["model"] != nil {
        throw ConfigError(
            at: tree.position,
            "is a config of one run; a sweep file names one with \"config\" and says what varies; "
                + "or give --axis KEY=A,B,C, or --seeds 1..3")
    }
    let (sweep, resolved) = try Form<SweepFile>.read(tree)
    return (sweep, inFileOrder(resolved, as: tree))
}

/// The members in the order in which the file has them, as the results file keeps the definition of a sweep.
private func inFileOrder(_ resolved: JSON, as written: JSON) -> JSON {
    guard let members = resolved.members, let order = written.members else {
        guard let elements = resolved.array, let writtenElements = written.array else { return resolved }
        return JSON(.array(zip(elements, writtenElements).map(inFileOrder)), at: resolved.position)
    }
    let given = order.compactMap { member in
        resolved[member.key].map { JSON.Member(member.key, inFileOrder($0, as: member.value), at: member.keyPosition) }
    }
    return JSON(.object(given + members.filter { written[$0.key] == nil }), at: resolved.position)
}

/// A UUID made of a text: the first 128 bits of its SHA-256 with version 8 (RFC 9562, section 5.8).
private func uuidText(_ text: String) -> String {
    var digits = Array(SHA256.hexadecimal(text).prefix(32))
    digits[12] = "8"
    digits[16] = "8"
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return groups.joined(separator: "-")
}

/// A setting that leaves room for others beside it.
package func shortened(_ setting: String) -> String { setting.count <= 60 ? setting : setting.prefix(57) + "..." }

extension JSON {
    /// The text of the value after `--set`: a plain word as it is, anything else as JSON.
    package var commandLineText: String {
        guard let word = string, !["true", "false", "null"].contains(word), let first = word.unicodeScalars.first,
            !("0"..."9").contains(first), first != "-",
            word.unicodeScalars.allSatisfy({
                $0.properties.isAlphabetic && $0.isASCII || ("0"..."9").contains($0)
                    || "_/.+-".unicodeScalars.contains($0)
            })
        else { return text() }
        return word
    }
}
