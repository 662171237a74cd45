import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/gradient_explosion/run.sh --quick`: the measured growth per layer is that of the formulas.
@Suite struct ExperimentGradientExplosionTests {
    @Test func gradientsGrowAsTheFormulasSay() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("gradient_explosion", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.output.contains("difference_percent"))
            let query = try String(
                contentsOf: repository.appendingPathComponent("experiments/gradient_explosion/queries/factor.sql"),
                encoding: .utf8)
            let rows = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path).query(query)
                .rows
            #expect(rows.count == 20)
            for row in rows {
                guard case .text(let variant) = row[0], case .integer(let batch) = row[1],
                    case .number(let measured) = row[2], case .number(let limit) = row[3]
                else {
                    Issue.record("\(row)")
                    continue
                }
                // 20 seeds of 128 units: below B = 6 the factor's variance is infinite.
                #expect(abs(measured / limit - 1) < (batch < 6 ? 0.08 : 0.03), "\(row)")
                // Worked by hand: (5 - 2) / (5 - 3), and pi / (pi - 1) but for a term of the order 1 / B.
                if variant == "BN, identity", batch == 5 { #expect(limit == 1.5) }
                if variant == "BN, ReLU", batch == 256 { #expect(abs(limit - Double.pi / (Double.pi - 1)) < 0.01) }
            }
            for name in ["factor", "norm_by_layer"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8).contains(
                        "<polyline"), "\(name)")
            }
        }
    }
}
