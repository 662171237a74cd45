import Foundation
import TestSupport
import Testing

/// `experiments/loss_landscape/run.sh --quick`: what it finds at the first steps, where the seeds agree, and what it writes.
@Suite struct ExperimentLossLandscapeTests {
    @Test func batchNormalizationDoesNotReduceCovariateShift() throws {
        try withTemporaryFolder { folder in
            let script = repository.appendingPathComponent("experiments/loss_landscape/run.sh").path
            let result = try run([script, "--quick", "--output", "out"], in: folder, environment: ["BNEXP": binary.path])
            #expect(result.exitCode == 0, "\(result.errors)")
        }
    }
}
