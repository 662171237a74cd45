import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct SweepListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sweeps of the results file, and how their trials stand.",
        discussion: """
            Example:
              bnexp sweep list
            """)

    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        var table = try ResultsFile(reading: results.path).sweepListing()
        if !json {
            guard !table.rows.isEmpty else {
                return say(
                    "\(results.path) holds no sweeps yet; bnexp sweep CONFIG.json --axis "
                        + "optimizer.learning_rate=0.01,0.1 makes one")
            }
            // Numbers that are 0 in every row say nothing.
            let kept = table.columns.indices.filter { column in
                column < 5 || table.rows.contains { $0[column] != .integer(0) }
            }
            table = Table(
                columns: kept.map { table.columns[$0] },
                rows: table.rows.map { row in kept.map { shortened(row[$0], of: table.columns[$0]) } })
        }
        table.importance = ["name", "trials"] + table.columns.filter { RunStatus(rawValue: $0) != nil } + ["missing"]
        show(table, json: json)
    }
}
