import Foundation
import Sweeps
import TestSupport
import Testing
import Training

private func script(trials: [Int] = Array(0..<24), perTask: Int = 1, folder: String = "/disk") -> SlurmScript {
    var script = SlurmScript(
        jobName: "rates", binary: "/opt/bnexp", sweepFile: "\(folder)/sweep.json",
        resultsFile: "\(folder)/results.sqlite", workingDirectory: folder,
        trials: trials, trialCount: 24)
    script.trialsPerTask = perTask
    return script
}

private func options(of script: SlurmScript) -> [String] {
    // sbatch reads options up to the first line that is no comment.
    script.text.split(separator: "\n").prefix { $0.hasPrefix("#") }.filter { $0.hasPrefix("#SBATCH ") }.map {
        String($0.dropFirst(8))
    }
}

/// What bash says about a text, and its exit code, when it is given as a script.
private func bash(_ text: String, _ arguments: [String], environment: [String: String] = [:]) throws -> (
    exitCode: Int32, output: String
) {
    try withTemporaryFolder { folder in
        let file = folder.appendingPathComponent("script").path
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash"] + arguments + [file]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = pipe
        process.standardError = pipe
        // The threads that run tests have signals blocked, and a process inherits that.
        var all = sigset_t(), before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_UNBLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

@Suite struct SlurmScriptTests {
    @Test(
        arguments: [([], ""), ([4], "4"), ([0, 1, 2], "0-2"), ([0, 2, 3, 7, 8, 9], "0,2-3,7-9")] as [([Int], String)])
    func numbersAreWrittenAsRanges(numbers: [Int], text: String) {
        #expect(compactRanges(numbers) == text)
    }

    @Test func theHeaderHasWhatSbatchNeeds() {
        var script = script(perTask: 5)
        script.jobsPerTask = 3
        script.threads = 2
        script.throttle = 4
        script.timeLimit = "2:00:00"
        script.options = ["--partition=short"]
        #expect(
            options(of: script) == [
                "--partition=short", "--job-name=rates", "--array=0-4%4", "--cpus-per-task=6", "--signal=B:USR1@120",
                "--chdir=/disk",
                "--output=/disk/results.sqlite.slurm-%A_%a.log", "--time=2:00:00", "--requeue", "--open-mode=append",
            ])
    }

    @Test func optionsGoToTheMergeJobToo() {
        var script = script()
        script.options = ["--account=physics"]
        #expect(script.text.components(separatedBy: "#SBATCH --account=physics\n").count == 3)
        #expect(script.text.components(separatedBy: "#SBATCH --array").count == 2)
    }

    /// Tasks keep their trials whatever is done already, so that they find their shards again.
    @Test func onlyTasksWithSomethingToDoAreInTheArray() {
        let script = script(trials: [0, 1, 2, 3, 7, 22, 23], perTask: 4)
        #expect(script.tasks == [0, 1, 5])
        #expect(options(of: script).contains("--array=0-1,5"))
        #expect(script.text.contains("1) trials=7 ;;"))
        #expect(script.text.contains("5) trials=22-23 ;;"))
        #expect(!script.text.contains("0) trials="))
    }

    @Test(arguments: [(24, 5), (24, 24), (7, 3), (2, 5), (1, 1), (0, 3)])
    func everyTrialIsInOneTask(count: Int, tasks: Int) {
        let shares = (0..<tasks).map { SweepShare(task: $0, of: tasks).trials(of: count) }
        #expect(shares.flatMap { Array($0) } == Array(0..<count))
        #expect((shares.map(\.count).max() ?? 0) - (shares.map(\.count).min() ?? 0) <= 1)
    }

    @Test func pathsWithSpecialCharactersAreQuoted() {
        let script = script(folder: "/my \"disk\"/it's 100% \\#1")
        #expect(
            options(of: script).contains(
                "--output=\"/my \\\"disk\\\"/it's 100%% \\\\#1/results.sqlite.slurm-%A_%a.log\""))
        #expect(script.text.contains("results='/my \"disk\"/it'\\''s 100% \\#1/results.sqlite'"))
    }

    @Test(arguments: ["/disk", "/my \"disk\"/it's $(100%) \\#1"], [1, 5])
    func bashReadsIt(folder: String, perTask: Int) throws {
        var script = script(trials: [0, 1, 2, 4, 9], perTask: perTask, folder: folder)
        script.overrideWords = ["--set", "name=it's"]
        let result = try bash(script.text, ["-n"])
        #expect(result.exitCode == 0 && result.output.isEmpty, "\(result.output)")
    }

    @Test func itSaysWhatIsWrongWithoutAnArray() throws {
        let result = try bash(script().text, [], environment: ["SLURM_ARRAY_TASK_ID": ""])
        #expect(result.exitCode != 0)
        #expect(result.output.contains("hand it to sbatch"))
    }
}

/// The script run without Slurm: `sbatch`, `scontrol` and `bnexp` are small scripts that write down how they were
/// called.
@Suite struct SlurmTaskTests {
    private func inFolder(
        bnexp: String, _ body: (URL, _ runTask: (String) throws -> (exitCode: Int32, output: String)) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("it's a disk")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            func program(_ name: String, _ text: String) throws {
                let file = place.appendingPathComponent(name).path
                try "#!/usr/bin/env bash\n\(text)\n".write(toFile: file, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
            }
            try program("bnexp", "echo \"$@\" >>'\(place.path.replacing("'", with: "'\\''"))/calls'\n\(bnexp)")
            try program("sbatch", "echo \"sbatch $*\" >>\"$(dirname \"$0\")/calls\"; cat >\"$(dirname \"$0\")/merge\"")
            try program("scontrol", "echo \"scontrol $*\" >>\"$(dirname \"$0\")/calls\"")
            var script = script(trials: [0, 1, 2, 4, 5], perTask: 3, folder: place.path)
            script.binary = place.appendingPathComponent("bnexp").path
            try body(place) { task in
                try bash(
                    script.text, [],
                    environment: [
                        "SLURM_ARRAY_TASK_ID": task, "SLURM_ARRAY_JOB_ID": "17", "SLURM_JOB_ID": "18",
                        "PATH": "\(place.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
                    ])
            }
        }
    }

    private func calls(_ folder: URL, _ start: String = "") throws -> [String] {
        try String(contentsOf: folder.appendingPathComponent("calls"), encoding: .utf8)
            .split(separator: "\n").map(String.init).filter { $0.hasPrefix(start) }
    }

    @Test func aTaskRunsItsShareAndOneMergeJobIsSubmitted() throws {
        try inFolder(bnexp: "exit 3") { folder, runTask throws in
            for task in ["1", "0", "1"] {
                let result = try runTask(task)
                #expect(result.exitCode == 3, "\(result.output)")
            }
            let shards = folder.path + "/results.sqlite.shards/in-8-tasks", sweep = "sweep \(folder.path)/sweep.json"
            let end = "--collect \(shards) --tasks 8 --jobs 1 --threads 1"
            #expect(
                try calls(folder, "sweep") == [
                    "\(sweep) --task 1 --index 4-5 \(end)", "\(sweep) --task 0 --index 0-23 \(end)",
                    "\(sweep) --task 1 --index 4-5 \(end)",
                ])
            #expect(try calls(folder, "sbatch") == ["sbatch --dependency=afterany:17,singleton"])
            let text = try String(contentsOf: folder.appendingPathComponent("merge"), encoding: .utf8)
            let merge = try bash(text, [], environment: ["BNEXP_MARK": shards + "/merge-of-17"])
            #expect(merge.exitCode == 3, "\(merge.output)")
            #expect(
                try calls(folder).last == "\(sweep) --collect \(shards) --merge --db \(folder.path)/results.sqlite")
            // A task that is requeued after the merge has another one made.
            _ = try runTask("0")
            #expect(try calls(folder, "sbatch").count == 2)
        }
    }

    /// The signals come from inside bnexp, when its parent certainly waits for it.
    ///
    /// TERM reaches bnexp as USR1.
    @Test(arguments: ["USR1", "TERM"]) func aSignalStopsBnexpAndRequeuesTheTask(signal: String) throws {
        let program = """
            trap 'exit 75' USR1
            kill -s \(signal) $PPID
            for ((i = 0; i < 2000; i++)); do sleep 0.01; done
            """
        try inFolder(bnexp: program) { folder, runTask throws in
            #expect(try runTask("0").exitCode == 75)
            // At a preemption Slurm requeues the task itself.
            #expect(try calls(folder).contains("scontrol requeue 18") == (signal == "USR1"))
        }
    }
}
