import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Query the results file with SQL, read-only.",
        discussion: """
            --tables lists tables, views and their columns, which docs/results.md describes. Beside SQLite's functions \
            there are the aggregates stddev(x), ddof 1, median(x), quantile(x, q) and corr(x, y), with OVER too.

            Examples:
              bnexp sql "SELECT name, test_accuracy FROM run_summary ORDER BY 2 DESC"
              bnexp sql "SELECT seed, median(test_loss) FROM run_summary GROUP BY seed"
              bnexp sql "SELECT * FROM unit_value WHERE quantity = 'gamma'" --csv
            """)

    @Argument(help: "One SELECT statement, or - for standard input.") var statement: String?
    @Flag(help: "List the tables and views with their columns.") var tables = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print CSV.") var csv = false

    func validate() throws {
        guard tables == (statement == nil) else {
            throw ValidationError("Missing expected argument: give one statement, - for standard input, or --tables.")
        }
        guard !(json && csv) else { throw ValidationError("--json and --csv contradict each other; give one.") }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        guard let statement else { return show(Table(try file.catalog()), as: json ? .json : csv ? .csv : .text) }
        let sql = statement == "-" ? try textOfStandardInput() : statement
        guard csv || json else {
            var table = Table(try file.query(sql, isOfUser: true))
            // What was asked for is not left out, wherever it finds room.
            table.fit = .folding(keyCount: 1)
            return show(table, json: false)
        }
        // Row by row, so that the number of rows does not matter.
        let output = try TextOutput(path: "-")
        var columns: [String] = []
        var separator = "[\n"
        try file.forEachRow(ofQuery: sql) { names in
            if json, let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
                throw Failure(
                    .usage,
                    "two columns are called \"\(names[twice])\", which keys of a JSON object cannot be; name them with "
                        + "AS"
                )
            }
            columns = names
            if csv { try output.write(csvLine(names, end: "\n")) }
        } _: { row in
            try output.write(csv ? csvLine(row, end: "\n") : separator + "  " + jsonObject(columns, row))
            separator = ",\n"
        }
        if json { try output.write(separator == "[\n" ? "[]\n" : "\n]\n") }
        try output.close()
    }
}
