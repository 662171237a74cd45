import ArgumentParser
import Foundation
import Support
import Sweeps

/// Where the shards of a divided sweep are collected.
struct CollectFolder: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder, which all machines see, where the tasks of a divided sweep collect their results.",
            valueName: "DIR"),
        completion: .directory)
    var collect: String?
}

/// The options that divide a sweep into tasks, for machines that share nothing but a folder.
struct CollectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run the trials of one of --tasks tasks only, counted from 0, in a results file of its own, which is "
                + "copied to --collect.",
            valueName: "I"))
    var task: Int?
    @Option(help: ArgumentHelp("How many tasks the sweep is divided into.", valueName: "K")) var tasks: Int?
    @OptionGroup var folder: CollectFolder
    @Option(help: ArgumentHelp("Minutes between copies while a task runs; default is 10.", valueName: "MINUTES"))
    var collectEvery: Double?
    @Option(
        help: ArgumentHelp(
            "The folder on this machine's own disk where a task works; default is $SLURM_TMPDIR, $TMPDIR, else /tmp.",
            valueName: "DIR"),
        completion: .directory)
    var scratch: String?
    @Flag(help: "Merge what the tasks have collected in --collect into the results file; run nothing.") var merge =
        false

    /// The task that is asked for.
    var share: SweepShare? {
        guard let task, let tasks else { return nil }
        return SweepShare(task: task, of: tasks)
    }

    func validate() throws {
        if let given = [("--task", task), ("--tasks", tasks)].first(where: { $0.1 != nil })?.0,
            task == nil || tasks == nil || folder.collect == nil
        {
            throw ValidationError(
                "\(given) needs company: give --task I --tasks K --collect DIR, a folder that all machines see.")
        }
        if let tasks { try requireRange(countRange, tasks, "--tasks") }
        if let task, let tasks, !(0..<tasks).contains(task) {
            throw ValidationError(
                "--task is \(task); expected 0 to \(tasks - 1), for tasks are counted from 0 and --tasks is \(tasks).")
        }
        if let folder = folder.collect {
            if folder.isEmpty { throw ValidationError("--collect is empty; expected a folder.") }
            if task == nil, !merge {
                throw ValidationError(
                    "--collect \(folder) needs --task I --tasks K, to run a part of the sweep, or --merge, to join "
                        + "what they collected.")
            }
        } else if merge {
            throw ValidationError("--merge needs --collect DIR; results files by name are joined by bnexp merge.")
        }
        if task != nil, merge {
            throw ValidationError("--merge and --task contradict each other; merge when the tasks have ended.")
        }
        if let collectEvery, !(collectEvery > 0 && collectEvery <= 1e6) {
            throw ValidationError(
                "--collect-every is \(collectEvery); expected minutes, more than 0 and at most 1,000,000.")
        }
    }

    /// Refuses what says how tasks work where there are none.
    func requireTasks() throws {
        if let given = [("--collect-every", collectEvery != nil), ("--scratch", scratch != nil)].first(where: \.1)?.0 {
            throw ValidationError("\(given) needs --task I --tasks K --collect DIR, or --slurm.")
        }
    }

    /// The words for the tasks of a job script.
    var words: [String] {
        (collectEvery.map { ["--collect-every", "\($0)"] } ?? []) + (scratch.map { ["--scratch", $0] } ?? [])
    }

    /// Where the task works.
    var place: String {
        let environment = ProcessInfo.processInfo.environment
        let names = [scratch, environment["SLURM_TMPDIR"], environment["TMPDIR"]]
        return names.compactMap { $0 }.first { !$0.isEmpty } ?? "/tmp"
    }

    /// Calls `body`, and copies the task's shard meanwhile, every so often.
    func copying<Result>(_ task: SweepTask, _ body: () throws -> Result) rethrows -> Result {
        let queue = DispatchQueue(label: "bnexp copies"), timer = DispatchSource.makeTimerSource(queue: queue)
        let seconds = (collectEvery ?? 10) * 60
        timer.schedule(deadline: .now() + seconds, repeating: seconds)
        timer.setEventHandler {
            do { try task.copy() } catch { say("the shard could not be copied, the trials go on: \(error)") }
        }
        timer.resume()
        defer {
            timer.cancel()
            queue.sync {}
        }
        return try body()
    }
}
