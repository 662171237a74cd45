import Foundation
import RunStore
import TestSupport
import Testing

/// `experiments/edge_of_stability/run.sh --quick`: the largest eigenvalue comes to 2 / learning rate and stays there.
@Suite struct ExperimentEdgeOfStabilityTests {
    @Test func theSharpnessRisesToTheEdge() throws {
        try withTemporaryFolder { folder throws in
            let result = try runQuickExperiment("edge_of_stability", in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            let query = try String(
                contentsOf: repository.appendingPathComponent("experiments/edge_of_stability/queries/edge.sql"),
                encoding: .utf8)
            let rows = try ResultsFile(reading: folder.appendingPathComponent("out/results.sqlite").path).query(query)
                .rows
            #expect(rows.count == 6)
            var reached = 0
            for row in rows {
                guard case .text(let variant) = row[0], case .number(let start) = row[2],
                    case .number(let mean) = row[3]
                else {
                    Issue.record("\(row)")
                    continue
                }
                // What starts above the edge falls below it, and comes back to it from below.
                guard ["none", "BN"].contains(variant), start > 1.5 else { continue }
                reached += 1
                #expect(mean > 0.9 && mean < 1.25, "\(row)")
            }
            #expect(reached >= 4)
            for name in ["sharpness", "loss", "adaptive"] {
                #expect(
                    try String(contentsOf: folder.appendingPathComponent("out/\(name).svg"), encoding: .utf8).contains(
                        "<polyline"), "\(name)")
            }
        }
    }
}
