import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/loss_landscape/run.sh --quick`: batch normalization smooths the loss along the gradient, does not
/// reduce internal covariate shift at small rates, and stands noise.
@Suite struct ExperimentLossLandscapeTests {
    @Test func theLossIsSmootherButGradientsShiftMore() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("loss_landscape", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            let file = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path)
            func number(_ sql: String) throws -> Double {
                switch try file.query(sql).rows.first?.first {
                case .number(let value)?: value
                case .integer(let value)?: Double(value)
                default: .nan
                }
            }
            func answer(_ query: String, _ column: String, _ condition: String) throws -> Double {
                let path = repository.appendingPathComponent("experiments/loss_landscape/queries/\(query).sql")
                return try number(
                    "WITH answer AS (\(String(contentsOf: path, encoding: .utf8))) SELECT \(column) FROM answer WHERE "
                        + "\(condition)"
                )
            }

            // Along the gradient (figure 4): at 0.1 the loss and the gradient vary several times as much without batch
            // normalization.
            func median(_ variant: String, _ quantity: String) throws -> Double {
                try answer(
                    "landscape", "median",
                    "network LIKE '5%' AND learning_rate = 0.1 AND variant = '\(variant)' AND quantity = '\(quantity)'")
            }
            #expect(try median("none", "range of the loss") > 3 * median("BN", "range of the loss"))
            #expect(
                try median("none", "largest change of the gradient") > 3
                    * median("BN", "largest change of the gradient"))
            #expect(try median("none", "effective beta-smoothness") > 1.3 * median("BN", "effective beta-smoothness"))

            // Covariate shift (figure 3): at small rates batch normalization has more of it.
            func shift(_ network: String, _ rate: Double, _ variant: String, _ column: String) throws -> Double {
                try answer(
                    "covariate_shift", column,
                    "network = '\(network)' AND learning_rate = \(rate) AND steps = 'all' AND variant = '\(variant)'")
            }
            for (network, rate) in [("5 x 100 ReLU", 0.01), ("25 linear", 0.001)] {
                #expect(
                    try shift(network, rate, "BN", "distance") > 1.3 * shift(network, rate, "none", "distance"),
                    "\(network)")
                #expect(try shift(network, rate, "BN", "cosine") < shift(network, rate, "none", "cosine"), "\(network)")
            }

            // Noise after it (figure 2) does not undo it: by the batches' moments the network is as accurate.
            func accuracy(_ variant: String, _ column: String) throws -> Double {
                try answer("accuracy", column, "learning_rate = 0.1 AND variant = '\(variant)'")
            }
            #expect(try abs(accuracy("noisy BN", "by_batch_moments") - accuracy("BN", "by_batch_moments")) < 0.03)
            #expect(try accuracy("BN", "test_accuracy") > accuracy("none", "test_accuracy"))

            for name in [
                "loss", "gradient_change", "smoothness", "shift_cosine_loss-landscape", "shift_distance_loss-landscape",
                "shift_cosine_deep-linear",
                "shift_distance_deep-linear",
            ] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8).contains(
                        "<polyline"), "\(name)")
            }
            for name in ["landscape", "covariate_shift", "accuracy"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).txt"), encoding: .utf8).contains(
                        "BN"), "\(name)")
            }
        }
    }
}
