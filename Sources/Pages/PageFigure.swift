import Charts
import Reports
import RunStore
import Support

/// A picture of a page: a SELECT and how its rows are drawn.
///
/// The rows have the columns that `bnexp plot --sql` takes, so that this command draws the same rows.
struct PageFigure: Sendable {
    enum Kind: Sendable { case lines, maps }

    /// Its name in the page's address, such as `learning.loss`.
    var id: String
    var title: String
    var kind = Kind.lines
    /// The table whose rows it draws.
    var table: String
    var style = PlotStyle()
    /// The statement, in which `RUNS` stands for the condition on `run_id`.
    var sql: String
    /// Whether x is a step, which may also be shown as epochs or seconds.
    var isOverSteps = true
    /// Whether smoothing may be asked for: only for what is measured on single batches.
    var smooths = false
    /// Whether its axes always have a place for all values, as for what was set rather than measured.
    var showsAll = false

    init(
        _ id: String, _ title: String, of table: String, _ kind: Kind = .lines, x: String = "step", y: String,
        value: String? = nil,
        isLogarithmic: Bool = false, sql: String
    ) {
        self.id = id
        self.title = title
        self.table = table
        self.kind = kind
        self.sql = sql
        style.xLabel = x
        style.yLabel = y
        style.valueLabel = value
        if isLogarithmic { (style.yScale, style.colorScale) = (.logarithmic, .logarithmic) }
    }

    /// Returns the statement for these runs.
    func sql(of runs: [Int]) -> String {
        sql.replacingOccurrences(of: "RUNS", with: "run_id IN (\(runs.commaSeparated))")
    }

    /// Returns the statement for what was measured within some steps of each run.
    func sql(within steps: [Int: ClosedRange<Int>]) -> String {
        let conditions = steps.sorted { $0.key < $1.key }.map { run, steps in
            "run_id = \(run) AND step BETWEEN \(steps.lowerBound) AND \(steps.upperBound)"
        }
        return sql.replacingOccurrences(of: "RUNS", with: "(\(conditions.joined(separator: " OR ")))")
    }

    /// Returns what the statement gives as a page draws it; nil if it gives no rows.
    func figure(_ statement: String, in file: ResultsFile) throws(ResultsError) -> Figure? {
        let rows = try file.query(statement)
        guard !rows.rows.isEmpty else { return nil }
        // Of its runs the page knows once for all pictures which are steady.
        let plot =
            try kind == .lines
            ? file.plotLines(of: rows, style: style, tellsUnsteady: false) : file.plotHeatMaps(of: rows, style: style)
        return plot.figure
    }

    /// Returns the figure of these runs; nil if they have no rows for it.
    ///
    /// - Parameter lastSteps: what is drawn of each run, since a run may write more while the page is made.
    func drawn(of runs: [Int], upTo lastSteps: [Int: Int], in file: ResultsFile) throws(ResultsError) -> DrawnFigure? {
        guard let figure = try figure(sql(within: lastSteps.mapValues { 0...max(0, $0) }), in: file) else { return nil }
        let statement = sql(of: runs)
        return DrawnFigure(
            id: id, title: title, sql: statement, command: command(statement, in: file), isOverSteps: isOverSteps,
            smooths: smooths, showsAll: showsAll, startsAtZero: style.startsAtZero, figure: figure)
    }

    /// Returns the command that draws the same rows; what the reader of the page chooses is not in it.
    private func command(_ statement: String, in file: ResultsFile) -> String {
        var words = ["bnexp", "plot", "--db", quotedForShell(file.path), "--sql", quotedForShell(statement)]
        if kind == .maps { words.append("--heat-map") }
        if style.yScale == .logarithmic { words.append(kind == .maps ? "--log-color" : "--log-y") }
        if style.startsAtZero { words += ["--y-min", "0"] }
        words += ["--title", quotedForShell(title)]
        if let label = style.xLabel { words += ["--x-label", quotedForShell(label)] }
        if let label = style.yLabel { words += ["--y-label", quotedForShell(label)] }
        if let label = style.valueLabel { words += ["--value-label", quotedForShell(label)] }
        return words.joined(separator: " ")
    }
}
