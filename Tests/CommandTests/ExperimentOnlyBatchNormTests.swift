import Foundation
import TestSupport
import Testing

/// `experiments/only_batch_norm/run.sh --quick`: gamma and beta alone teach a random network, better than its output
/// layer does.
@Suite struct ExperimentOnlyBatchNormTests {
    @Test func gammaAndBetaTeachARandomNetwork() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "only_batch_norm", in: folder)
            func value(_ column: String, _ trained: String, _ width: Int, _ depth: Int) throws -> Double {
                try results.number(
                    "accuracy", column, where: "trained = '\(trained)' AND width = \(width) AND depth = \(depth)")
            }
            #expect(try value("test_accuracy", "gamma, beta", 128, 4) > 0.6)
            #expect(try value("test_accuracy", "all", 128, 4) > value("test_accuracy", "gamma, beta", 128, 4))
            #expect(try value("parameters", "gamma, beta", 128, 4) == 1024)
            #expect(try value("parameters", "output layer", 128, 4) == 1290)
            // 784 x 128 + 3 x 128 x 128 weights, 1,024 of gamma and beta, 1,290 of the output layer.
            #expect(try value("parameters", "all", 128, 4) == 151_818)
            try results.expect(tables: ["accuracy"], figures: ["accuracy_by_width", "accuracy_by_depth"])
        }
    }
}
