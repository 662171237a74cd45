import ArgumentParser
import Reports
import RunStore
import Training

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one run: its config, its layers, its results and the time that its phases took.",
        discussion: """
            Examples:
              bnexp show latest
              bnexp show latest --config | bnexp run - --dry-run
            """)

    @OptionGroup var selection: RunArgument
    @OptionGroup var watch: WatchOption
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print the resolved config, JSON, as bnexp run takes it.") var config = false
    @Flag(help: "Print JSON: one object with a list for each part.") var json = false

    private static let parts = [
        ("run", "SELECT * FROM run WHERE id = ?"),
        ("run_parameter", "SELECT path, value FROM run_parameter WHERE run_id = ? ORDER BY path"),
        (
            "layer",
            "SELECT layer, kind, inputs, outputs, activation, normalization, parameter_count FROM layer WHERE run_id = "
                + "?"
        ),
        ("class", "SELECT class, name FROM class WHERE run_id = ?"),
        ("tag", "SELECT tag FROM tag WHERE run_id = ?"),
        ("note", "SELECT written_at, text FROM note WHERE run_id = ? ORDER BY written_at"),
        ("final_accuracy", "SELECT split, mode, step, loss, accuracy FROM final_accuracy WHERE run_id = ?"),
    ]

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        let reference = try file.findRun(selection.runName)
        if config {
            let found = try file.query("SELECT config FROM run WHERE id = ?", [.integer(reference.id)])
            return printData(found.rows.first?[0].text ?? "")
        }
        try watch.repeating { try printParts(of: reference, in: file) }
    }

    private func printParts(of reference: RunReference, in file: ResultsFile) throws -> Printout {
        var tables: [(name: String, table: Table)] = []
        // Tables of later versions than the file's.
        let known = try file.exportableTables() + ["final_accuracy"]
        for (name, sql) in ShowCommand.parts where known.contains(name) {
            tables.append((name, Table(try file.query(sql, [.integer(reference.id)]))))
        }
        tables.append(("run_phase", Table(try file.profile(ofRun: reference.id))))
        if json { return Printout(text: bnexp.json(of: tables)) }
        let progress = try file.runningProgress()[reference.id]
        var texts: [String] = []
        for (name, var table) in tables where !table.rows.isEmpty {
            // The config follows, key by key, as run_parameter.
            if name == "run", let row = table.rows.first {
                var pairs = zip(table.columns, row).filter { $0.1 != .null && $0.0 != "config" }.map {
                    [SQLValue.text($0.0), $0.1]
                }
                if let progress, let place = pairs.firstIndex(where: { $0[0] == .text("status") }) {
                    let step = "step \(progress.step) of \(progress.totalSteps), \(progress.text)"
                    pairs.insert([.text("progress"), .text(step)], at: place + 1)
                }
                table = Table(columns: ["run", ""], rows: pairs)
            }
            table.fit = .folding()
            texts.append(text(of: table, json: false))
        }
        return Printout(text: texts.joined(separator: "\n"))
    }
}
