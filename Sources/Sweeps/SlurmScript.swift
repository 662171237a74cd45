import Foundation
import Support
import Training

/// A job script for `sbatch` that runs what is left of a sweep on a Slurm cluster, as an array of tasks.
///
/// A task works on consecutive trials in a results file of its own on the node's disk (a shard), for a write-ahead log
/// does not work on a disk that several machines see. It copies the shard to the shared disk when it ends, and one job
/// merges all shards after the last task. Task t always has the trials from t trialsPerTask on, so that a task of a
/// later submission finds the shard, and the checkpoints, of an earlier one.
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
        \(SlurmScript.preparation)
        \(mergeSubmission)
        \(work)
        \(SlurmScript.end)

        """
    }

    /// Seconds before the time limit; Slurm may send its signal up to a minute earlier.
    package static let usualWarning = 120
    package static let longestWarning = usualWarning + 60

    /// A name that would break the lines of comments and options, if there is one.
    package var textWithLineBreak: String? {
        [jobName, binary, sweepFile, resultsFile, workingDirectory].first { $0.contains(where: \.isNewline) }
    }

    /// The tasks that have a trial to do.
    package var tasks: [Int] {
        var tasks: [Int] = []
        for trial in trials where tasks.last != trial / trialsPerTask { tasks.append(trial / trialsPerTask) }
        return tasks
    }

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
        # \(trials.count) of the \(trialCount) trials of \(sweepFile), \(trialsPerTask) to a task.
        #
        # submit:   sbatch FILE, where FILE is this script, or: bnexp sweep ... --slurm | sbatch
        # watch:    squeue --me, and the tasks' messages in \(resultsFile).slurm-*.log
        # results:  A task writes to the disk of its node, and when it ends or is stopped copies that to
        #           \(resultsFile).shards. After the last task a job merges these shards into \(resultsFile);
        #           what it says is in \(resultsFile).slurm-merge.log. The shards stay until you delete them.
        # limits:   A task that comes near its time limit, or is preempted, stops with checkpoints of its trials and is
        #           requeued; it then goes on from there. A node that fails loses what its task did since it started.
        # again:    Trials that failed or were cancelled are run by a new script of the same bnexp sweep command, which
        #           leaves out what is done.
        """
    }

    private var settings: String {
        """
        bnexp=\(quotedForShell(binary))
        results=\(quotedForShell(resultsFile))
        shards=$results.shards
        task=${SLURM_ARRAY_TASK_ID:?is missing, for this script is not run as an array job; hand it to sbatch}
        first=$((task * \(trialsPerTask)))
        last=$((first + \(trialsPerTask - 1)))
        shard=trials-$first-$last.sqlite
        \(choiceOfTrials)
        """
    }

    /// The trials of a task are a range, unless some of them are done.
    private var choiceOfTrials: String {
        let parts = Dictionary(grouping: trials) { $0 / trialsPerTask }
        let exceptions = tasks.compactMap { task -> String? in
            let all = task * trialsPerTask..<min((task + 1) * trialsPerTask, trialCount)
            guard let part = parts[task], part.count < all.count else { return nil }
            return "\(task)) trials=\(compactRanges(part)) ;;"
        }
        return exceptions.isEmpty
            ? "trials=$first-$last"
            : "case $task in\n\(exceptions.joined(separator: "\n"))\n*) trials=$first-$last ;;\nesac"
    }

    private static let preparation = #"""

        # USR1 comes before the time limit, TERM at a preemption or from scancel. Either asks bnexp to stop with
        # checkpoints, by one USR1: Slurm sends TERM to bnexp itself too, and a second signal of the same kind would end
        # it at once.
        signal='' child=''
        # shellcheck disable=SC2317  # trap calls it
        stop() {
            [ -n "$signal" ] || [ -z "$child" ] || kill -USR1 "$child" 2>/dev/null || true
            signal=$1
        }
        trap 'stop USR1' USR1
        trap 'stop TERM' TERM
        echo "task $task: trials $trials on $(hostname)${SLURM_RESTART_COUNT:+, restart $SLURM_RESTART_COUNT}"

        # What an earlier start of this task has left is resumed.
        mkdir -p "$shards"
        scratch=$(mktemp -d "${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/bnexp-XXXXXXXX")
        trap 'rm -rf "$scratch"' EXIT
        if [ -e "$shards/$shard" ]; then
            cp "$shards/$shard" "$scratch/$shard"
            [ ! -d "$shards/$shard.checkpoints" ] || cp -r "$shards/$shard.checkpoints" "$scratch/$shard.checkpoints"
        fi
        """#

    private var mergeSubmission: String {
        #"""

        # The task that starts first submits the merge job, which waits for all tasks, requeued ones too; mkdir succeeds
        # only once, until the merge job removes the folder. Two merge jobs never run at once (singleton).
        mark=$shards/merge-of-$SLURM_ARRAY_JOB_ID
        if mkdir "$mark" 2>/dev/null; then
            BNEXP_MARK="$mark" sbatch --dependency="afterany:$SLURM_ARRAY_JOB_ID,singleton" <<'END_OF_MERGE_JOB' ||
        #!/usr/bin/env bash
        \#(mergeHeader)
        set -euo pipefail
        shopt -s nullglob
        bnexp=\#(quotedForShell(binary))
        results=\#(quotedForShell(resultsFile))
        [ -z "${BNEXP_MARK:-}" ] || rmdir "$BNEXP_MARK" || true
        shards=("$results".shards/trials-*.sqlite)
        if [ ${#shards[@]} -eq 0 ]; then
            echo "There is nothing to merge in $results.shards; the tasks' messages are in $results.slurm-*.log." >&2
            exit 1
        fi
        printf '%s\0' "${shards[@]}" | xargs -0 -n 500 "$bnexp" merge --db "$results"
        "$bnexp" sweep status \#(shellWords([sweepFile] + overrideWords)) --db "$results"
        echo "${#shards[@]} shards are merged into $results. They stay in $results.shards;" \
            "delete that folder when no trial is left to do."
        END_OF_MERGE_JOB
            {
                rmdir "$mark"
                printf 'The merge job could not be submitted from this node. After the last task run: ' >&2
                printf 'bnexp merge --db %q %q/trials-*.sqlite\n' "$results" "$shards" >&2
            }
        fi
        """#
    }

    private var work: String {
        let settings = ["--jobs", String(jobsPerTask), "--threads", String(threads)] + overrideWords + runWords
        return #"""

            code=75
            if [ -z "$signal" ]; then
                "$bnexp" sweep \#(quotedForShell(sweepFile)) --index "$trials" --db "$scratch/$shard" \
                    \#(shellWords(settings)) &
                child=$!
                # A signal ends wait early; the status of a process that has ended can be asked for again.
                while kill -0 "$child" 2>/dev/null; do wait "$child" || true; done
                code=0
                wait "$child" || code=$?
                # The signal met it before it was ready for one.
                [ -z "$signal" ] || [ "$code" -le 128 ] || code=75
            fi
            """#
    }

    private static let end = #"""

        # Nothing stops what follows but the end of the time that Slurm allows.
        trap '' USR1 TERM
        # A bnexp that was killed left a write-ahead log; what opens the file for writing moves it into the file.
        [ ! -e "$scratch/$shard-wal" ] || "$bnexp" reap --db "$scratch/$shard" || true

        # Copies get their names when they are complete. The results file comes last: with checkpoints newer or older
        # than itself it is still right, and only some steps are made again.
        save() {
            local copy=$shards/$shard.copy-$SLURM_JOB_ID
            rm -rf "$copy" "$copy.checkpoints" &&
                { [ ! -d "$scratch/$shard.checkpoints" ] ||
                    cp -r "$scratch/$shard.checkpoints" "$copy.checkpoints"; } &&
                cp "$scratch/$shard" "$copy" &&
                rm -rf "$shards/$shard.checkpoints" &&
                { [ ! -d "$copy.checkpoints" ] || mv "$copy.checkpoints" "$shards/$shard.checkpoints"; } &&
                mv -f "$copy" "$shards/$shard"
        }
        if [ ! -e "$scratch/$shard" ]; then
            # Nothing was begun, or what was wrong has been said; but where bnexp was content its results are in a file of
            # another name.
            [ "$code" -ne 0 ] || code=73
            [ "$code" -ne 73 ] || echo "bnexp wrote no $scratch/$shard. On a network disk it would not:" \
                "set TMPDIR to a folder on the node's own disk." >&2
        elif ! save; then
            trap - EXIT
            echo "The results could not be copied to $shards. They stay on $(hostname) in $scratch." >&2
            exit 73
        fi

        if [ "$code" -eq 75 ] && [ "$signal" = USR1 ]; then
            scontrol requeue "$SLURM_JOB_ID" ||
                echo "This task could not be requeued; a new script of bnexp sweep --slurm does what is left." >&2
        fi
        exit "$code"
        """#
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
