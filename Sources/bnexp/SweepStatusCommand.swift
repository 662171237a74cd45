import ArgumentParser
import Foundation
import Reports
import RunStore
import Sweeps

struct SweepStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how the trials of a sweep stand.")

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var columns: ColumnsOption
    @OptionGroup var results: ResultsOption
    @OptionGroup var watch: WatchOption
    @Flag(help: "List every trial, not only those that need a look.") var all = false
    @Flag(help: "Print JSON: every trial.") var json = false

    func run() throws {
        let plan = try sweep.plan()
        try watch.repeating { try printStatus(of: plan) }
    }

    private func printStatus(of plan: SweepPlan) throws -> Printout {
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
        let names = ["trial", "settings", "status", "run_id", "step", "total_steps", "reason"]
        if json { return Printout(text: try columns.choose(from: Table(columns: names, rows: rows)).json()) }
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
        var table = Table(columns: names, rows: listed)
        if FileManager.default.fileExists(atPath: results.path) {
            table.add(try ResultsFile(reading: results.path).runningProgress(), id: "run_id", step: "step")
        }
        table.importance = ["status", "progress", "settings", "reason", "step", "total_steps", "run_id"]
        let chosen = try columns.choose(from: table)
        guard !listed.isEmpty else { return Printout(text: summary) }
        return Printout(text: summary + "\n" + text(of: chosen, json: false, remedy: ColumnsOption.remedy))
    }
}
