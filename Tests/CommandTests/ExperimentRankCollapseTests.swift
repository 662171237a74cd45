import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/rank_collapse/run.sh --quick`: ranks collapse with depth, but not under batch normalization, where they
/// grow as the root of the width.
@Suite struct ExperimentRankCollapseTests {
    @Test func batchNormalizationKeepsTheRank() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("rank_collapse", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            let results = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path)

            let ranks = try results.query(try query("rank")).rows
            #expect(ranks.count == 2 * 3 * 3)
            for row in ranks {
                guard case .text(let activation) = row[0], case .text(let variant) = row[1],
                    case .integer(let width) = row[2], case .number(let rank) = row[3]
                else {
                    Issue.record("\(row)")
                    continue
                }
                if variant == "none" {
                    // 128 layers are many times the width: one direction is left. At 32 units of identity the second
                    // still counts a little.
                    #expect(rank < (width == 32 && activation == "identity" ? 1.6 : 1.05), "\(row)")
                } else if variant == "BN" {
                    #expect(rank > 0.6 * Double(width).squareRoot(), "\(row)")
                }
            }

            let slopes = try results.query(try query("rank_by_width")).rows
            #expect(slopes.count == 6)
            for row in slopes where row[0] == .text("identity") && row[1] != .text("none") {
                guard case .number(let slope) = row[7] else {
                    Issue.record("\(row)")
                    continue
                }
                // 0.58 over widths to 128 and 0.61 over the first three; near 1/2, and far from 0 (no growth) and 1
                // (full rank).
                #expect(slope > 0.4 && slope < 0.75, "\(row)")
            }

            #expect(try results.query(try query("training")).rows.count == 6)

            // By the tolerance of float32 a plain network of PyTorch's initialization has rank 1 from layer 14 on; at
            // the scale of He's it keeps most of its rank.
            func rank(_ network: String, _ column: String) throws -> Double {
                let sql = try "SELECT \(column) FROM (\(query("rank_by_layer"))) WHERE network = '\(network)'"
                guard case .number(let value) = try results.query(sql).rows.first?.first else { return .nan }
                return value
            }
            #expect(try abs(rank("none, pytorch", "layer_2") - 101) < 12 && rank("none, pytorch", "layer_14") < 3)
            #expect(try rank("none, pytorch x 2.449", "layer_14") > 60)
            #expect(try rank("BN, pytorch", "layer_32") == 128)
            // 100 steps at a small rate: nothing is learned from PyTorch's initialization, and something from others.
            let accuracies = try results.query(
                "SELECT initialization, width, test_accuracy FROM (\(query("initialization"))) WHERE variant = 'none'"
            ).rows
            #expect(accuracies.count == 6)
            for row in accuracies {
                guard case .text(let initialization) = row[0], case .number(let accuracy) = row[2] else {
                    Issue.record("\(row)")
                    continue
                }
                #expect(initialization == "pytorch" ? accuracy < 0.15 : accuracy > 0.2, "\(row)")
            }
            for name in ["rank", "rank_by_width", "rank_by_layer", "training", "initialization"] {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/\(name).txt").path),
                    "\(name)")
            }
            for name in ["rank_by_layer", "rank_by_width", "accuracy_by_depth", "authors_rank"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8).contains(
                        "<polyline"), "\(name)")
            }
        }
    }

    private func query(_ name: String) throws -> String {
        try String(
            contentsOf: repository.appendingPathComponent("experiments/rank_collapse/queries/\(name).sql"),
            encoding: .utf8)
    }
}
