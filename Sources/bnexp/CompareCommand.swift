import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare runs side by side: where their configs differ, then their results.",
        discussion: """
            Runs that differ in nothing but the seed share a column, and with --group-by-seed every such group does: \
            mean ± standard deviation (ddof 1) over the seeds, with the count in parentheses where some of the runs \
            have no value.

            With --sweep the trials of a sweep are compared: a row for each combination of its axes, with mean, \
            standard deviation and count over seeds, and a table for each axis with the best combination of each of \
            its values. Diverged runs are counted and left out of means. --by AXIS prints that axis's table only, and \
            given twice the means over two axes.
            """)

    @Argument(help: "Two runs or more; default is the two newest, with --group-by-seed all.", completion: .run)
    var runs: [String] = []
    @Flag(help: "One column for each config, over its seeds.") var groupBySeed = false
    @Option(
        help: ArgumentHelp(
            "Compare the trials of a sweep: an id, the beginning of a uuid, a name, latest, or the sweep file.",
            valueName: "SWEEP"), completion: .sweep)
    var sweep: String?
    @Option(help: "With --sweep: a numeric column of the view sweep_summary; default is the final test accuracy.")
    var metric: String?
    @Option(help: ArgumentHelp("With --sweep: only the table of this axis; twice, of two axes.", valueName: "AXIS"))
    var by: [String] = []
    @OptionGroup var columns: ColumnsOption
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false
    @Flag(name: .customLong("show-sql"), help: "Print the SQL of the results after the table.") var showsSQL = false

    func validate() throws {
        if sweep != nil, !runs.isEmpty || groupBySeed {
            throw ValidationError("--sweep compares all trials of a sweep; leave out runs and --group-by-seed.")
        }
        if sweep == nil, metric != nil || !by.isEmpty {
            throw ValidationError("--metric and --by belong to --sweep; name a sweep, or leave them out.")
        }
        if sweep == nil, columns.list != nil {
            throw ValidationError("--columns belongs to --sweep; without it the columns are the runs.")
        }
        guard by.count <= 2 else { throw ValidationError("--by is given \(by.count) times; expected one axis or two.") }
        guard runs.count != 1 else {
            throw ValidationError("compare needs two runs or more; give another, or none for the two newest.")
        }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        if let sweep { return try compare(findSweep(sweep, in: file), in: file) }
        var references: [RunReference] = []
        if runs.isEmpty && groupBySeed {
            references = try file.allRuns()
            guard !references.isEmpty else { throw ResultsError("\(results.path) holds no runs", cause: .request) }
        } else if runs.isEmpty {
            for row in try file.query("SELECT id FROM run ORDER BY id DESC LIMIT 2").rows.reversed() {
                references.append(try file.findRun(row[0].display))
            }
            guard references.count == 2 else {
                throw ResultsError("\(results.path) holds \(references.count) run; compare needs two", cause: .request)
            }
        } else {
            for run in runs { references.append(try file.findRun(run)) }
        }
        let comparison = try Comparison(references, in: file)
        let seeds = try SeedComparison(comparison, of: references, in: file)
        if groupBySeed || seeds.isOneConfig {
            show(json ? seeds.longTable : seeds.table, json: json)
        } else {
            show(comparison.table, json: json)
        }
        if showsSQL && !json {
            let list = references.map { "\($0.id)" }.joined(separator: ", ")
            printData("\n" + Comparison.sql.replacingOccurrences(of: "RUNS", with: list) + ";")
        }
    }

    private func compare(_ sweep: SweepReference, in file: ResultsFile) throws {
        let comparison = try SweepComparison(sweep, metric: metric, in: file)
        let axes = try by.map { try comparison.axis($0) }
        if !json { say("\(comparison.metric) of sweep \(sweep.id) (\(sweep.name))") }
        switch axes.count {
        case 1: show(try columns.choose(from: comparison.table(by: axes[0])), json: json)
        case 2:
            var table = comparison.table(by: axes[0], and: axes[1])
            table.fit = .folding()
            show(try columns.choose(from: table), json: json)
        default:
            if json {
                let names = ["combinations"] + comparison.axes
                let tables = [comparison.table] + comparison.axes.map { comparison.table(by: $0) }
                return showJSON(zip(names, try columns.choose(from: tables)).filter { !$0.1.columns.isEmpty })
            }
            var tables = [comparison.table]
            if comparison.axes.count > 1 { tables += comparison.axes.map { comparison.table(by: $0) } }
            let shown = try columns.choose(from: tables).filter { !$0.columns.isEmpty }
            for (index, table) in shown.enumerated() {
                if index > 0 { printData() }
                show(table, json: false, remedy: ColumnsOption.remedy)
            }
        }
    }
}
