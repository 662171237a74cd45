import Foundation
import RunStore
import TestSupport
import Testing

/// What the reduced form of an experiment left, asked by the queries of its folder.
struct ExperimentResults {
    var name: String
    var printed: String
    private var folder: URL
    private var file: ResultsFile

    /// Runs `experiments/NAME/run.sh --quick` in an empty folder.
    init(runningQuick name: String, in folder: URL) throws {
        let result = try runQuickExperiment(name, in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
        self.name = name
        self.printed = result.output
        self.folder = folder.appendingPathComponent("out")
        file = try ResultsFile(reading: self.folder.appendingPathComponent("results.sqlite").path)
    }

    /// The value of a column in the only row of a query that meets a condition; not a number where there are others.
    func number(_ query: String, _ column: String, where condition: String) throws -> Double {
        let path = repository.appendingPathComponent("experiments/\(name)/queries/\(query).sql")
        let rows = try file.query(
            "SELECT CAST(\(column) AS REAL) FROM (\(String(contentsOf: path, encoding: .utf8))\n) WHERE \(condition)"
        ).rows
        guard rows.count == 1, case .number(let value) = rows[0][0] else {
            Issue.record("\(name), \(query), \(condition): \(rows)")
            return .nan
        }
        return value
    }

    /// Tables were printed and written, and figures have lines.
    func expect(tables: [String], figures: [String]) throws {
        for table in tables {
            let text = try String(contentsOf: folder.appendingPathComponent("\(table).txt"), encoding: .utf8)
            #expect(text.contains("--") && printed.contains(text), "\(table)")
        }
        for figure in figures {
            let text = try String(contentsOf: folder.appendingPathComponent("\(figure).svg"), encoding: .utf8)
            #expect(text.hasPrefix("<svg") && text.contains("<polyline") && text.utf8.count < 200_000, "\(figure)")
        }
    }
}
