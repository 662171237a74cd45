import Foundation
import TestSupport
import Testing

/// `experiments/small_batches/run.sh --quick`: batch normalization suffers from batches of two rows, and normalizations of
/// single rows do not.
@Suite struct ExperimentSmallBatchesTests {
    @Test func tinyBatchesHurtBatchNormalizationAlone() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "small_batches", in: folder)
            func accuracy(_ normalization: String, _ batch: Int, _ mode: String = "running") throws -> Double {
                try results.number(
                    "batch_sizes", "accuracy",
                    where: "normalization = '\(normalization)' AND batch_size = \(batch) AND mode = '\(mode)'")
            }
            #expect(try accuracy("batch", 2) < accuracy("batch", 16) - 0.05)
            #expect(try accuracy("layer", 2) > accuracy("batch", 2) + 0.05)
            #expect(try accuracy("group", 2) > accuracy("batch", 2) + 0.05)
            try results.expect(tables: ["batch_sizes", "ghost_sizes"], figures: ["batch_sizes"])
        }
    }
}
