import Foundation
import RunStore
import TestSupport
import Testing

/// What happens to files that were moved, names that mean something elsewhere, and options that are mistyped.
@Suite struct AccidentTests {
    private let keep = ["run", "c.json", "-q", "--set", "checkpoint={}", "--db", "a/r.sqlite"]

    private func inFolderWithCheckpoint(_ body: (URL) throws -> Void) throws {
        try withToyFolder(normalizedToyConfig) { folder in
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("a"), withIntermediateDirectories: true)
            let run = try bnexp(keep, in: folder)
            #expect(run.exitCode == 0, "\(run.errors)")
            try body(folder)
        }
    }

    @Test func anExtractHasTheCheckpointsOfAFileThatWasMoved() throws {
        try inFolderWithCheckpoint { folder in
            let manager = FileManager.default, moved = folder.appendingPathComponent("b")
            try manager.moveItem(at: folder.appendingPathComponent("a"), to: moved)
            let made = try bnexp(["extract", "1", "-o", "e.sqlite", "--db", "b/r.sqlite"], in: folder)
            #expect(made.errors.contains("1 runs and 1 checkpoints"), "\(made.errors)")
            // It is the only one with the checkpoint now.
            try manager.removeItem(at: moved.appendingPathComponent("r.sqlite.checkpoints"))
            let again = ["extract", "1", "-o", "e.sqlite", "--force", "--db", "b/r.sqlite"]
            let kept = try bnexp(again, in: folder)
            #expect(kept.exitCode == 73 && kept.errors.contains("it has checkpoints that b/r.sqlite lacks"))
        }
    }

    @Test func dataThatWereMovedAreAskedFor() throws {
        try inFolderWithCheckpoint { folder in
            try FileManager.default.moveItem(
                at: folder.appendingPathComponent("toy.h5"), to: folder.appendingPathComponent("moved.h5"))
            let evaluate = ["evaluate", "1", "--db", "a/r.sqlite"]
            let result = try bnexp(evaluate, in: folder)
            #expect(result.exitCode == 65 && result.errors.contains("with --data"), "\(result.errors)")
            #expect(try bnexp(evaluate + ["--data", "moved.h5"], in: folder).exitCode == 0)
        }
    }

    /// Where the new file cannot be made the one before is still there.
    @Test func whatIsReplacedComesBack() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("r.sqlite").path
            for end in ["", ".lock"] { try "before".write(toFile: path + end, atomically: true, encoding: .utf8) }
            struct Full: Error {}
            #expect(throws: Full.self) {
                try ResultsFile.replacing(path) {
                    try "half".write(toFile: path, atomically: true, encoding: .utf8)
                    throw Full()
                }
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                    "r.sqlite", "r.sqlite.lock",
                ])
        }
    }

    @Test func anExtendedRunHasOneName() throws {
        try withToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q", "--name", "other"], in: folder).exitCode == 0)
            #expect(try bnexp(["run", "c.json", "-q", "--extend", "30", "--name", "longer"], in: folder).exitCode == 0)
            let names = try bnexp(["list", "--columns", "name,last_step", "--json"], in: folder)
            #expect(names.output.contains("\"longer\"") && names.output.contains("30"), "\(names.output)")
            #expect(try bnexp(["doctor"], in: folder).exitCode == 0)
        }
    }

    /// Shells put the home folder in its place; a tilde that is left is a name.
    @Test func aTildeIsAName() throws {
        try inFolderWithCheckpoint { folder in
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("~"), withIntermediateDirectories: true)
            let run = ["run", "c.json", "-q", "--set", "checkpoint={}", "--db", "~/x.sqlite"]
            #expect(try bnexp(run, in: folder).exitCode == 0)
            #expect(try bnexp(["backup", "~/b.sqlite", "--db", "~/x.sqlite"], in: folder).exitCode == 0)
            let names = try FileManager.default.contentsOfDirectory(
                atPath: folder.appendingPathComponent("~").path)
            #expect(Set(["x.sqlite", "x.sqlite.lock", "x.sqlite.checkpoints", "b.sqlite"]).isSubset(of: names))
        }
    }

    @Test(arguments: [["-threads", "1"], ["-epochs", "4"], ["-hq", "-shard"], ["-x.h5"]])
    func longOptionsHaveTwoDashes(options: [String]) throws {
        try withToyFolder { folder in
            let result = try bnexp(["run", "c.json"] + options, in: folder)
            #expect(result.exitCode == 64 && result.output.isEmpty, "\(result.errors)")
            #expect(result.errors.contains("have two dashes, -\(options.first { $0 != "-hq" } ?? "")"))
            let value = try bnexp(["run", "c.json", "-q", "--name", "-oh", "--dry-run"], in: folder)
            #expect(!value.errors.contains("two dashes"), "\(value.errors)")
        }
    }

    @Test func foldersInTheWayAreNamed() throws {
        try withToyFolder { folder in
            let weights = try bnexp(["run", "c.json", "--set", "model.initial_weights=d.safetensors"], in: folder)
            #expect(weights.exitCode == 65, "\(weights.errors)")
            for name in ["n.sqlite-wal", "d.safetensors"] {
                try FileManager.default.createDirectory(
                    at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
            }
            for (options, words) in [
                (["--set", "model.initial_weights=d.safetensors"], "It is a folder"),
                (["--set", "model.initial_weights=."], ""),
                (["--db", "n.sqlite"], "n.sqlite-wal is in the way, a folder"),
            ] {
                let result = try bnexp(["run", "c.json"] + options, in: folder)
                #expect([65, 73].contains(result.exitCode), "\(result.errors)")
                #expect(words.isEmpty || result.errors.contains(words), "\(result.errors)")
            }
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            let closed = try run(["/bin/sh", "-c", "exec \"$0\" sql - <&-", binary.path], in: folder)
            #expect(closed.exitCode == 65 && closed.errors.contains("standard input cannot be read"))
        }
    }

    /// An imported variance below 0 would make everything NaN.
    @Test func runningVariancesAreChecked() throws {
        try inFolderWithCheckpoint { folder in
            let export = ["export", "1", "--weights", "w.safetensors", "--db", "a/r.sqlite"]
            let made = try bnexp(export, in: folder)
            #expect(made.exitCode == 0, "\(made.errors)")
            let path = folder.appendingPathComponent("w.safetensors")
            var bytes = try Data(contentsOf: path)
            let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            let header = try #require(
                try JSONSerialization.jsonObject(with: bytes.dropFirst(8).prefix(length)) as? [String: Any])
            let name = try #require(header.keys.first { $0.hasSuffix("running_var") })
            let offsets = try #require((header[name] as? [String: Any])?["data_offsets"] as? [Int])
            bytes[8 + length + offsets[0] + 3] |= 0x80  // the sign of its first value
            try bytes.write(to: path)
            let result = try bnexp(["run", "c.json", "--set", "model.initial_weights=w.safetensors"], in: folder)
            #expect(result.exitCode == 65 && result.errors.contains("a variance below 0"), "\(result.errors)")
        }
    }
}
