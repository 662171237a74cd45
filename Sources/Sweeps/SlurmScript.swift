import Foundation
import Support
import Training

/// A job script for `sbatch` that runs what is left of a sweep on a Slurm cluster, as an array of tasks.
///
/// A task is one `SweepShare`, which collects its shard beside the results file; one job merges all shards after the
/// last task. A task always has the same trials, so that one of a later submission finds the shard, and the
/// checkpoints, of an earlier one.
package struct SlurmScript {
    package var jobName: String
    /// Absolute paths, without line breaks, on a disk that all nodes see: of bnexp, the sweep file and the results
    /// file.
    package var binary: String
    package var sweepFile: String
    package var resultsFile: String
    /// Where relative paths in the words below start.
    package var workingDirectory: String
    /// What changes the sweep: `--set` and its value, repeated.
    package var overrideWords: [String] = []
    /// Whether trials may train by wrong gradients.
    package var allowsFaults = false
    /// Further words for the tasks' `bnexp sweep`.
    package var runWords: [String] = []
    /// The trials that are still to do, ascending, counted from 0.
    package var trials: [Int]
    package var trialCount: Int
    package var trialsPerTask = 1
    /// Trials that a task runs at once, and threads of each.
    package var jobsPerTask = 1
    package var threads = 1
    /// How many tasks run at once at most.
    package var throttle: Int?
    /// The time limit as `sbatch --time` takes it; nil leaves it to the partition.
    package var timeLimit: String?
    /// How long before the time limit a task is told to stop.
    package var secondsBeforeLimit = SlurmScript.usualWarning
    /// Further options of sbatch, for the tasks and the merge job, such as `--partition=short`.
    package var options: [String] = []

    package init(
        jobName: String, binary: String, sweepFile: String, resultsFile: String, workingDirectory: String,
        trials: [Int], trialCount: Int
    ) {
        self.jobName = jobName
        self.binary = binary
        self.sweepFile = sweepFile
        self.resultsFile = resultsFile
        self.workingDirectory = workingDirectory
        self.trials = trials
        self.trialCount = trialCount
    }

    package var text: String {
        """
        #!/usr/bin/env bash
        \(header)
        #
        \(explanation)
        set -euo pipefail

        \(settings)
        \(mergeSubmission)
        \(run)

        """
    }

    /// Seconds before the time limit; Slurm may send its signal up to a minute earlier.
    package static let usualWarning = 120
    package static let longestWarning = usualWarning + 60

    /// A name that would break the lines of comments and options, if there is one.
    package var textWithLineBreak: String? {
        [jobName, binary, sweepFile, resultsFile, workingDirectory].first { $0.contains(where: \.isNewline) }
    }

    /// How many tasks the whole sweep has.
    private var taskCount: Int { (trialCount + trialsPerTask - 1) / trialsPerTask }

    /// The tasks that have a trial to do, with the trials of each.
    private var work: [(task: Int, trials: [Int], isWhole: Bool)] {
        var rest = trials[...]
        return (0..<taskCount).compactMap { task in
            let all = SweepShare(task: task, of: taskCount).trials(of: trialCount)
            let own = Array(rest.prefix { $0 < all.upperBound })
            rest = rest.dropFirst(own.count)
            return own.isEmpty ? nil : (task, own, own.count == all.count)
        }
    }
    package var tasks: [Int] { work.map(\.task) }

    // MARK: - Options of sbatch

    private var header: String {
        let array = compactRanges(tasks) + (throttle.map { "%\($0)" } ?? "")
        return sbatchLines(
            options
                + [
                    "--job-name=\(quotedForSbatch(jobName))", "--array=\(array)",
                    "--cpus-per-task=\(jobsPerTask * threads)",
                    "--signal=B:USR1@\(secondsBeforeLimit)", "--chdir=\(quotedForSbatch(workingDirectory))",
                    "--output=\(log("%A_%a"))",
                ] + commonOptions)
    }

    private var mergeHeader: String {
        sbatchLines(
            options + ["--job-name=\(quotedForSbatch(jobName + "-merge"))", "--output=\(log("merge"))"] + commonOptions)
    }

    private var commonOptions: [String] {
        (timeLimit.map { ["--time=\($0)"] } ?? []) + ["--requeue", "--open-mode=append"]
    }

    private func sbatchLines(_ options: [String]) -> String { options.map { "#SBATCH \($0)" }.joined(separator: "\n") }

    /// sbatch replaces words with % in names of files, but not the doubled %.
    private func log(_ name: String) -> String {
        quotedForSbatch(resultsFile.replacing("%", with: "%%") + ".slurm-\(name).log")
    }

    // MARK: - Parts of the script

    private var explanation: String {
        """
        # \(trials.count) of the \(trialCount) trials of \(sweepFile), in tasks of \(trialsPerTask) at most.
        #
        # submit:   sbatch FILE, where FILE is this script, or: bnexp sweep ... --slurm | sbatch
        # watch:    squeue --me; the tasks' messages are in \(resultsFile).slurm-*.log, and
        #           bnexp sweep status SWEEP.json --collect FOLDER tells how the trials stand.
        # results:  A task writes to the disk of its node, and copies that every ten minutes, and when it ends or is
        #           stopped, to \(shards). After the last task a job merges
        #           these shards into \(resultsFile); what it says is in \(resultsFile).slurm-merge.log.
        #           The shards stay until you delete them.
        # limits:   A task that comes near its time limit, or is preempted, stops with checkpoints of its trials and is
        #           requeued; it then goes on from there. A node that fails loses what its task did since the last copy.
        # again:    Trials that failed or were cancelled are run by a new script of the same bnexp sweep command, which
        #           leaves out what is done.
        """
    }

    /// Another number of tasks has other shards, and begins unfinished trials anew.
    private var shards: String { "\(resultsFile).shards/in-\(taskCount)-tasks" }

    private var settings: String {
        """
        bnexp=\(quotedForShell(binary))
        results=\(quotedForShell(resultsFile))
        shards=\(quotedForShell(shards))
        task=${SLURM_ARRAY_TASK_ID:?is missing, for this script is not run as an array job; hand it to sbatch}
        \(choiceOfTrials)
        echo "task $task on $(hostname)${SLURM_RESTART_COUNT:+, restart $SLURM_RESTART_COUNT}"
        """
    }

    /// A task runs all of its trials, unless some of them are done.
    private var choiceOfTrials: String {
        let exceptions = work.filter { !$0.isWhole }.map { "\($0.task)) trials=\(compactRanges($0.trials)) ;;" }
        let all = "trials=0-\(max(0, trialCount - 1))"
        return exceptions.isEmpty
            ? all : "case $task in\n\(exceptions.joined(separator: "\n"))\n*) \(all) ;;\nesac"
    }

    private var sweep: String { shellWords([sweepFile] + overrideWords) }
    private var faults: String { allowsFaults ? " --allow-faults" : "" }

    private var mergeSubmission: String {
        #"""

        # The task that starts first submits the merge job, which waits for all tasks, requeued ones too; mkdir succeeds
        # only once, until the merge job removes the folder. Two merge jobs never run at once (singleton).
        mkdir -p "$shards"
        mark=$shards/merge-of-$SLURM_ARRAY_JOB_ID
        if mkdir "$mark" 2>/dev/null; then
            BNEXP_MARK="$mark" sbatch --dependency="afterany:$SLURM_ARRAY_JOB_ID,singleton" <<'END_OF_MERGE_JOB' ||
        #!/usr/bin/env bash
        \#(mergeHeader)
        set -euo pipefail
        bnexp=\#(quotedForShell(binary))
        results=\#(quotedForShell(resultsFile))
        [ -z "${BNEXP_MARK:-}" ] || rmdir "$BNEXP_MARK" || true
        "$bnexp" sweep \#(sweep)\#(faults) --collect \#(quotedForShell(shards)) --merge --db "$results"
        "$bnexp" sweep status \#(sweep) --db "$results"
        END_OF_MERGE_JOB
            {
                rmdir "$mark"
                printf 'The merge job could not be submitted from this node. After the last task run: ' >&2
                printf 'bnexp merge --db %q %q/*.sqlite\n' "$results" "$shards" >&2
            }
        fi
        """#
    }

    private var run: String {
        let settings =
            [
                "--tasks", String(taskCount), "--jobs", String(jobsPerTask), "--threads", String(threads),
            ] + runWords
        return #"""

            # USR1 comes before the time limit, TERM at a preemption or from scancel; either asks bnexp to stop with
            # checkpoints. Only after USR1 nobody else requeues the task.
            signal='' child=''
            # shellcheck disable=SC2317  # trap calls it
            stop() {
                signal=$1
                [ -z "$child" ] || kill -USR1 "$child" 2>/dev/null || true
            }
            trap 'stop USR1' USR1
            trap 'stop TERM' TERM
            "$bnexp" sweep \#(sweep)\#(faults) --task "$task" --index "$trials" --collect "$shards" \
                \#(shellWords(settings)) &
            child=$!
            [ -z "$signal" ] || kill -USR1 "$child" 2>/dev/null || true
            # A signal ends wait early; the status of a process that has ended can be asked for again.
            while kill -0 "$child" 2>/dev/null; do wait "$child" || true; done
            code=0
            wait "$child" || code=$?
            # The signal met it before it was ready for one, and had begun nothing.
            [ -z "$signal" ] || [ "$code" -le 128 ] || code=75
            [ "$code$signal" != 75USR1 ] || scontrol requeue "$SLURM_JOB_ID" ||
                echo "This task could not be requeued; a new script of bnexp sweep --slurm does what is left." >&2
            exit "$code"
            """#
    }
}

/// Ascending numbers as Slurm and `bnexp sweep --index` write them: `0-3,7`.
package func compactRanges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
        if let last = ranges.last, last.upperBound + 1 == number {
            ranges[ranges.count - 1] = last.lowerBound...number
        } else {
            ranges.append(number...number)
        }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
        separator: ",")
}

private func shellWords(_ words: [String]) -> String { words.map(quotedForShell).joined(separator: " ") }

/// A value for an `#SBATCH` line: in double quotes, where a backslash takes the meaning from a quote and from itself.
private func quotedForSbatch(_ word: String) -> String {
    word.wholeMatch(of: /[A-Za-z0-9_.,:=@%+\/-]+/) != nil
        ? word : "\"" + word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}
