import Foundation
import TestSupport
import Testing

/// `experiments/neural_collapse/run.sh --quick`: after the last training row is right, the numbers of the collapse go on falling.
@Suite struct ExperimentNeuralCollapseTests {
    @Test func classesCollapse() throws {
        try withTemporaryFolder { folder throws in
            let results = try ExperimentResults(runningQuick: "neural_collapse", in: folder)
            for variant in ["BN", "none"] {
                func number(_ column: String, _ phase: String) throws -> Double {
                    try results.number("collapse", column, where: "variant = '\(variant)' AND phase = '\(phase)'")
                }
                for column in ["nc1", "nc3", "angles"] {
                    let start = try number(column, "initialization"), end = try number(column, "end")
                    #expect(end < start && end > 0, "\(variant), \(column): \(start), \(end)")
                }
                #expect(try number("nc4", "end") < 0.05)
                #expect(try number("test_accuracy", "end") > 0.9)
            }
            try results.expect(tables: ["collapse"], figures: ["collapse"])
        }
    }
}
