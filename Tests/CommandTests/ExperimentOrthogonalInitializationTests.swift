import Foundation
import TestSupport
import Testing

/// `experiments/orthogonal_initialization/run.sh --quick`: with orthogonal weights gradients of linear networks do not
/// grow with depth, and rows become orthogonal.
@Suite struct ExperimentOrthogonalInitializationTests {
    @Test func orthogonalWeightsKeepGradientsBounded() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "orthogonal_initialization", in: folder)
            func value(_ column: String, _ activation: String, _ weights: String, _ depth: Int) throws -> Double {
                try results.number(
                    "depth", column,
                    where: "activation = '\(activation)' AND weights = '\(weights)' AND depth = \(depth)")
            }
            func growth(_ activation: String, _ weights: String) throws -> Double {
                try value("log_gradient_norm", activation, weights, 100)
                    - value("log_gradient_norm", activation, weights, 5)
            }
            // On all of MNIST 0.00, 0.3 and 8.
            #expect(try abs(growth("identity", "orthogonal")) < 0.1)
            #expect(try abs(growth("identity", "orthogonal, centred")) < 0.1)
            #expect(try growth("identity", "normal") > 0.2)
            #expect(try growth("tanh", "orthogonal") > 5)
            #expect(
                try value("isometry_gap", "identity", "orthogonal", 100)
                    < 0.7 * value("isometry_gap", "identity", "orthogonal", 5))
            #expect(
                try value("soft_rank", "identity", "orthogonal", 100)
                    > 3 * value("soft_rank", "identity", "normal", 100))
            try results.expect(tables: ["depth"], figures: ["gradient_by_depth", "isometry_by_depth"])
        }
    }
}
