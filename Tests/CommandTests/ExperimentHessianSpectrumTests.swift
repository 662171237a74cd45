import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/hessian_spectrum/run.sh --quick`: without batch normalization a few eigenvalues stand out, with it less.
@Suite struct ExperimentHessianSpectrumTests {
    @Test func outliersStandOut() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("hessian_spectrum", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            let file = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path)
            func query(_ name: String) throws -> String {
                try String(
                    contentsOf: repository.appendingPathComponent("experiments/hessian_spectrum/queries/\(name).sql"),
                    encoding: .utf8)
            }
            let last = try file.query(
                "WITH answer AS (\(query("outliers"))) SELECT variant, largest, by_20th FROM answer WHERE step = 400"
            ).rows
            #expect(last.count == 2)
            for row in last {
                guard case .number(let largest) = row[1], case .number(let ratio) = row[2] else {
                    Issue.record("\(row)")
                    continue
                }
                #expect(largest > 0 && ratio > 2, "\(row)")
            }
            // Each probe's weights are shares.
            let wrong = try file.query(
                "SELECT count(*) FROM (SELECT sum(weight) AS s FROM hessian_density GROUP BY run_id, step, probe) WHERE "
                    + "abs(s - 1) > 1e-9"
            ).rows
            #expect(wrong == [[.integer(0)]])
            for name in ["eigenvalues", "density"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8).contains(
                        "<polyline"), "\(name)")
            }
        }
    }
}
