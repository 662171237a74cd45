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
    @OptionGroup var columns: ColumnsOption
    @OptionGroup var results: ResultsOption
    @OptionGroup var watch: WatchOption
    @Flag(help: "List every trial, not only those that need a look.") var all = false
    @Flag(help: "Print JSON: every trial.") var json = false

    func run() throws {
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
        if FileManager.default.fileExists(atPath: results.path) {
            table.add(try ResultsFile(reading: results.path).runningProgress(), id: "run_id", step: "step")
        }
        table.importance = ["status", "progress", "settings", "reason", "step", "total_steps", "run_id"]
        let chosen = try columns.choose(from: table)
        guard !listed.isEmpty else { return Printout(text: summary) }
        return Printout(text: summary + "\n" + text(of: chosen, json: false, remedy: ColumnsOption.remedy))
    }
}
