import Foundation
import TestSupport
import Testing

/// `experiments/residual_batch_norm/run.sh --quick`: normalized residual networks keep their rank, and the variance on
/// their skip path grows by 1 a block.
@Suite struct ExperimentResidualBatchNormTests {
    @Test func ranksAreKeptAndVariancesGrowLinearly() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "residual_batch_norm", in: folder)
            func rank(_ variant: String, _ gamma: Double, _ width: Int) throws -> Double {
                try results.number(
                    "rank", "layer_512", where: "variant = '\(variant)' AND gamma = \(gamma) AND width = \(width)")
            }
            for width in [8, 16, 32] {
                #expect(try rank("BN", 0.1, width) > Double(width).squareRoot() / 2)
                #expect(try rank("none", 0.1, width) < 1.6)
            }
            #expect(try results.number("rank_by_width", "slope", where: "variant = 'BN' AND gamma = 0.1") > 0.4)

            func variance(_ column: String, _ variant: String, _ block: Int) throws -> Double {
                try results.number("variance", column, where: "variant = '\(variant)' AND block = \(block)")
            }
            for block in [4, 64] {
                // The sums over 256 units and rows of one seed.
                let ratio = try variance("variance", "BN", block) / variance("formula", "BN", block)
                #expect(abs(ratio - 1) < 0.15, "\(ratio)")
            }
            #expect(try abs(log2(variance("variance", "none", 64) / variance("formula", "none", 64))) < 10)
            #expect(try variance("branch_share", "BN", 64) < 0.025)
            // Blocks that start as the identity: the variance of the first layer, bit for bit.
            for variant in ["SkipInit", "Fixup"] {
                #expect(try variance("variance", variant, 64) == variance("variance", variant, 0))
            }
            for (variant, layers) in [("BN", 33), ("SkipInit", 129), ("Fixup", 129)] {
                let condition = "variant = '\(variant)' AND layers = \(layers)"
                #expect(try results.number("training", "accuracy", where: condition) > 0.3, "\(condition)")
            }
            try results.expect(
                tables: ["rank", "rank_by_width", "variance", "training"],
                figures: ["rank_by_layer", "variance_by_block"])
        }
    }
}
