import Foundation
import RunStore
import TestSupport
import Testing

/// What commands do to the files that they are told to write.
@Suite struct OutputTests {
    private func inRunFolder(_ body: (URL) throws -> Void) throws {
        try withToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q", "--set", "checkpoint={}"], in: folder).exitCode == 0)
            try body(folder)
        }
    }

    /// Every file and link of a folder with its bytes; a checkpoint's path is in the results file.
    private func contents(_ folder: URL) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                FileManager.default.contents(atPath: folder.appendingPathComponent(name).path).map { (name, $0) }
            })
    }

    private func commands(_ output: String) -> [[String]] {
        [
            ["export", "latest", "--table", "training_step", "-o", output],
            ["dump", "latest", "--step", "3", "-o", output],
            ["plot", "latest", "--metric", "loss", "-o", output],
        ]
    }

    /// What runs depend on stays, also under another name and whatever is asked for.
    @Test func whatRunsDependOnIsNeverReplaced() throws {
        try inRunFolder { folder in
            let file = try ResultsFile(reading: folder.appendingPathComponent("results.sqlite").path)
            let checkpoint = try #require(file.checkpoints(ofRun: 1).first).path
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent("link").path, withDestinationPath: "toy.h5")
            try FileManager.default.copyItem(
                atPath: checkpoint, toPath: folder.appendingPathComponent("copy.h5").path)
            let before = try contents(folder)
            for output in [
                "results.sqlite", "./results.sqlite-wal", "results.sqlite.lock", "c.json", "toy.h5", "link", "copy.h5",
                checkpoint,
            ] {
                for command in commands(output) where !output.hasSuffix("json") || command[0] != "plot" {
                    let result = try bnexp(command + ["--force"], in: folder)
                    #expect([64, 73].contains(result.exitCode), "\(command): \(result.output)")
                    #expect(result.errors.contains("never replaced") || result.exitCode == 64, "\(result.errors)")
                }
            }
            #expect(try contents(folder) == before)
        }
    }

    @Test func anotherFileIsReplacedOnlyIfAskedFor() throws {
        try inRunFolder { folder in
            let place = folder.appendingPathComponent("mine.svg").path
            try "mine".write(toFile: place, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: place)
            for command in commands("mine.svg") {
                let refused = try bnexp(command, in: folder)
                #expect(
                    refused.exitCode == 73 && refused.errors.contains("mine.svg exists; --force"), "\(refused.errors)")
                #expect(try String(contentsOfFile: place, encoding: .utf8) == "mine")
            }
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent("link.svg").path, withDestinationPath: "mine.svg")
            for _ in 0..<2 {
                // The second time it is a figure of the same command.
                let force = try String(contentsOfFile: place, encoding: .utf8) == "mine" ? ["--force"] : []
                #expect(try bnexp(commands("link.svg")[2] + force, in: folder).exitCode == 0)
                #expect(try String(contentsOfFile: place, encoding: .utf8).hasPrefix("<svg "))
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: place)
            #expect(attributes[.posixPermissions] as? Int == 0o640)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/link.svg") == "mine.svg")
            // A table of the same columns too.
            for _ in 0..<2 { #expect(try bnexp(commands("t.csv")[0], in: folder).exitCode == 0) }
            #expect(try !contents(folder).keys.contains { $0.hasSuffix(".partial") || $0 == "-" })
        }
    }

    @Test func pipesAndStandardOutputAreWrittenThrough() throws {
        try inRunFolder { folder in
            let export = try bnexp(commands("-")[0], in: folder)
            #expect(export.exitCode == 0 && export.output.hasPrefix("run_id,step"))
            #expect(try bnexp(commands("-")[2], in: folder).output.hasPrefix("<svg "))
            let pipe = folder.appendingPathComponent("pipe").path
            #expect(mkfifo(pipe, 0o600) == 0)
            let script = "cat pipe >copy & '\(binary.path)' export latest --table training_step -o pipe; wait"
            #expect(try run(["/bin/sh", "-c", script], in: folder).exitCode == 0)
            #expect(try String(contentsOfFile: folder.path + "/copy", encoding: .utf8) == export.output)
            var status = stat()
            #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
        }
    }

    /// Names that would steer a terminal are refused where they are given, and escaped where they are found.
    @Test func controlCharactersDoNotReachTheTerminal() throws {
        try inRunFolder { folder in
            for arguments in [
                ["run", "c.json", "-q", "--name", "a\u{1B}[31m"], ["run", "c.json", "-q", "--tag", "a\nb"],
                ["tag", "latest", "a\u{202E}b"], ["list", "--no-such\u{1B}[31m"], ["plot", "--width", "\u{1B}[2J"],
            ] {
                let result = try bnexp(arguments, in: folder)
                #expect(result.exitCode == 64 || result.exitCode == 65, "\(arguments)")
                #expect(!result.errors.unicodeScalars.contains("\u{1B}") && !result.errors.contains("\u{202E}"))
            }
            #expect(try bnexp(["note", "latest", "-- a \u{1B}[2J note"], in: folder).exitCode == 0)
            let notes = try bnexp(["note", "latest"], in: folder)
            #expect(notes.output.contains("-- a \\u{1b}[2J note") && !notes.output.unicodeScalars.contains("\u{1B}"))
            let raw = try bnexp(["note", "latest", "--json"], in: folder)
            #expect(raw.output.contains("\\u001b[2J"))
        }
    }

    @Test func oneKeyIsSetOnce() throws {
        try inRunFolder { folder in
            for (options, words) in [
                (["--seed", "1", "--set", "seed=2"], "is given by --seed 1 already"),
                (["--name", "a", "--set", "name=b"], "is given by --name a already"),
                (["--set", "seed=1", "--set", "seed=2"], "is given by --set seed=1 already"),
                (
                    ["--set", "training.steps=3", "--set", "training={\"batch_size\": 2, \"steps\": 4}"],
                    "--set training.steps=3"
                ),
            ] {
                let result = try bnexp(["run", "c.json", "-q"] + options, in: folder)
                #expect(result.exitCode == 65 && result.errors.contains(words), "\(result.errors)")
            }
            let sql = try bnexp(["sql", "-- how many?\nSELECT count(*) AS n FROM run", "--csv"], in: folder)
            #expect(sql.output == "n\n1\n", "\(sql.errors)")
        }
    }

    @Test func aKindOfAnExtendedFileTellsWhatItKeeps() throws {
        try inRunFolder { folder in
            try "{\"extends\": \"c.json\", \"optimizer\": {\"kind\": \"adam\"}}".write(
                to: folder.appendingPathComponent("adam.json"), atomically: true, encoding: .utf8)
            let result = try bnexp(["config", "show", "adam.json"], in: folder)
            #expect(
                result.exitCode == 0
                    && result.errors.contains("keeps of c.json: learning_rate 0.5 (adam's default is 0.001)"),
                "\(result.errors)")
            try "{\"extends\": \"/dev/zero\"}".write(
                to: folder.appendingPathComponent("zero.json"), atomically: true, encoding: .utf8)
            let device = try bnexp(["config", "show", "zero.json"], in: folder)
            #expect(device.exitCode == 65 && device.errors.contains("is no regular file"), "\(device.errors)")
        }
    }
}
