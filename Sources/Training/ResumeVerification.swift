import Datasets
import Foundation
import RunStore
import Support

/// Two runs of one config, compared table by table and array by array.
package struct ResumeVerification: Sendable {
    package struct Part: Sendable {
        package let scenario: String
        /// A table of the results file, or `final weights`.
        package let part: String
        /// Rows, or values.
        package let count: Int
        package let isIdentical: Bool
    }
    package private(set) var parts: [Part] = []
    package var isIdentical: Bool { parts.allSatisfy(\.isIdentical) }

    /// Runs a config without interruption and twice with one, and compares.
    ///
    /// The first interrupted run is stopped after `stop` steps and resumed from the checkpoint that stopping writes.
    /// The second has rows beyond its newest checkpoint when it is resumed, as after a crash.
    /// - Parameters:
    ///   - stop: half of the run where nil.
    ///   - folder: receives results files and checkpoints.
    package init(_ request: ConfigRequest, stop: Int?, threads: Int, folder: String) throws {
        func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
        func run(_ name: String, checkpointEvery every: Int, stopAt: Int?, ifExists: ExistingRunPolicy) throws
            -> RunOutcome
        {
            var request = request
            request.overrides.append(
                "checkpoint={\"directory\": \(quotedForJSON(path(name + ".checkpoints"))), \"every\": \(every)}")
            let loaded = try loadConfig(request)
            var hooks = RunHooks()
            var finished = 0
            if let stopAt {
                hooks.shouldStop = {
                    finished += 1
                    return finished == stopAt
                }
            }
            return try runExperiment(
                { try planRun(loaded) }, results: ResultsFile(writing: path(name + ".sqlite")),
                environment: RunEnvironment(threads: threads, instructionSet: "verification", command: "verify-resume"),
                ifExists: ifExists, hooks: hooks)
        }
        let whole = try run("whole", checkpointEvery: 0, stopAt: nil, ifExists: .rerun)
        let total = whole.lastStep
        let stop = stop ?? total / 2
        guard stop >= 2, stop < total else {
            throw ConfigError(
                at: nil, path: "--at",
                "found \(stop), but the run \(whole.status == .finished ? "has" : "ended after") \(total) steps; "
                    + "an interruption needs a step from 2 to \(total - 1)")
        }
        _ = try run("stopped", checkpointEvery: 0, stopAt: stop, ifExists: .rerun)
        _ = try run("stopped", checkpointEvery: 0, stopAt: nil, ifExists: .resume)
        // The rows up to `stop` are there, and the newest checkpoint is older.
        _ = try run("crashed", checkpointEvery: stop / 2, stopAt: stop, ifExists: .rerun)
        if let newest = try ResultsFile(reading: path("crashed.sqlite")).checkpoints(ofRun: 1).first {
            unlink(newest.path)
        }
        _ = try run("crashed", checkpointEvery: stop / 2, stopAt: nil, ifExists: .resume)

        let reference = try ResultsFile(reading: path("whole.sqlite"))
        for (name, scenario) in [("stopped", "stopped after step \(stop)"), ("crashed", "crashed after step \(stop)")] {
            let file = try ResultsFile(reading: path(name + ".sqlite"))
            for table in try reference.reproducibleTables() {
                let expected = try reference.query("SELECT * FROM \(table)"),
                    found = try file.query("SELECT * FROM \(table)")
                let isIdentical = try table == "run_parameter" ? sameParameters(reference, file) : expected == found
                parts.append(
                    Part(scenario: scenario, part: table, count: expected.rows.count, isIdentical: isIdentical))
            }
            parts.append(
                try compareWeights(reference, file, step: total, scenario: scenario))
        }
    }
}

/// Parameters but those that name the checkpoints, which this comparison sets itself.
private func sameParameters(_ a: ResultsFile, _ b: ResultsFile) throws -> Bool {
    let sql = "SELECT path, value FROM run_parameter WHERE path NOT LIKE 'checkpoint%'"
    return try a.query(sql) == b.query(sql)
}

private func compareWeights(
    _ a: ResultsFile, _ b: ResultsFile, step: Int, scenario: String
) throws -> ResumeVerification.Part {
    let files = try [a, b].map { results in
        let end = try results.checkpoints(ofRun: 1).first { $0.step == step }
        return try HDF5File(path: end?.path ?? "step-\(step).h5")
    }
    let names = try files[0].datasetNames()
    var count = 0, isIdentical = try files[1].datasetNames() == names
    for name in names where isIdentical {
        // Float32 values are exact in Double; bit patterns tell -0 from 0 and compare what is not a number.
        let values: [[UInt64]] = try files.map { try $0.dataset(name).read(Double.self).map(\.bitPattern) }
        count += values[0].count
        if values[0] != values[1] { isIdentical = false }
    }
    return ResumeVerification.Part(scenario: scenario, part: "final weights", count: count, isIdentical: isIdentical)
}
