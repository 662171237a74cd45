import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/learning_rate_range/run.sh --quick`: batch normalization trains at rates at which networks without it
/// diverge.
@Suite struct ExperimentLearningRateRangeTests {
    @Test func batchNormalizationWidensTheRangeOfRates() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("learning_rate_range", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.output.contains("first_diverged"))

            let query = try String(
                contentsOf: repository.appendingPathComponent("experiments/learning_rate_range/queries/by_rate.sql"),
                encoding: .utf8)
            let results = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path)
            #expect(try results.query(query).rows.count == 68)
            func value(_ sql: String) throws -> Double {
                guard
                    case .number(let number) = try results.query("WITH by_rate AS (\(query)) SELECT 1.0 * (\(sql))")
                        .rows[0][0]
                else { return .nan }
                return number
            }
            func accuracy(_ activation: String, _ normalization: String, _ rate: Double) throws -> Double {
                try value(
                    """
                    SELECT accuracy FROM by_rate WHERE activation = '\(activation)' AND depth = 3 AND normalization = '\(normalization)'
                        AND abs(rate - \(rate)) < 1e-6
                    """)
            }
            // At 1 and above ReLU networks learn with batch normalization only; at 0.1 so do sigmoid networks, which
            // without it learn slowly at any rate.
            #expect(try accuracy("ReLU", "BN", 1) > 0.9)
            #expect(try accuracy("ReLU", "none", 1) < 0.5)
            #expect(try accuracy("ReLU", "none", 0.1) > 0.9)
            #expect(try accuracy("sigmoid", "BN", 0.1) > 0.85)
            #expect(try accuracy("sigmoid", "none", 0.1) < 0.3)
            // Divergence is recorded, and first without normalization.
            #expect(
                try value("SELECT sum(diverged) FROM by_rate WHERE normalization = 'none' AND activation = 'ReLU'") >= 3
            )
            #expect(try value("SELECT sum(diverged) FROM by_rate WHERE normalization = 'BN' AND rate < 11") == 0)

            for name in ["accuracy", "diverged", "depth"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8).hasPrefix(
                        "<svg"), "\(name)")
            }
            for name in ["range", "by_rate"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).txt"), encoding: .utf8).contains(
                        "ReLU"), "\(name)")
            }
        }
    }
}
