import ArgumentParser
import Reports
import RunStore

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare runs side by side: where their configs differ, then their results.",
        discussion: """
            Runs that differ in nothing but the seed, and with --group-by-seed all that do, are put together: mean ± standard deviation (ddof 1) \
            over the seeds, with the count in parentheses where some of the runs have no value.
            """)

    @Argument(help: "Two runs or more; default is the two newest, with --group-by-seed all.") var runs: [String] = []
    @Flag(help: "One column for each config, over its seeds.") var groupBySeed = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false
    @Flag(name: .customLong("show-sql"), help: "Print the SQL of the results after the table.") var showsSQL = false

    func validate() throws {
        guard runs.count != 1 else { throw ValidationError("compare needs two runs or more; give another, or none for the two newest.") }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        var references: [RunReference] = []
        if runs.isEmpty && groupBySeed {
            references = try file.allRuns()
            guard !references.isEmpty else { throw ResultsError("\(results.path) holds no runs") }
        } else if runs.isEmpty {
            for row in try file.query("SELECT id FROM run ORDER BY id DESC LIMIT 2").rows.reversed() {
                references.append(try file.findRun(row[0].display))
            }
            guard references.count == 2 else { throw ResultsError("\(results.path) holds \(references.count) run; compare needs two") }
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
            print("\n" + Comparison.sql.replacingOccurrences(of: "RUNS", with: list) + ";")
        }
    }
}
