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
        let table = Table(try ResultsFile(reading: results.path).query(sql))
        if csv { print(table.csv(), terminator: "") } else { show(table, json: json) }
    }
}
