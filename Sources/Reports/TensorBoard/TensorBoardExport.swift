import Foundation
import RunStore
import Support

/// Runs as event files of TensorBoard: a folder for each run, with one file in it.
///
/// Rows pass through one at a time, so that the length of a run does not matter. Numbers become 32-bit floats, as
/// TensorBoard has them.
package struct TensorBoardExport {
    private let file: ResultsFile
    private let tables: [String]
    private let hyperparameters: HyperparameterSet

    /// - Parameter tables: whose rows; empty for those of all tables.
    package init(_ runs: [RunReference], tables: [String], in file: ResultsFile) throws {
        self.file = file
        self.tables = tables
        let evaluated = try file.query(
            """
            SELECT DISTINCT split, mode, accuracy IS NOT NULL FROM evaluation
            WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY split = 'train', split, mode DESC, 3
            """, [runs.map(\.id).sqlList]
        ).rows
        let metrics = ["accuracy", "loss"].flatMap { metric in
            evaluated.filter { metric == "loss" || $0[2] == .integer(1) }.map {
                curveName(table: "evaluation", keys: [("split", $0[0]), ("mode", $0[1])], column: metric)
            }
        }
        hyperparameters = try HyperparameterSet(
            runs, metrics: metrics.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } + ["training/loss"],
            in: file)
    }

    /// Where a run's file belongs in the folder of the export; the name is that of this run alone.
    package func path(of run: RunReference) throws -> String {
        let name = String(run.name.prefix(80).map { $0.isLetter || $0.isNumber || "._-+=,".contains($0) ? $0 : "_" })
        let folder = "\(name.hasPrefix(".") ? "_" : "")\(name)-\(run.uuid.prefix(8))"
        return try "\(folder)/events.out.tfevents.\(Int(moments(of: run).start)).bnexp"
    }

    /// Writes the file of a run.
    package func write(_ run: RunReference, to path: String) throws {
        let (start, end, status) = try moments(of: run)
        let bins = try file.parameters(ofRun: Int64(run.id))
        let events = try EventFile(path: path, time: start)
        try events.write(time: start, step: 0, summary: hyperparameters.start(of: run, time: start))
        var fields: [Field] = []
        var time = start, summary = ProtocolMessage()
        try file.forEachStep(
            of: run, tables: tables,
            start: { fields = $0.map { Field($0, bins) } },
            { row in
                time = row.time ?? time
                summary.removeAll()
                for (field, value) in zip(fields, row.values) { field.add(value, to: &summary) }
                if !summary.bytes.isEmpty { try events.write(time: time, step: row.step, summary: summary) }
            })
        if let end {
            try events.write(
                time: end, step: 0, summary: hyperparameters.end(isSuccess: status == .finished, time: end))
        }
        try events.finish()
    }

    /// When a run began and ended, in seconds since 1970.
    private func moments(of run: RunReference) throws -> (start: Double, end: Double?, status: RunStatus) {
        let row = try file.query(
            "SELECT \(sqlSeconds("created_at")), \(sqlSeconds("finished_at")) FROM run WHERE id = ?", [.integer(run.id)]
        ).rows.first
        return (row?[0].double ?? 0, row?[1].double, try file.status(ofRun: run.id))
    }
}

/// How the values of a column are written.
private enum Field {
    case scalar(ScalarField)
    case histogram(HistogramField)

    /// - Parameter settings: those of the run, which say where the bins of histograms are.
    init(_ column: MeasuredColumn, _ settings: [String: SQLValue]) {
        let tag = curveName(table: column.table, keys: column.keys, column: column.column)
        if column.table == "histogram", let minimum = settings["logging.histograms.minimum"]?.double,
            let maximum = settings["logging.histograms.maximum"]?.double
        {
            self = .histogram(HistogramField(tag: tag, minimum: minimum, maximum: maximum))
        } else {
            self = .scalar(ScalarField(tag: tag))
        }
    }

    /// Adds a value; texts, such as the vectors of units, are no curves.
    func add(_ value: SQLValue, to summary: inout ProtocolMessage) {
        switch (self, value) {
        case (.scalar(let field), _):
            if let number = value.double { field.add(number, to: &summary) }
        case (.histogram(let field), _):
            if let counts = value.list { field.add(counts, to: &summary) }
        }
    }
}
