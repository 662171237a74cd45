import Datasets
import Foundation
import Keys
import Support
import Synchronization
import Training

/// What checking a trial has found.
struct CheckedTrial: Sendable {
    let settings: [ConfigOverride]
    let identity: String
    let totalSteps: Int
    let logging: String
    let notes: [String]
}

/// Checks every trial of a sweep as a run is checked: its config, the data, and both together.
///
/// Processors share the trials; what trials have in common, such as an object of the config, is read once on each of
/// them. Where something is wrong, that trial is read once more by itself, so that the error names the place from which
/// this one has it.
struct TrialChecks: Sendable {
    let base: ConfigDraft
    let sweepName: String
    /// The sweep file, for errors.
    let path: String
    let data: DataCache

    /// So many trials are worth a thread.
    private static let leastShare = 500

    /// - Returns: what was found of each trial, in their order.
    /// - Throws: the error of the first trial that cannot be run.
    func check(_ trials: [[AxisChoice]]) throws -> [CheckedTrial] {
        let processors = ProcessInfo.processInfo.activeProcessorCount
        let tasks = max(1, min(processors, trials.count / TrialChecks.leastShare))
        let results = Mutex<[Int: Result<[CheckedTrial], any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
            let result = Result { try check(trials, SweepShare(task: task, of: tasks).trials(of: trials.count)) }
            results.withLock { $0[task] = result }
        }
        let shares = results.withLock { $0 }
        return try (0..<tasks).flatMap { try shares[$0]?.get() ?? [] }
    }

    private func check(_ trials: [[AxisChoice]], _ range: Range<Int>) throws -> [CheckedTrial] {
        let known = Known()
        return try range.map { index in
            let settings = ordered(trials[index].flatMap(\.value.settings))
            if let checked = try? check(settings, index, known) { return checked }
            do {
                return try check(settings, index, Known())
            } catch {
                guard let message = (error as? ConfigError)?.message ?? (error as? DataError)?.message else {
                    throw error
                }
                let text = trials[index].map(\.text).joined(separator: " ")
                throw ConfigError(
                    at: nil, "\(message) (trial \(index) of \(path)\(text.isEmpty ? "" : ": " + text))")
            }
        }
    }

    private func check(_ settings: [ConfigOverride], _ index: Int, _ known: Known) throws -> CheckedTrial {
        let loaded = try loadTrial(base, settings, name: "\(sweepName)/\(index)", cache: known.readings)
        let plan = try planRun(loaded, cache: data)
        return CheckedTrial(
            settings: settings, identity: try plan.identity(cache: known.identities), totalSteps: plan.totalSteps,
            logging: known.text(of: loaded.resolved["logging"]), notes: loaded.notes)
    }

    /// What trials have in common.
    private final class Known {
        let readings = ReadingCache()
        let identities = IdentityCache()
        private var texts: [JSON: String] = [:]

        func text(of json: JSON?) -> String {
            guard let json else { return "" }
            if let known = texts[json] { return known }
            let text = json.text()
            texts[json] = text
            return text
        }
    }
}

/// The config of a trial.
func loadTrial(_ base: ConfigDraft, _ settings: [ConfigOverride], name: String, cache: ReadingCache? = nil)
    throws(ConfigError) -> LoadedConfig
{
    var draft = base
    draft.name = name
    for setting in settings { try draft.apply(setting) }
    return try draft.completed(cache: cache)
}
