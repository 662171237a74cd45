import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Query the results file with SQL, read-only.",
        discussion: "docs/results.md describes tables, columns and views.")

    @Argument(help: "One SELECT statement, or - for standard input.") var statement: String
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print CSV.") var csv = false

    func validate() throws {
        guard !(json && csv) else { throw ValidationError("--json and --csv contradict each other; give one.") }
    }

    func run() throws {
        let sql = statement == "-" ? textOfStandardInput() : statement
        let file = try ResultsFile(reading: results.path)
        guard csv || json else { return show(Table(try file.query(sql, isOfUser: true)), json: false) }
        // Row by row, so that the number of rows does not matter.
        let output = try TextOutput(path: "-")
        var columns: [String] = []
        var separator = "[\n"
        try file.forEachRow(ofQuery: sql) { names in
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
