import ArgumentParser
import Foundation
import Support
import Sweeps
import Training

/// The options that divide a sweep into the tasks of a Slurm job array.
struct SlurmOptions: ParsableArguments {
    @Flag(
        name: .customLong("slurm"),
        help: ArgumentHelp(
            "Print a job script that runs what is left of the sweep on a Slurm cluster: bnexp sweep ... --slurm | "
                + "sbatch.")
    )
    var isWanted = false
    @Option(
        help: ArgumentHelp(
            "Trials in a task of the job array, one after the other or --jobs at a time; default is --jobs, else 1.",
            valueName: "K"))
    var trialsPerTask: Int?
    @Option(help: ArgumentHelp("The most tasks that run at the same time.", valueName: "N")) var arrayThrottle: Int?
    @Option(
        help: ArgumentHelp("Time limit of a task, as sbatch takes it: 30 is minutes, 2:00:00, 1-12.", valueName: "T"))
    var time: String?
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A further option of sbatch, such as --sbatch --partition=short. May repeat.", valueName: "OPTION"))
    var sbatch: [String] = []

    func validate() throws {
        if !isWanted {
            let given = [
                ("--trials-per-task", trialsPerTask != nil), ("--array-throttle", arrayThrottle != nil),
                ("--time", time != nil), ("--sbatch", !sbatch.isEmpty),
            ]
            if let option = given.first(where: \.1) { throw ValidationError("\(option.0) needs --slurm.") }
        }
        if let trialsPerTask { try requireRange(countRange, trialsPerTask, "--trials-per-task") }
        if let arrayThrottle { try requireRange(countRange, arrayThrottle, "--array-throttle") }
        if let time {
            guard let seconds = slurmSeconds(time) else {
                throw ValidationError(
                    "--time is '\(time)'; expected minutes, minutes:seconds, hours:minutes:seconds, days-hours or "
                        + "UNLIMITED."
                )
            }
            guard seconds > SlurmScript.longestWarning else {
                throw ValidationError(
                    "--time is \(time), which leaves no time to train: a task is told to stop up to "
                        + "\(SlurmScript.longestWarning) s before its limit. Expected more."
                )
            }
        }
        for option in sbatch {
            guard option.hasPrefix("-"), !option.contains(where: \.isNewline) else {
                throw ValidationError(
                    "--sbatch is '\(option)'; expected one option of sbatch, such as --sbatch --partition=short.")
            }
            if let remedy = SlurmOptions.reserved.first(where: { option.wholeMatch(of: $0.pattern) != nil })?.remedy {
                throw ValidationError("--sbatch is '\(option)', which the script sets itself; \(remedy).")
            }
        }
    }

    /// Refuses more jobs at a time than a task has trials.
    func validate(jobs: Int?) throws {
        if let jobs, let trialsPerTask, jobs > trialsPerTask {
            throw ValidationError(
                "--jobs \(jobs) is more than --trials-per-task \(trialsPerTask): processors would idle. Raise "
                    + "--trials-per-task, or lower --jobs."
            )
        }
    }

    /// Makes the job script that runs these trials.
    func script(jobName: String, sweepFile: String, resultsFile: String, trials: [Int], trialCount: Int, jobs: Int?)
        -> SlurmScript
    {
        var script = SlurmScript(
            jobName: jobName, binary: Bundle.main.executablePath ?? absolutePath(CommandLine.arguments[0]),
            sweepFile: absolutePath(sweepFile),
            resultsFile: absolutePath(resultsFile), workingDirectory: FileManager.default.currentDirectoryPath,
            trials: trials, trialCount: trialCount)
        script.jobsPerTask = jobs ?? 1
        script.trialsPerTask = trialsPerTask ?? script.jobsPerTask
        script.throttle = arrayThrottle
        script.timeLimit = time
        script.options = sbatch
        return script
    }

    /// The options of sbatch that the script sets itself, and what the user can do instead.
    private static var reserved: [(pattern: Regex<Substring>, remedy: String)] {
        [
            (/(?:--array|-a).*/, "--index, --trials-per-task and --array-throttle choose the array"),
            (/(?:--time(?![-a-z])|-t).*/, "give --time to bnexp sweep"),
            (/(?:--cpus-per-task|-c).*/, "--jobs and --threads choose the processors"),
            (/(?:--job-name|-J).*/, "the sweep's \"name\" is the job's"),
            (/(?:--output|-o|--open-mode).*/, "messages go beside the results file"),
            (/(?:--signal|--requeue|--no-requeue|--chdir|-D).*/, "leave it out"),
        ]
    }
}

/// Returns the seconds of a time limit in the notation of sbatch, or nil if it is none.
func slurmSeconds(_ text: String) -> Int? {
    if ["UNLIMITED", "INFINITE"].contains(text.uppercased()) { return .max }
    guard let match = text.wholeMatch(of: /(?:([0-9]{1,6})-)?([0-9]{1,9})(?::([0-9]{1,9}))?(?::([0-9]{1,9}))?/),
        let first = Int(match.2)
    else { return nil }
    let second = match.3.flatMap { Int($0) } ?? 0, third = match.4.flatMap { Int($0) } ?? 0
    if let days = match.1.flatMap({ Int($0) }) { return ((days * 24 + first) * 60 + second) * 60 + third }
    return match.4 == nil ? first * 60 + second : (first * 60 + second) * 60 + third
}
