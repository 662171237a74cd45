import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/ioffe_szegedy_2015/run.sh --quick`: what figure 1 of the paper shows is seen on the embedded digits
/// too.
@Suite struct ExperimentIoffeSzegedy2015Tests {
    @Test func theReducedFormShowsWhatTheFigureShows() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("ioffe_szegedy_2015", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            for (name, columns) in [
                ("accuracy", "variant  step"), ("speed", "threshold  steps_with_BN"), ("shift", "since  variant"),
            ] {
                let table = try String(contentsOf: folder.appendingPathComponent("out/\(name).txt"), encoding: .utf8)
                #expect(table.hasPrefix(columns) && result.output.contains(table), "\(result.output)")
            }
            for (name, line) in [("accuracy", "without BN"), ("inputs", "85th percentile")] {
                let figure = try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8)
                #expect(figure.hasPrefix("<svg") && figure.contains(line) && figure.utf8.count < 200_000, "\(name)")
            }

            let results = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path)
            func value(_ query: String, _ column: String, _ condition: String) throws -> Double {
                let file = repository.appendingPathComponent("experiments/ioffe_szegedy_2015/queries/\(query).sql")
                let rows = try results.query(
                    "SELECT CAST(\(column) AS REAL) FROM (\(String(contentsOf: file, encoding: .utf8))\n) WHERE "
                        + "\(condition)"
                ).rows
                guard rows.count == 1, case .number(let value) = rows[0][0] else {
                    Issue.record("\(query), \(condition): \(rows)")
                    return .nan
                }
                return value
            }
            // Figure 1(a): faster, 100 steps beside 1,760, and to a higher accuracy, 0.884 beside 0.828 at most.
            #expect(
                try 5 * value("speed", "steps_with_BN", "threshold = 0.8")
                    < value("speed", "steps_without", "threshold = 0.8"))
            #expect(
                try value("accuracy", "least", "step = 2000 AND variant = 'BN'") > 0.03
                    + value("accuracy", "largest", "step = 2000 AND variant = 'none'"))
            // Figure 1(b, c): without normalization the width grows 25 times and the median moves by more than half of
            // it.
            func shift(_ column: String, _ variant: String) throws -> Double {
                try value("shift", column, "since = '10 %' AND variant = '\(variant)'")
            }
            #expect(try shift("widest_by_narrowest", "BN") < 1.5 && shift("widest_by_narrowest", "none") > 10)
            #expect(try shift("\"range\"", "BN") < 0.1 && shift("\"range\"", "none") > 0.3)
            #expect(try 3 * shift("jump", "BN") < shift("jump", "none"))
            #expect(try shift("sigmoids", "BN") == 20 && shift("sigmoids", "none") == 20)
        }
    }
}
