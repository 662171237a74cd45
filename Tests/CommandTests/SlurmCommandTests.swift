import Foundation
import TestSupport
import Testing

/// `bnexp sweep --slurm`; what the script does is tested with `SlurmScript`, and on a real cluster by
/// scripts/test-slurm.
@Suite struct SlurmCommandTests {
    private func inSweepFolder(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig().write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            try "{\"name\": \"toy\", \"config\": \"c.json\", \"seeds\": {\"range\": [1, 8, 1]}}".write(
                to: folder.appendingPathComponent("s.json"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    @Test func theScriptIsOfWhatIsLeft() throws {
        try inSweepFolder { folder throws in
            let all = try bnexp(
                [
                    "sweep", "s.json", "--slurm", "--jobs", "2", "--threads", "2", "--time", "1-2", "--array-throttle",
                    "3", "--sbatch", "--mem=2G",
                    "--set", "training.steps=30", "--tag", "it's",
                ], in: folder)
            #expect(all.exitCode == 0, "\(all.errors)")
            #expect(all.errors == "bnexp: 8 of 8 trials to run, in 4 tasks; sbatch takes this script\n")
            for line in [
                "#SBATCH --array=0-3%3", "#SBATCH --cpus-per-task=4", "#SBATCH --time=1-2", "#SBATCH --mem=2G",
                "#SBATCH --job-name=toy",
            ] {
                #expect(all.output.contains(line + "\n"), "\(line)")
            }
            #expect(all.output.contains("--tasks 4 --jobs 2 --threads 2 '--tag=it'\\''s' &"))
            #expect(all.output.contains("/s.json --set training.steps=30 --task \"$task\""))
            #expect(all.output.contains("results.sqlite\n") && all.output.contains("bnexp=/"))
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results.sqlite").path))

            #expect(try bnexp(["sweep", "s.json", "--index", "0-3,6", "-q"], in: folder).exitCode == 0)
            let left = try bnexp(["sweep", "s.json", "--slurm", "--trials-per-task", "3"], in: folder)
            #expect(left.output.contains("#SBATCH --array=1-2\n"))
            #expect(left.output.contains("\n1) trials=4-5 ;;\n2) trials=7 ;;\n"))
            #expect(try bnexp(["sweep", "s.json", "-q"], in: folder).exitCode == 0)
            let nothing = try bnexp(["sweep", "s.json", "--slurm"], in: folder)
            #expect(
                nothing.exitCode == 0 && nothing.output.isEmpty && nothing.errors.contains("nothing is left to run"),
                "\(nothing.errors)")
        }
    }

    @Test(arguments: [
        (["--time", "10"], "--time needs --slurm"),
        (["--sbatch", "--mem=2G"], "--sbatch needs --slurm"),
        (["--slurm", "--expand"], "--slurm and --expand contradict each other"),
        (["--slurm", "--dry-run"], "--slurm and --dry-run contradict each other"),
        (["--slurm", "--if-exists", "rerun"], "--slurm and --if-exists rerun contradict each other"),
        (["--slurm", "--shard", "a"], "--slurm and --shard contradict each other"),
        (["--slurm", "--collect", "a", "--merge"], "--slurm and --collect contradict each other"),
        (["--scratch", "a"], "--scratch needs --task I --tasks K --collect DIR, or --slurm"),
        (["--slurm", "--time", "soon"], "--time is 'soon'; expected minutes"),
        (["--slurm", "--time", "3"], "--time is 3, which leaves no time to train"),
        (["--slurm", "--time", "0:02:59"], "which leaves no time to train"),
        (["--slurm", "--trials-per-task", "0"], "--trials-per-task is 0; expected 1 to 1,000,000,000,000"),
        (["--slurm", "--array-throttle", "0"], "--array-throttle is 0; expected 1 to 1,000,000,000,000"),
        (["--slurm", "--trials-per-task", "2", "--jobs", "3"], "--jobs 3 is more than --trials-per-task 2"),
        (["--slurm", "--sbatch", "short"], "--sbatch is 'short'; expected one option of sbatch"),
        (["--slurm", "--sbatch", "--array=0-3"], "--trials-per-task and --array-throttle choose the array"),
        (["--slurm", "--sbatch", "-t 5"], "give --time to bnexp sweep"),
        (["--slurm", "--sbatch", "--cpus-per-task=2"], "--jobs and --threads choose the processors"),
        (["--index", "3-1"], "--index"),
        (["--index", "1,,2"], "--index"),
    ])
    func contradictionsAreNamed(arguments: [String], message: String) throws {
        try inSweepFolder { folder throws in
            let result = try bnexp(["sweep", "s.json"] + arguments, in: folder)
            #expect(result.exitCode == 64)
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }

    @Test func aSweepFromStandardInputCannotBeSubmitted() throws {
        try inSweepFolder { folder throws in
            let result = try bnexp(["sweep", "-", "--slurm"], in: folder, input: "{}")
            #expect(
                result.exitCode == 64 && result.errors.contains("a sweep file that the nodes can read"),
                "\(result.errors)")
        }
    }

    /// Slurm's own words for options that only begin like the script's are the user's.
    @Test(arguments: ["--time-min=5", "--comment=array", "--constraint=avx2"]) func otherOptionsPass(option: String)
        throws
    {
        try inSweepFolder { folder throws in
            let result = try bnexp(["sweep", "s.json", "--slurm", "--sbatch", option], in: folder)
            #expect(result.exitCode == 0 && result.output.contains("#SBATCH \(option)\n"), "\(result.errors)")
        }
    }
}
