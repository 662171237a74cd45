import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs of the results file, the newest last.",
        discussion: """
            Options that choose runs may be combined; a run is listed if it matches all of them. KEY is a column of the \
            view run_summary, such as test_accuracy or best_validation_loss, or a key of the config, such as \
            optimizer.learning_rate. Accuracies are listed, of regressions losses. Times are UTC.

            Examples:
              bnexp list --since 7d --where model.normalization.kind=batch
              bnexp list --sweep latest --sort test_accuracy --reverse --limit 5
              bnexp list --columns id,name,optimizer.learning_rate,test_accuracy
              bnexp list --group --sort test_accuracy
            """)

    @OptionGroup var selection: RunSelection
    @Option(
        help: ArgumentHelp(
            "Order by a column or a config key, the smallest first, runs without it last.", valueName: "KEY"))
    var sort: String?
    @Flag(help: "With --sort: the largest first.") var reverse = false
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("What to list in place of the usual columns; commas separate keys too.", valueName: "KEY"))
    var columns: [String] = []
    @Flag(help: "A row for each config and what tells it apart, over its seeds: mean ± standard deviation (ddof 1).")
    var group = false
    @Option(help: "How many runs are shown, the newest or with --sort the first; --json prints all.") var limit = 50
    @OptionGroup var watch: WatchOption
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        try requireRange(countRange, limit, "--limit")
        if reverse && sort == nil { throw ValidationError("--reverse needs --sort, which says by what.") }
        if group, let own = keys.first(where: GroupedListing.ownKeys.contains), own != "name" {
            throw ValidationError(
                "--columns \(own) is what each run has for itself; with --group name what the runs of a config share, "
                    + "such as test_accuracy or optimizer.learning_rate.")
        }
        if let twice = keys.enumerated().first(where: { keys.prefix($0.offset).contains($0.element) })?.element {
            throw ValidationError("--columns names \(twice) twice; name each key once.")
        }
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw ValidationError("--columns has an empty key; expected keys such as name,test_accuracy.")
        }
    }

    /// What `--columns` names.
    private var keys: [String] {
        columns.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        try watch.repeating {
            let runs = try selection.references(in: file, default: .all, isNoneAllowed: true)
            if runs.isEmpty && !json { return Printout(text: "", notes: [try selection.absence(in: file)]) }
            if group { return Printout(text: text(of: try groups(of: runs, in: file), json: json)) }
            if json {
                let keys = keys.isEmpty ? ListCommand.allKeys : keys
                return Printout(text: Table(try listing(of: runs, keys: keys, in: file)).json())
            }
            // The newest come last and must stay on the screen, with a header and notes, which a narrow one folds.
            let others = terminalWidth(standardOutput) < 60 ? 10 : 6
            let limit = watch.height.map { max(1, min(self.limit, $0 - others)) } ?? self.limit
            // What is listed in the order of runs is cut before it is read.
            let chosen = sort == nil ? Array(runs.suffix(limit)) : runs
            var table = Table(try listing(of: chosen, keys: try usualKeys(for: chosen, in: file), in: file))
            if table.rows.count > limit { table.rows.removeLast(table.rows.count - limit) }
            for (column, key) in table.columns.enumerated() {
                for row in table.rows.indices { table.rows[row][column] = shortened(table.rows[row][column], of: key) }
            }
            // What the user asked for stays.
            if !keys.isEmpty { table.fit = .folding(keyCount: 1) }
            if keys.isEmpty {
                table.fit = .leavingOut(cutsNames: watch.height != nil)
                table.add(try file.runningProgress(), id: "id", step: "last_step")
                table.importance = ListCommand.importance
            }
            let note =
                "only the \(sort == nil ? "newest" : "first") \(limit) runs are shown"
                + (limit < self.limit ? "" : "; --limit N shows more")
            return Printout(
                text: text(of: table, json: false, remedy: ColumnsOption.remedy),
                notes: runs.count > limit ? [note] : [])
        }
    }

    private func listing(of runs: [RunReference], keys: [String], in file: ResultsFile) throws -> QueryResult {
        try file.listing(of: runs, keys: keys, sortedBy: sort, isDescending: reverse)
    }

    private func groups(of runs: [RunReference], in file: ResultsFile) throws -> Table {
        var shown = json && keys.isEmpty ? ListCommand.allKeys : try usualKeys(for: runs, in: file)
        // What tells the configs apart comes first.
        if keys.isEmpty {
            let differing = try file.differingKeys(of: runs, limit: 6)
            shown = differing.filter { $0 != "model.normalization.kind" && $0 != sort } + shown
        }
        let groups = try GroupedListing(of: runs, keys: shown, sortedBy: sort, isDescending: reverse, in: file)
        if json { return groups.longTable }
        var table = groups.table
        let results = try file.resultKind(of: runs.map(\.id)).listedResults
        var importance = ["name", "runs"]
        for key in results.suffix(1) + shown.prefix(2) + results where !importance.contains(key) {
            importance.append(key)
        }
        table.importance = importance
        return table
    }

    /// Which of the usual columns a narrow terminal shows first.
    private static let importance = [
        "name", "status", "progress", "last_step", "test_accuracy", "test_loss", "final_loss", "validation_accuracy",
        "train_accuracy", "normalization", "created_at", "train_seconds", "seed", "uuid",
    ]

    /// What is printed as JSON unless `--columns` says otherwise, whatever the runs are.
    private static let allKeys = [
        "id", "uuid", "name", "status", "created_at", "seed", "sweep", "tags", "normalization", "last_step",
        "final_loss", "train_accuracy", "validation_accuracy", "test_accuracy", "train_loss", "validation_loss",
        "test_loss", "test_accuracy_at_best_validation", "test_loss_at_best_validation", "train_seconds",
    ]

    /// What people are shown.
    private func usualKeys(for runs: [RunReference], in file: ResultsFile) throws -> [String] {
        guard keys.isEmpty else { return keys }
        var shown = ["id", "uuid", "created_at", "name", "status", "seed", "normalization", "last_step", "final_loss"]
        shown += try file.resultKind(of: runs.map(\.id)).listedResults
        // What the runs are ordered by is seen.
        if let sort, !shown.contains(sort), sort != "train_seconds" { shown.append(sort) }
        return shown + ["train_seconds"]
    }
}

/// Returns a value of a list as people are shown it: the beginning of a uuid, a moment to the minute.
func shortened(_ value: SQLValue, of key: String) -> SQLValue {
    guard case .text(let text) = value else { return value }
    switch key {
    case "uuid": return .text(String(text.prefix(8)))
    case "created_at": return .text(String(text.prefix(16)).replacing("T", with: " "))
    default: return value
    }
}
