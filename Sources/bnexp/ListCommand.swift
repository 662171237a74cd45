import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs of the results file, the newest last.",
        discussion: "Options that choose runs may be combined; a run is listed if it matches all of them.")

    @Option(help: "Only runs of this status; may repeat, for any of them.") var status: [RunStatus] = []
    @Option(
        parsing: .unconditionalSingleValue, help: "Only runs with this tag; may repeat, for all of them.",
        completion: .tag) var tag: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only runs whose name matches a pattern with *, ? and [...].", valueName: "glob"),
        completion: .runName)
    var name: String?
    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Only runs whose config has this value; may repeat, for all of them.", valueName: "key.path=VALUE"),
        completion: .setting)
    var conditions: [String] = []
    @Option(help: "How many of the newest runs are shown; --json prints all.") var limit = 50
    @OptionGroup var columns: ColumnsOption
    @OptionGroup var watch: WatchOption
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        try requireRange(countRange, limit, "--limit")
        for condition in conditions where condition.firstIndex(of: "=").map({ $0 == condition.startIndex }) ?? true {
            throw ValidationError("--where \(condition): expected key.path=VALUE, such as optimizer.learning_rate=0.1.")
        }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        var filter = RunFilter()
        filter.statuses = status
        filter.tags = tag
        filter.name = name
        filter.parameters = conditions.map { condition in
            let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return ParameterCondition(path: parts[0], value: parts[1])
        }
        try watch.repeating {
            if json { return Printout(text: try columns.choose(from: Table(try file.list(filter))).json()) }
            // The newest come last and must stay on the screen, with a header and notes, which a narrow one folds.
            let others = terminalWidth(standardOutput) < 60 ? 10 : 6
            let limit = watch.height.map { max(1, min(self.limit, $0 - others)) } ?? self.limit
            var table = Table(try file.list(filter, limit: limit + 1))
            let isCut = table.rows.count > limit
            if isCut { table.rows.removeFirst() }
            for row in table.rows.indices {
                table.rows[row][1] = .text(String((table.rows[row][1].text ?? "").prefix(8)))
            }
            table.add(try file.runningProgress(), id: "id", step: "last_step")
            table.importance = [
                "name", "status", "progress", "last_step", "test_accuracy", "final_loss", "validation_accuracy",
                "train_accuracy", "normalization", "train_seconds", "seed", "uuid",
            ]
            return Printout(
                text: text(of: try columns.choose(from: table), json: false, remedy: ColumnsOption.remedy),
                notes: isCut
                    ? [
                        "only the newest \(limit) runs are shown"
                            + (limit < self.limit ? "" : "; --limit N shows more")
                    ] : [])
        }
    }
}
