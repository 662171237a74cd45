import Foundation
import TestSupport
import Testing

/// `experiments/exponential_rate/run.sh --quick`: weight decay and a growing rate give the same losses where the loss
/// does not depend on the scale of the weights, and others elsewhere.
@Suite struct ExperimentExponentialRateTests {
    @Test func decayIsAGrowingRate() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "exponential_rate", in: folder)
            func value(_ column: String, _ normalization: String) throws -> Double {
                try results.number("equivalence", column, where: "normalization = '\(normalization)'")
            }
            // Rounding of float64, which training amplifies: 2e-14, 1e-12 and 6e-7 on this machine.
            #expect(try value("largest_difference", "batch") < 1e-9)
            #expect(try value("largest_difference", "layer") < 1e-6)
            #expect(try value("difference_1000", "group") < 1e-2)
            #expect(try value("largest_difference", "none") > 0.1)
            // (1 - 0.001)^(-2 x 600 - 1) times the rate 0.1, and a weight longer by (1 - 0.001)^(-600).
            let growth: Double = pow(0.999, -600)
            let lastRate: Double = 0.1 * pow(0.999, -1201)
            let rateError: Double = try value("last_rate", "batch") / lastRate - 1
            #expect(abs(rateError) < 1e-9)
            let normRatio: Double = try value("growing_norm", "batch") / value("decay_norm", "batch")
            #expect(abs(normRatio / growth - 1) < 1e-6)
            try results.expect(tables: ["equivalence"], figures: ["loss", "difference", "norm"])
        }
    }
}
