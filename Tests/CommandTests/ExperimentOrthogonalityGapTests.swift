import Foundation
import TestSupport
import Testing

/// `experiments/orthogonality_gap/run.sh --quick`: the gap falls with depth to a value that falls with the root of the
/// width, and is that of the authors' figure.
@Suite struct ExperimentOrthogonalityGapTests {
    @Test func theGapIsThatOfTheFigure() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "orthogonality_gap", in: folder)
            func gap(_ column: String, _ width: Int) throws -> Double {
                try results.number("gap", column, where: "width = \(width)")
            }
            // One row outweighs the others: the gap is sqrt(1 - 1/4).
            let first: Double = 0.5 * log(0.75)
            #expect(try abs(gap("layer_1", 32) - first) < 1e-4)
            #expect(try abs(gap("deep", 32) + 1.6) < 0.1)
            // From 16 to 128 units the gap falls by the root of 8.
            let root: Double = 0.5 * log(8)
            let fall: Double = try gap("deep", 16) - gap("deep", 128)
            #expect(abs(fall - root) < 0.15)
            func cosine(_ variant: String, _ column: String) throws -> Double {
                try results.number("cosine", column, where: "variant = '\(variant)'")
            }
            #expect(try cosine("BN", "layer_1") > 0.99 && cosine("BN", "layer_50") < 0.16)
            #expect(try cosine("none", "layer_1") < 0.2 && cosine("none", "layer_50") > 0.5)
            try results.expect(tables: ["gap", "cosine"], figures: ["gap_by_layer", "gap_by_width", "cosine"])
        }
    }

    @Test func itTakesNoData() throws {
        try withTemporaryFolder { folder throws in
            let script = repository.appendingPathComponent("experiments/orthogonality_gap/run.sh").path
            let result = try run(
                ["/bin/bash", script, "--data", "mine.h5"], in: folder, environment: ["BNEXP": binary.path])
            #expect(result.exitCode == 64 && result.errors.contains("makes its own data"), "\(result.errors)")
        }
    }
}
