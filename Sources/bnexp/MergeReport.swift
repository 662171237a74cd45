import RunStore
import Support
import Training

extension ResultsFile {
    /// Merges a file into this one, and says what was odd about it.
    func mergeAndTell(_ file: String) throws -> MergeSummary {
        let summary = try merge(from: file)
        if !summary.copied.isEmpty {
            let source = try ResultsFile(reading: file)
            let copied = try source.allRuns().filter { summary.copied.contains($0.id) }
            for missing in try missingSteps(of: copied, in: source) { say("\(file): \(missing)") }
        }
        for uuid in summary.damaged {
            say("\(file): run \(uuid) does not hold the rows that it had when it ended; it is merged as it is")
        }
        for uuid in summary.differing {
            say("run \(uuid) has ended in both files, with other rows in \(file); the copy in \(path) is kept")
        }
        return summary
    }
}
