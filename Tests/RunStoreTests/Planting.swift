import Foundation
import GRDB
import RunStore
import TestSupport
import Training

/// Changes a results file behind the back of bnexp.
///
/// Foreign keys are not enforced.
func plant(_ sql: String, in path: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    try DatabaseQueue(path: path, configuration: configuration).inDatabase { try $0.execute(sql: sql) }
}

/// The number of a process that has ended and was waited for.
func goneProcess() throws -> Int {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return Int(process.processIdentifier)
}

extension ResultsFile {
    /// A run of a process, with rows at the steps given; it stays running unless a status is given.
    @discardableResult
    func addRun(
        _ name: String, uuid: String = UUID().uuidString.lowercased(), host: String = "elsewhere", pid: Int = 1,
        startedAt: Date = Date(), steps: [Int] = [0, 5],
        loss: Double = 1, status: RunStatus? = .finished, lastStep: Int? = nil, seed: Int = 0
    ) throws -> RunReference {
        let writer = try beginRun(
            runRecord(name, uuid: uuid), attempt: AttemptRecord(host: host, pid: pid, startedAt: startedAt),
            parameters: [("seed", .integer(seed))],
            layers: [
                LayerRecord(
                    layer: 0, kind: "linear", inputs: 1, outputs: 1, activation: "relu", normalization: "none",
                    parameterCount: 1, isScaleInvariant: false)
            ], tags: ["t"])
        for step in steps { try writer.append(trainingStep(step, loss: loss)) }
        try writer.flush()
        if let status {
            try writer.finish(
                status: status, exitReason: nil, lastStep: lastStep ?? steps.max() ?? 0, peakMemoryBytes: 1,
                phases: [PhaseRecord(phase: .train, wallSeconds: 1, cpuSeconds: 1)])
        }
        return try findRun("\(writer.runID)")
    }
}

/// A new results file in a folder of its own.
func withResultsFile(_ body: (ResultsFile, URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
        try body(try ResultsFile(writing: folder.appendingPathComponent("r.sqlite").path), folder)
    }
}
