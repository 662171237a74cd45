import Foundation
import TestSupport
import Testing

/// `experiments/adversarial_batch_norm/run.sh --quick`: attacks do more than noise of the same size, and more with a larger
/// epsilon.
@Suite struct ExperimentAdversarialBatchNormTests {
    @Test func attacksLowerTheAccuracy() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "adversarial_batch_norm", in: folder)
            for variant in ["none", "BN", "LN"] {
                func accuracy(_ perturbation: String, _ size: Double, _ column: String = "accuracy") throws -> Double {
                    try results.number(
                        "robustness", column,
                        where:
                            "variant = '\(variant)' AND l2 = 0 AND mode = 'running' AND perturbation = '\(perturbation)' "
                            + "AND size = \(size)")
                }
                let clean = try accuracy("pgd", 0.05, "clean_accuracy")
                #expect(clean > 0.88, "\(variant)")
                #expect(try accuracy("pgd", 0.025) < clean - 0.05, "\(variant)")
                #expect(try accuracy("pgd", 0.05) < accuracy("pgd", 0.025) - 0.05, "\(variant)")
                #expect(try accuracy("pgd", 0.1) <= accuracy("fgsm", 0.1), "\(variant)")
                #expect(try accuracy("gaussian", 0.25) > accuracy("fgsm", 0.1), "\(variant)")
            }
            try results.expect(tables: ["robustness"], figures: ["pgd"])
        }
    }
}
