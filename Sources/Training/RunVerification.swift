import Foundation
import RunStore
import Support

/// A run that was trained again, compared with what the results file has of it.
package struct RunVerification: Sendable {
    package struct Part: Sendable {
        package let table: String
        package let rowCount: Int
        /// The first step at which the two differ; nil if they are the same bits.
        package let firstDifferentStep: Int?
        package let isIdentical: Bool
    }
    package private(set) var parts: [Part] = []
    /// Whether the rows are those that the run had when it ended; nil where that was not recorded.
    package let isAsRecorded: Bool?
    package var isIdentical: Bool { parts.allSatisfy(\.isIdentical) && isAsRecorded != false }

    /// Trains a run again from its first step, in a folder of its own, and compares every table.
    ///
    /// - Parameters:
    ///   - dataFile: where the run's data are now, if they have moved.
    ///   - folder: receives a results file.
    /// - Throws: `ResultsError` if the run has not ended.
    package init(
        _ run: RunReference, in results: ResultsFile, dataFile: String?, threads: Int, folder: String,
        hooks: RunHooks = RunHooks()
    ) throws {
        let status = try results.status(ofRun: run.id)
        guard status.hasEnded else {
            throw ResultsError(
                "run \(run.uuid) (\(run.name)) has not ended (\(status.rawValue)); finish it first, with bnexp run and "
                    + "--if-exists resume", cause: .request)
        }
        let withoutCheckpoints = ConfigOverride(path: ["checkpoint"], value: JSON(.null), source: "")
        let again = try ResultsFile(writing: (folder as NSString).appendingPathComponent("again.sqlite"))
        let outcome = try runExperiment(
            { try storedPlan(run, in: results, overrides: [withoutCheckpoints], dataFile: dataFile) }, results: again,
            environment: RunEnvironment(threads: threads, instructionSet: "verification", command: "verify"),
            hooks: hooks)
        guard outcome.status != .interrupted else { throw Failure(.stopped, "stopped before the run was verified") }
        let expected = try results.content(ofRun: Int64(run.id)), found = try again.content(ofRun: 1)
        isAsRecorded = try results.recordedContentHash(ofRun: Int64(run.id)).map { $0 == expected.hash }
        for name in Set((expected.tables + found.tables).map(\.name)).sorted() {
            let a = expected.tables.first { $0.name == name }, b = found.tables.first { $0.name == name }
            parts.append(
                Part(
                    table: name, rowCount: a?.rowCount ?? 0,
                    firstDifferentStep: a == b
                        ? nil : try RunVerification.firstDifferentStep(in: name, of: run, results, again),
                    isIdentical: a == b))
        }
    }

    private static func firstDifferentStep(
        in table: String, of run: RunReference, _ results: ResultsFile, _ again: ResultsFile
    ) throws -> Int? {
        let a = try results.measurements(in: table, ofRun: run.id), b = try again.measurements(in: table, ofRun: 1)
        guard let position = a.columns.firstIndex(of: "step") else { return nil }
        let differing = zip(a.rows, b.rows).first { $0 != $1 }?.0
        // Where one has more rows than the other, its first one that the other lacks.
        let row = differing ?? a.rows.dropFirst(b.rows.count).first ?? b.rows.dropFirst(a.rows.count).first
        if case .integer(let step)? = row?[position] { return step }
        return nil
    }
}
