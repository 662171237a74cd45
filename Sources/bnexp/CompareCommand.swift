import ArgumentParser
import Reports
import RunStore

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare runs side by side: where their configs differ, then their results.")

    @Argument(help: "Two runs or more; default is the two newest.") var runs: [String] = []
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false
    @Flag(name: .customLong("show-sql"), help: "Print the SQL of the results after the table.") var showsSQL = false

    func validate() throws {
        guard runs.count != 1 else { throw ValidationError("compare needs two runs or more; give another, or none for the two newest.") }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        var references: [RunReference] = []
        if runs.isEmpty {
            for row in try file.query("SELECT id FROM run ORDER BY id DESC LIMIT 2").rows.reversed() {
                references.append(try file.findRun(row[0].display))
            }
            guard references.count == 2 else { throw ResultsError("\(results.path) holds \(references.count) run; compare needs two") }
        } else {
            for run in runs { references.append(try file.findRun(run)) }
        }
        show(try Comparison(references, in: file).table, json: json)
        if showsSQL && !json {
            let list = references.map { "\($0.id)" }.joined(separator: ", ")
            print("\n" + Comparison.sql.replacingOccurrences(of: "RUNS", with: list) + ";")
        }
    }
}
