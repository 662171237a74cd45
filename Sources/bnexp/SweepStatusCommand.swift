import ArgumentParser
import Foundation
import Reports
import RunStore
import Sweeps

struct SweepStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how the trials of a sweep stand.",
        discussion: """
            The sweep is a sweep file, or one that the results file holds: an id, the beginning of a uuid, a name or \
            latest.

            Examples:
              bnexp sweep status latest --all
              bnexp sweep status latest --watch
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var folder: CollectFolder
    @OptionGroup var columns: ColumnsOption
    @OptionGroup var results: ResultsOption
    @OptionGroup var watch: WatchOption
    @Flag(help: "List every trial, not only those that need a look.") var all = false
    @Flag(help: "Print JSON: every trial.") var json = false

    func validate() throws {
        guard let collect = folder.collect else { return }
        guard sweep.isFile else {
            throw ValidationError(
                "--collect \(collect) needs the sweep file, from which the tasks run; found '\(sweep.file)'.")
        }
        if results.file != nil {
            throw ValidationError(
                "--collect and --db contradict each other: the shards are read, or the results file.")
        }
    }

    func run() throws {
        if let collect = folder.collect {
            let plan = try sweep.plan(), shards = SweepShards(of: plan, in: collect)
            return try watch.repeating { try collected(of: plan, in: shards) }
        }
        if sweep.isFile {
            let plan = try sweep.plan()
            return try watch.repeating {
                let states = try states(of: plan)
                var printout = try printout(of: states)
                if states.rows.contains(where: { $0[2] == .text("missing") }),
                    FileManager.default.fileExists(atPath: results.path),
                    let note = try difference(of: plan, fromThatIn: ResultsFile(reading: results.path))
                {
                    printout.notes.append(note)
                }
                return printout
            }
        }
        try watch.repeating {
            let file = try ResultsFile(reading: results.path)
            let reference = try file.findSweep(sweep.file)
            var table = try file.sweepStates(of: reference)
            let unknown = unknownTrials(in: table)
            if !json {
                for row in table.rows.indices { table.rows[row][1] = .text(shortened(table.rows[row][1].text ?? "")) }
            }
            var printout = try printout(of: table)
            if let unknown {
                printout.notes.append(
                    "\(unknown) of sweep \(reference.id) are not in \(results.path), which has been given some of its "
                        + "trials only, by bnexp extract or as one of several tasks")
            }
            return printout
        }
    }

    /// Returns the numbers that lie between those of a sweep's trials: "the trials 0, 3 to 5"; nil if there are none.
    private func unknownTrials(in states: Table) -> String? {
        let known = Set(states.rows.compactMap { $0[0].double.map { Int($0) } })
        let gaps = (0...(known.max() ?? 0)).filter { !known.contains($0) }
        var ranges: [ClosedRange<Int>] = []
        for number in gaps {
            if let last = ranges.last, last.upperBound == number - 1 {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        guard !known.isEmpty, !ranges.isEmpty else { return nil }
        let shown = ranges.prefix(6).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
        return "\(gaps.count == 1 ? "trial" : "the trials") \(shown.joined(separator: ", "))"
            + (ranges.count > 6 ? " and others" : "")
    }

    /// The trials of a sweep file, which also says how many steps they are to make.
    private func states(of plan: SweepPlan) throws -> Table {
        let states = try sweep.states(of: plan.trials, in: results)
        let rows = plan.trials.map { trial -> [SQLValue] in
            let state = states[trial.identity]
            return [
                .integer(trial.index), .text(json ? trial.text : trial.shortText),
                .text(state?.status.rawValue ?? "missing"), state.map { .integer($0.id) } ?? .null,
                state?.lastStep.map { .integer($0) } ?? .null, .integer(trial.totalSteps),
                state?.reason.map { .text($0) } ?? .null,
            ]
        }
        return Table(columns: ["trial", "settings", "status", "run_id", "step", "total_steps", "reason"], rows: rows)
    }

    /// How the trials stand in the shards of all tasks.
    private func collected(of plan: SweepPlan, in shards: SweepShards) throws -> Printout {
        let identities = plan.trials.map(\.identity)
        var found: [String: (state: RunState, task: Int)] = [:], tasks: Set<Int> = [], division = 0
        var oldest: (date: Date, task: Int)?
        try shards.forEachCopy { copy in
            let own = Array(identities[copy.share.trials(of: identities.count)])
            let states = try ResultsFile(reading: copy.path).runStates(identities: own)
            found.merge(states.mapValues { ($0, copy.share.task) }) { $0.state.hasEnded ? $0 : $1 }
            tasks.insert(copy.share.task)
            division = max(division, copy.share.tasks)
            let attributes = try FileManager.default.attributesOfItem(atPath: copy.path)
            if let date = attributes[.modificationDate] as? Date, states.contains(where: { !$0.value.hasEnded }) {
                oldest = oldest.flatMap { $0.date < date ? $0 : nil } ?? (date, copy.share.task)
            }
        }
        let rows = plan.trials.map { trial -> [SQLValue] in
            let (state, task) = found[trial.identity].map { ($0.state, $0.task) } ?? (nil, nil)
            return [
                .integer(trial.index), .text(json ? trial.text : trial.shortText),
                .text(state?.status.rawValue ?? "missing"), task.map { .integer($0) } ?? .null,
                state?.lastStep.map { .integer($0) } ?? .null, .integer(trial.totalSteps),
                state?.reason.map { .text($0) } ?? .null,
            ]
        }
        var printout = try printout(
            of: Table(columns: ["trial", "settings", "status", "task", "step", "total_steps", "reason"], rows: rows))
        var note = "\(tasks.count) of \(division) tasks have copied their shard to \(shards.folder)"
        if tasks.isEmpty { note = shards.absence }
        if let oldest {
            let minutes = Int(Date().timeIntervalSince(oldest.date) / 60)
            note +=
                "; of those with trials left the oldest copy, of task \(oldest.task), was made \(minutes) minutes ago"
        }
        printout.notes.append(note)
        return printout
    }

    private func printout(of states: Table) throws -> Printout {
        let rows = states.rows
        if json { return Printout(text: try columns.choose(from: states).json()) }
        let order = RunStatus.allCases.map(\.rawValue) + ["missing"]
        let counts = order.map { status in (status, rows.filter { $0[2] == .text(status) }.count) }.filter {
            $0.1 > 0
        }
        let summary = text(
            of: Table(
                columns: ["status", "trials"],
                rows: counts.map { [.text($0.0), .integer($0.1)] } + [[.text("all"), .integer(rows.count)]]),
            json: false)
        let quiet: [SQLValue] = [.text("finished"), .text("missing")]
        let listed = all ? rows : rows.filter { !quiet.contains($0[2]) }
        var table = Table(columns: states.columns, rows: listed)
        if folder.collect == nil, FileManager.default.fileExists(atPath: results.path) {
            table.add(try ResultsFile(reading: results.path).runningProgress(), id: "run_id", step: "step")
        }
        table.importance = ["status", "progress", "settings", "reason", "step", "total_steps", "run_id", "task"]
        let chosen = try columns.choose(from: table)
        guard !listed.isEmpty else { return Printout(text: summary) }
        return Printout(text: summary + "\n" + text(of: chosen, json: false, remedy: ColumnsOption.remedy))
    }
}
