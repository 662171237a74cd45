import ArgumentParser
import Reports
import RunStore

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the runs of the results file, the newest last.")

    @OptionGroup var results: ResultsOption
    @Option(help: "Show the newest runs only.") var limit = 50
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is \(limit); expected at least 1.") }
    }

    func run() throws {
        let table = Table(
            try ResultsFile(reading: results.path).query(
                """
                SELECT * FROM (
                    SELECT run_id AS id, substr(uuid, 1, 8) AS uuid, name, status, seed, normalization, last_step, final_loss,
                        train_accuracy, validation_accuracy, test_accuracy, train_seconds
                    FROM run_summary ORDER BY run_id DESC LIMIT ?)
                ORDER BY id
                """, [.integer(limit)]))
        show(table, json: json)
    }
}

/// Prints a table on standard output, for people or as JSON.
func show(_ table: Table, json: Bool) {
    print(json ? table.json() : table.text(color: terminalHasColor(standardOutput)), terminator: "")
}
