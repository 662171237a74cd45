import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/course_studies/run.sh --quick`: the statements that its README makes hold on the embedded digits too.
@Suite struct ExperimentCourseStudiesTests {
    @Test func theReducedFormShowsWhatTheStudiesShow() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("course_studies", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(
                result.output.contains("validation accuracy     10") && result.output.contains("final training loss"),
                "\(result.output)")
            for name in ["depth.txt", "weight_scale.txt", "batch_size.txt"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name)"), encoding: .utf8).contains(
                        "seeds\n---"))
            }
            for name in [
                "depth_loss", "depth_accuracy", "weight_scale_accuracy", "weight_scale_loss", "batch_size_BN",
                "batch_size_LN",
            ] {
                let figure = try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8)
                #expect(
                    figure.hasPrefix("<svg") && figure.contains("<polyline") && figure.utf8.count < 200_000, "\(name)")
            }

            let results = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path)
            func value(_ query: String, _ condition: String) throws -> Double {
                let file = repository.appendingPathComponent("experiments/course_studies/queries/\(query).sql")
                let rows = try results.query(
                    "SELECT mean FROM (\(String(contentsOf: file, encoding: .utf8))\n) WHERE \(condition)"
                ).rows
                guard rows.count == 1, case .number(let mean) = rows[0][0] else {
                    Issue.record("\(condition): \(rows)")
                    return .nan
                }
                return mean
            }
            // With batch normalization the deep network is ahead from the first epoch on: 0.73 beside 0.40.
            func depth(_ variant: String) throws -> Double {
                try value("depth", "quantity = 'validation accuracy' AND epoch = 1 AND variant = '\(variant)'")
            }
            #expect(try depth("BN") > depth("none") + 0.15)
            // Without it, small weights never learn, and large ones end with a loss of millions.
            func accuracy(_ variant: String) throws -> Double {
                try value(
                    "weight_scale",
                    "quantity = 'best validation accuracy' AND weight_scale = 1e-4 AND variant = '\(variant)'")
            }
            #expect(try accuracy("BN") > 0.4 && accuracy("none") < 0.2)
            func loss(_ variant: String) throws -> Double {
                try value(
                    "weight_scale", "quantity = 'final training loss' AND weight_scale = 1 AND variant = '\(variant)'")
            }
            #expect(try loss("BN") < 10 && loss("none") > 1000)
            // Batches of 5 learn worse than batches of 50 with batch normalization, and not so with layer
            // normalization.
            func batch(_ variant: String, _ size: Int) throws -> Double {
                try value(
                    "batch_size",
                    "split = 'training' AND epoch = 10 AND variant = '\(variant)' AND batch_size = \(size)")
            }
            #expect(try batch("BN", 5) < batch("BN", 50) - 0.02)
            #expect(try batch("LN", 5) > batch("BN", 5))
        }
    }
}
