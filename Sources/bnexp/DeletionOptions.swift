import ArgumentParser
import Reports
import RunStore
import Support
import Training

/// How runs and sweeps are deleted, and what is said about it.
struct DeletionOptions: ParsableArguments {
    @Flag(help: "Print how many rows of each table would be deleted, and delete nothing.") var dryRun = false
    @Flag(help: "Delete all runs of the file, where conditions or a sweep choose all of them.") var yes = false
    @Flag(help: "Shrink the file afterwards, which needs as much free space as the file has.") var vacuum = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard !(dryRun && vacuum) else {
            throw ValidationError("--dry-run and --vacuum contradict each other; give one.")
        }
    }

    func open() throws -> ResultsFile {
        try dryRun ? ResultsFile(reading: results.path) : ResultsFile.existing(results.path)
    }

    /// Refuses to delete all runs that a file has unless the user says so.
    func requireConsent(to runs: [RunReference], in file: ResultsFile) throws {
        guard !yes, !dryRun, runs.count > 1, try runs.count == file.allRuns().count else { return }
        throw Failure(
            .usage,
            "this would delete all \(runs.count) runs of \(file.path); --yes does that, and --dry-run shows what would "
                + "go"
        )
    }

    /// Deletes a sweep with those of its runs that it made and no other sweep asks for.
    func delete(_ sweep: SweepReference, in file: ResultsFile) throws {
        var filter = RunFilter()
        filter.sweep = sweep
        let shared = try file.runsShared(by: sweep)
        let adopted = try file.runsAdopted(by: sweep).filter { !shared.contains($0) }
        let runs = try file.runs(matching: filter).filter { !shared.contains($0) && !adopted.contains($0) }
        try requireConsent(to: runs, in: file)
        if !shared.isEmpty {
            say("kept, for other sweeps ask for them too: run \(listed(shared.map { "\($0.id)" }))")
        }
        if !adopted.isEmpty {
            say("kept, for the sweep did not make them: run \(listed(adopted.map { "\($0.id) (\($0.name))" }))")
        }
        try delete(runs, with: [sweep], in: file)
    }

    /// Deletes runs, and the sweeps that are named or have no run left.
    func delete(_ runs: [RunReference], with sweeps: [SweepReference] = [], in file: ResultsFile) throws {
        let summary =
            try dryRun ? file.summarizeDeletion(of: runs, with: sweeps) : file.delete(runs, with: sweeps)
        show(
            Table(columns: ["table", "rows"], rows: summary.rowCounts.map { [.text($0.table), .integer($0.count)] }),
            json: json)
        let left = Set(summary.runs.map(\.uuid)), gone = runs.filter { !left.contains($0.uuid) }
        if !gone.isEmpty { say("deleted by another process meanwhile: run \(listed(gone.map { "\($0.id)" }))") }
        let things = summary.runs.isEmpty ? [] : ["run " + listed(summary.runs.map { "\($0.id) (\($0.name))" })]
        let names = things + summary.sweeps.map { "sweep \($0.id) (\($0.name))" }
        let text = names.isEmpty ? "nothing" : names.joined(separator: ", ")
        if dryRun { return say("would delete \(text); nothing was deleted") }
        say("deleted \(text)")
        if !summary.checkpointFolders.isEmpty {
            say(
                "their checkpoints are kept; remove them with: rm -r "
                    + "\(summary.checkpointFolders.map(quotedForShell).joined(separator: " "))"
            )
        }
        if vacuum {
            let size = try file.vacuum()
            say("\(file.path) had \(size.before) bytes and has \(size.after)")
        } else {
            say(
                "the file keeps the space for later runs; --vacuum gives it back with the next deletion"
            )
        }
    }
}

/// Returns names with commas between them; of very many the first.
private func listed(_ names: [String]) -> String {
    let most = 50
    return names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
}
