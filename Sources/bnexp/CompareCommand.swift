import ArgumentParser
import Foundation
import Reports
import RunStore
import Support
import Sweeps
import Training

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare runs side by side: where their configs differ, then their results.",
        discussion: """
            Default are the two newest runs, with --group-by-seed all. Runs that differ in nothing but the seed share a \
            column, and with --group-by-seed every such group does: mean ± standard deviation (ddof 1) over the seeds, \
            with the count in parentheses where some of the runs have no value; diverged runs are counted and left out. \
            --side-by-side gives each run a column.

            With --sweep alone the trials of a sweep are compared: a row for each combination of its axes, with mean, \
            standard deviation and count over seeds, and a table for each axis: means over the combinations of the other \
            axes that trained with all of its values, and the best combination of each value. Where a row takes several \
            combinations together, the deviation is that within them, pooled. Diverged runs are counted and left out of \
            means. --by AXIS prints that axis's table only, and given twice the means over two axes. The command that \
            runs the best trial again is printed on standard error.

            Examples:
              bnexp compare 1 2
              bnexp compare --group-by-seed --where seed=0 --format markdown
              bnexp compare --sweep latest --by variant --by learning_rate --format latex
            """)

    @OptionGroup var selection: RunSelection
    @Flag(help: "One column for each config, over its seeds.") var groupBySeed = false
    @Option(
        help:
            "With --sweep: a numeric column of the view sweep_summary; default is the final test accuracy, of regressions the test loss."
    )
    var metric: String?
    @Option(help: ArgumentHelp("With --sweep: only the table of this axis; twice, of two axes.", valueName: "AXIS"))
    var by: [String] = []
    @OptionGroup var columns: ColumnsOption
    @Flag(help: "A column for each run, also where runs differ in nothing but the seed.") var sideBySide = false
    @Option(help: "The form of the tables: text, json, markdown, latex (with booktabs) or csv.") var format:
        TableFormat?
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON, as --format json does.") var json = false
    @Flag(name: .customLong("show-sql"), help: "Print the SQL of the results after the table.") var showsSQL = false

    /// The sweep that is compared as a whole; one beside other conditions chooses runs.
    private var sweep: String? { selection.hasConditions ? nil : selection.sweep }

    private var form: TableFormat { json ? .json : format ?? .text }
    private var isForPrograms: Bool { form == .json || form == .csv }

    func validate() throws {
        if json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) contradict each other; give one.")
        }
        if sideBySide && (groupBySeed || sweep != nil) {
            throw ValidationError("--side-by-side is for runs; leave it out, or --group-by-seed and --sweep.")
        }
        if sweep != nil, !selection.runs.isEmpty || groupBySeed {
            throw ValidationError("--sweep compares all trials of a sweep; leave out runs and --group-by-seed.")
        }
        if selection.sweep != nil, sweep == nil, metric != nil || !by.isEmpty || columns.list != nil {
            throw ValidationError(
                "--metric, --by and --columns compare a sweep as a whole; leave them out, or the other conditions.")
        }
        if sweep == nil, metric != nil || !by.isEmpty {
            throw ValidationError("--metric and --by belong to --sweep; name a sweep, or leave them out.")
        }
        if sweep == nil, columns.list != nil {
            throw ValidationError("--columns belongs to --sweep; without it the columns are the runs.")
        }
        if sweep != nil, showsSQL {
            throw ValidationError("--show-sql is for runs; the tables of a sweep come from the view sweep_summary.")
        }
        if showsSQL, isForPrograms {
            throw ValidationError("--show-sql is for people; leave it out, or --format \(form.rawValue).")
        }
        if by.count == 2, by[0] == by[1] {
            throw ValidationError("--by names \(by[0]) twice; name two axes, or one.")
        }
        guard by.count <= 2 else { throw ValidationError("--by is given \(by.count) times; expected one axis or two.") }
        guard selection.runs.count != 1 else {
            throw ValidationError("compare needs two runs or more; give another, or none for the two newest.")
        }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        if let sweep { return try compare(findSweep(sweep, in: file), in: file) }
        let references = try selection.references(in: file, default: groupBySeed ? .all : .newest(2))
        guard references.count > 1 || groupBySeed else {
            throw ResultsError("1 run of \(results.path) is meant; compare needs two", cause: .request)
        }
        let comparison = try Comparison(references, in: file)
        let seeds = try SeedComparison(comparison, of: references, in: file)
        if groupBySeed || seeds.isOneConfig && !sideBySide {
            show(isForPrograms ? seeds.longTable : seeds.table, as: form)
        } else {
            show(comparison.table, as: form)
        }
        if showsSQL {
            printData(fitted("\n\(comparison.sql);", to: standardOutput))
        }
    }

    private func compare(_ sweep: SweepReference, in file: ResultsFile) throws {
        let comparison = try SweepComparison(sweep, metric: metric, in: file)
        let axes = try by.map { try comparison.axis($0) }
        if form == .text { say("\(comparison.metric) of sweep \(sweep.id) (\(sweep.name))") }
        switch axes.count {
        case 1:
            try printChosen([comparison.table(by: axes[0])])
            sayMeans(axes, of: comparison)
        case 2:
            var table = comparison.table(by: axes[0], and: axes[1])
            table.fit = .folding()
            try printChosen([table])
        default:
            let byAxis = comparison.axes.map { comparison.table(by: $0) }
            if form == .json {
                let names = ["combinations"] + comparison.axes
                let tables = try columns.choose(from: [comparison.table] + byAxis)
                return showJSON(zip(names, tables).filter { !$0.1.columns.isEmpty })
            }
            // A CSV file is one table.
            try printChosen([comparison.table] + (comparison.axes.count > 1 && form != .csv ? byAxis : []))
            sayMeans(form == .csv ? [] : comparison.axes, of: comparison)
        }
        if form == .text, let best = comparison.best {
            let command = try rerunCommand(ofTrial: best.trial, run: best.run)
            say("the best trial is \(best.trial), \(best.settings), with \(best.metric); again: \(command)")
        }
    }

    /// Says what the means of the tables of axes are taken over, where it is not everything.
    private func sayMeans(_ axes: [String], of comparison: SweepComparison) {
        guard !isForPrograms else { return }
        for axis in axes {
            if let note = comparison.meansNote(by: axis) { say("by \(axis): \(note)") }
        }
    }

    /// Prints the chosen columns of tables below each other, without those that have none.
    private func printChosen(_ tables: [Table]) throws {
        let chosen = try columns.choose(from: tables).filter { !$0.columns.isEmpty }
        for (index, table) in chosen.enumerated() {
            if index > 0 { printData() }
            show(table, as: form, remedy: ColumnsOption.remedy)
        }
    }

    /// Returns the command line that makes a trial's run again: from the sweep file where that is given, else from the
    /// config that the results file holds.
    private func rerunCommand(ofTrial trial: Int, run: Int) throws -> String {
        let program = CommandLine.arguments[0]
        if let sweep, sweep.hasSuffix(".json"), FileManager.default.fileExists(atPath: sweep) {
            let plan = try SweepPlan(SweepRequest(path: sweep))
            if let trial = plan.trials.first(where: { $0.index == trial }) {
                return ([program, "run"] + plan.runWords(of: trial)).map(quotedForShell).joined(separator: " ")
            }
        }
        let database = results.file.map { ["--db=" + $0] } ?? []
        return ([program, "show", "\(run)", "--config"] + database).map(quotedForShell).joined(separator: " ") + " | "
            + ([program, "run", "-"] + database).map(quotedForShell).joined(separator: " ")
    }
}
