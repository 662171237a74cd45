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

    @OptionGroup var selection: RunSelection
    @Flag(help: "One column for each config, over its seeds.") var groupBySeed = false
    @Option(
        help:
            "With --sweep: a numeric column of the view sweep_summary; default is the final test accuracy, of regressions the test loss."
    )
    var metric: String?
    @Option(help: ArgumentHelp("With --sweep: only the table of this axis; twice, of two axes.", valueName: "AXIS"))
    var by: [String] = []
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false
    @Flag(name: .customLong("show-sql"), help: "Print the SQL of the results after the table.") var showsSQL = false

    /// The sweep that is compared as a whole; one beside other conditions chooses runs.
    private var sweep: String? { selection.hasConditions ? nil : selection.sweep }

    func validate() throws {
        if sweep != nil, !selection.runs.isEmpty || groupBySeed {
            throw ValidationError("--sweep compares all trials of a sweep; leave out runs and --group-by-seed.")
        }
        if sweep == nil, metric != nil || !by.isEmpty {
            throw ValidationError("--metric and --by belong to --sweep; name a sweep, or leave them out.")
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
        if groupBySeed || seeds.isOneConfig {
            show(json ? seeds.longTable : seeds.table, json: json)
        } else {
            show(comparison.table, json: json)
        }
        if showsSQL && !json {
            printData("\n\(comparison.sql);")
        }
    }

    private func compare(_ sweep: SweepReference, in file: ResultsFile) throws {
        let comparison = try SweepComparison(sweep, metric: metric, in: file)
        let axes = try by.map { try comparison.axis($0) }
        if !json { say("\(comparison.metric) of sweep \(sweep.id) (\(sweep.name))") }
        switch axes.count {
        case 1: show(comparison.table(by: axes[0]), json: json)
        case 2: show(comparison.table(by: axes[0], and: axes[1]), json: json)
        default:
            if json {
                return showJSON(
                    [("combinations", comparison.table)] + comparison.axes.map { ($0, comparison.table(by: $0)) })
            }
            show(comparison.table, json: false)
            for axis in comparison.axes where comparison.axes.count > 1 {
                printData()
                show(comparison.table(by: axis), json: false)
            }
        }
    }
}
