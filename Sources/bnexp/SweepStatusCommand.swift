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
            return try watch.repeating { try printout(of: states(of: plan)) }
        }
        try watch.repeating {
            let file = try ResultsFile(reading: results.path)
            var table = try file.sweepStates(of: try file.findSweep(sweep.file))
            if !json {
                for row in table.rows.indices { table.rows[row][1] = .text(shortened(table.rows[row][1].text ?? "")) }
            }
            return try printout(of: table)
        }
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
