import Foundation
import TestSupport
import Testing

/// `scripts/reproduce`: runs experiments and prints what they say of their papers.
@Suite struct ExperimentReproduceTests {
    private let script = repository.appendingPathComponent("scripts/reproduce").path

    @Test func theTableIsMadeOfResultsFiles() throws {
        try withTemporaryFolder { folder throws in
            let experiments = ["gradient_explosion", "orthogonality_gap"]
            let arguments = ["/bin/bash", script, "--quick", "--jobs", "2", "--output", "out"] + experiments
            let result = try run(arguments, in: folder, environment: ["BNEXP": binary.path])
            #expect(result.exitCode == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines.count > 2 + 6, "\(result.output)")
            #expect(lines.first?.hasPrefix("| paper | statement | published |") == true, "\(result.output)")
            let shown = try shownRows()
            for line in lines.dropFirst(2) {
                let cells = cells(of: line)
                try #require(cells.count == 7, "\(line)")
                #expect(cells[4] == "yes", "\(line)")
                #expect(experiments.contains { cells[5] == "`experiments/\($0)/run.sh --quick`" }, "\(line)")
                #expect(Double(cells[6]).map { $0 > 0 } == true, "\(line)")
                // The page has every claim, with the numbers of the full form.
                #expect(shown.contains { $0[0..<3] == cells[0..<3] }, "\(line)")
            }
            // Again: nothing is left to run, and the table is the same.
            let again = try run(arguments, in: folder, environment: ["BNEXP": binary.path])
            #expect(again.exitCode == 0 && again.output == result.output, "\(again.output)\(again.errors)")
        }
    }

    @Test func everyExperimentHasClaimsAndTheyAreShown() throws {
        let folder = repository.appendingPathComponent("experiments")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent("\($0)/run.sh").path)
        }
        let commands = Set(try shownRows().map { $0[5] })
        for name in names {
            let claims = folder.appendingPathComponent("\(name)/queries/claims.sql").path
            #expect(FileManager.default.fileExists(atPath: claims), "\(claims)")
            #expect(commands.contains("`experiments/\(name)/run.sh`"), "experiments/README.md has no claim of \(name)")
        }
        #expect(names.count >= 10)
    }

    @Test func anUnknownExperimentIsRefusedBeforeAnythingRuns() throws {
        try withTemporaryFolder { folder throws in
            let result = try run(
                ["/bin/bash", script, "--quick", "gradient_explosion", "rank_colapse"], in: folder,
                environment: ["BNEXP": binary.path])
            #expect(result.exitCode == 64)
            #expect(result.errors.contains("no experiment rank_colapse") && result.errors.contains("rank_collapse"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    /// The rows of the table of claims in experiments/README.md.
    private func shownRows() throws -> [[String]] {
        let page = try String(
            contentsOf: repository.appendingPathComponent("experiments/README.md"), encoding: .utf8)
        return page.split(separator: "\n").map { cells(of: String($0)) }.filter { $0.count == 7 }
    }

    private func cells(of line: String) -> [String] {
        line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }
}
