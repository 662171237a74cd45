import Foundation
import Keys
import RunStore
import Support

// What a results file says of a run that it need not say twice, and must say alike.

/// A run that lacks rows of a step which its config asks for and which it has passed.
package struct MissingSteps: Sendable, CustomStringConvertible {
    package let run: RunReference
    /// The first such step.
    package let step: Int

    package var description: String {
        "run \(run.uuid) (\(run.name)) has no rows of step \(step), and has rows of later ones"
    }
}

/// Finds the runs with holes: each is one whose rows were lost, deleted, or never reached the disk.
///
/// - Parameter runs: whose work is not going on; those of configs that this version does not read are passed over.
package func missingSteps(of runs: [RunReference], in results: ResultsFile) throws -> [MissingSteps] {
    let highest = try results.highestSteps(ofRuns: runs.map(\.id)), cache = ReadingCache()
    return try runs.compactMap { run in
        guard let last = highest[run.id] else { return nil }
        var request = ConfigRequest(path: "run \(run.uuid)")
        request.text = try results.config(ofRun: run.id)
        guard
            case .success(let loaded) = Result(catching: { () throws(ConfigError) in
                try ConfigDraft(request).completed(cache: cache)
            })
        else {
            return nil
        }
        let evaluation = loaded.config.evaluation
        // Where evaluations follow epochs, when they are due is known only with the data.
        let evaluated = evaluation.splits?.isEmpty == true ? nil : evaluation.every.map { Cadence(every: $0) }
        let step = try firstMissingStep(
            ofRun: Int64(run.id), logged: loaded.config.logging.cadence(upTo: last), evaluated: evaluated, before: last,
            in: results)
        return step.map { MissingSteps(run: run, step: $0) }
    }
}

/// Names a setting of which a run's config and the table `run_parameter` do not say the same; nil if there is none.
///
/// Paths of files are left out: the table has them as they were given, and the config as they are from any folder.
package func differingSetting(of run: RunReference, in results: ResultsFile) throws -> String? {
    let config: JSON
    do { config = try JSONReader.read(try results.config(ofRun: run.id), source: "config") } catch is ConfigError {
        return "its config, which is no JSON"
    }
    var recorded = try results.parameters(ofRun: Int64(run.id))
    let columns = try results.query("SELECT seed, name FROM run WHERE id = ?", [.integer(run.id)]).rows
    for (name, value) in zip(["seed", "name"], columns.first ?? []) where recorded[name].map({ $0 != value }) == true {
        recorded[name] = .null
    }
    let paths = Set(Config.shape.filePaths.map { $0.joined(separator: ".") })
    let leaves = config.leaves().filter { !paths.contains($0.path) }
    if let leaf = leaves.first(where: { !isSame($0.value.sqlValue, recorded[$0.path] ?? .null) }) { return leaf.path }
    let known = paths.union(leaves.map(\.path))
    return recorded.keys.sorted().first { !known.contains($0) }
}

/// Whether two values are the same, where 1 and 1.0 are.
private func isSame(_ a: SQLValue, _ b: SQLValue) -> Bool {
    switch (a, b) {
    case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
        Double(whole) == number
    default: a == b
    }
}

/// The first step before `limit` at which a run should have rows and has none; nil if there is none.
func firstMissingStep(
    ofRun id: Int64, logged: Cadence, evaluated: Cadence?, before limit: Int, in results: ResultsFile
) throws(ResultsError) -> Int? {
    var missing: [Int] = []
    for (table, cadence) in [(TrainingStepRow.tableName, logged), (EvaluationRow.tableName, evaluated)] {
        guard let cadence else { continue }
        let steps = try results.steps(ofRun: id, in: table, before: limit)
        if let step = cadence.firstStep(missingIn: steps, before: limit) { missing.append(step) }
    }
    return missing.min()
}
