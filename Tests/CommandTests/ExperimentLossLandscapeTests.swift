import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/loss_landscape/run.sh --quick`: batch normalization does not reduce internal covariate shift, and noise after it does not stop training.
@Suite struct ExperimentLossLandscapeTests {
    @Test func batchNormalizationShiftsGradientsMoreAndTrainsFasterAlsoWithNoise() throws {
        try withTemporaryFolder { folder throws in
            let script = repository.appendingPathComponent("experiments/loss_landscape/run.sh").path
            let result = try run(["/bin/bash", script, "--quick", "--jobs", "2", "--output", "out"], in: folder, environment: ["BNEXP": binary.path])
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
                return try number("WITH answer AS (\(String(contentsOf: path, encoding: .utf8))) SELECT \(column) FROM answer WHERE \(condition)")
            }

            // TODO
            for name in [
                "loss", "gradient_change", "smoothness", "shift_cosine_loss-landscape", "shift_distance_loss-landscape", "shift_cosine_deep-linear",
                "shift_distance_deep-linear",
            ] {
                #expect(try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8).contains("<polyline"), "\(name)")
            }
            for name in ["landscape", "covariate_shift", "accuracy"] {
                #expect(try String(contentsOf: folder.appendingPathComponent("out/\(name).txt"), encoding: .utf8).contains("BN"), "\(name)")
            }
        }
    }
}
