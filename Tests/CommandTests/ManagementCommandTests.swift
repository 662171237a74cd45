import Foundation
import RunStore
import TestSupport
import Testing

/// Commands that manage, check and pass on what results files hold, on real small runs.
@Suite struct ManagementCommandTests {
    private func inToyFolder(_ body: (URL) throws -> Void) throws { try withToyFolder(normalizedToyConfig, body) }

    private func train(_ arguments: String..., in folder: URL) throws {
        let result = try bnexp(["run", "c.json", "-q"] + arguments, in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    private func objects(_ arguments: String..., in folder: URL) throws -> [[String: Any]] {
        let result = try bnexp(arguments + ["--json"], in: folder)
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
    }

    /// Runs a command that must fail: its exit code, and words of its message.
    private func refuses(_ arguments: [String], exitCode: Int32, _ words: String..., in folder: URL) throws {
        let result = try bnexp(arguments, in: folder)
        #expect(result.exitCode == exitCode, "\(arguments): \(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(word) is not in: \(result.errors)") }
    }

    @Test func tagsAndNotes() throws {
        try inToyFolder { folder in
            try train(in: folder)
            #expect(try bnexp(["tag", "latest", "b", "a"], in: folder).output == "a\nb\n")
            #expect(try bnexp(["tag", "toy", "b", "--remove"], in: folder).output == "a\n")
            #expect(try objects("tag", "1", in: folder).map { $0["tag"] as? String } == ["a"])
            #expect(try objects("list", "--tag", "a", in: folder).count == 1)
            try refuses(["tag", "latest", "x", "--remove"], exitCode: 64, "no tag \"x\"; its tags are a", in: folder)
            try refuses(["tag", "latest", "--remove"], exitCode: 64, "--remove needs", in: folder)
            #expect(try bnexp(["note", "latest"], in: folder).errors.contains("has no notes"))
            #expect(try bnexp(["note", "latest", "looks, \"fine\""], in: folder).exitCode == 0)
            #expect(try objects("note", "latest", in: folder).map { $0["text"] as? String } == ["looks, \"fine\""])
            #expect(try bnexp(["show", "latest"], in: folder).output.contains("looks, \"fine\""))
            try refuses(["note", "latest", ""], exitCode: 64, "the note is empty", in: folder)
            for command in [["tag", "none", "a"], ["note", "none", "a"], ["delete", "none"], ["export", "none"]] {
                try refuses(command, exitCode: 64, "no run \"none\"", in: folder)
            }
            for command in [
                ["tag", "1", "a"], ["note", "1", "a"], ["delete", "1"], ["reap"], ["doctor"], ["export"],
            ] {
                try refuses(
                    command + ["--db", "missing.sqlite"], exitCode: 73, "there is no results file missing.sqlite",
                    in: folder)
            }
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("missing.sqlite").path))
        }
    }

    /// Names are lines of listings: neither very long nor of several lines; files that hold such names are read.
    @Test func namesAreLimited() throws {
        try inToyFolder { folder in
            let long = String(repeating: "n", count: 256), found = "expected a text of at most 255 bytes"
            for arguments in [
                ["run", "c.json", "--name", long], ["run", "c.json", "--name", "a\nb"],
                ["run", "c.json", "--tag", long],
                ["run", "c.json", "--name", ""],
            ] {
                try refuses(arguments, exitCode: 64, found, in: folder)
            }
            try refuses(["run", "c.json", "--set", "name=\(long)"], exitCode: 65, found, in: folder)
            #expect(try bnexp(["run", "c.json", "--name", String(long.dropLast()), "-q"], in: folder).exitCode == 0)
            try refuses(["tag", "1", long], exitCode: 64, found, in: folder)
            try refuses(["tag", "1", "a\tb"], exitCode: 64, found, in: folder)
            // As an earlier version wrote it.
            try plant(
                """
                UPDATE run SET name = name || 'nnn', config = json_set(config, '$.name', name || 'nnn');
                INSERT INTO tag VALUES (1, '\(long)')
                """, in: folder.appendingPathComponent("results.sqlite").path)
            for command in [["list"], ["show", "1"], ["verify", "1"], ["tag", "1", long, "--remove"]] {
                let result = try bnexp(command, in: folder)
                #expect(!result.errors.contains(found) && result.exitCode <= 1, "\(command): \(result.errors)")
            }
        }
    }

    @Test func deleteSaysWhatGoesAndGivesSpaceBack() throws {
        try inToyFolder { folder in
            try train(in: folder)
            try train("--name", "other", in: folder)
            let dry = try objects("delete", "1", "toy", "--dry-run", in: folder)
            #expect(
                dry.contains { $0["table"] as? String == "training_step" && $0["rows"] as? Int == 5 }
                    && dry[0]["rows"] as? Int == 1)
            #expect(try objects("list", in: folder).count == 2)
            let deleted = try bnexp(["delete", "toy"], in: folder)
            #expect(
                deleted.exitCode == 0 && deleted.errors.contains("deleted run 1 (toy)")
                    && deleted.errors.contains("--vacuum gives it back"))
            #expect(try objects("list", in: folder).map { $0["name"] as? String } == ["other"])
            #expect(try bnexp(["delete", "other", "--vacuum"], in: folder).errors.contains("bytes and has"))
            #expect(try objects("sql", "SELECT run_id FROM training_step", in: folder).isEmpty)
            try refuses(["delete"], exitCode: 64, "Missing expected argument", in: folder)
        }
    }

    /// A killed process leaves a run that looks alive: delete refuses it while it is, doctor and reap find it
    /// afterwards.
    @Test func aKilledRunIsFoundAndReaped() throws {
        try inToyFolder { folder in
            let endless = try startEndlessRun(in: folder)
            try refuses(
                ["delete", "latest"], exitCode: 76, "process \(endless.processIdentifier) on", "works on it",
                in: folder)
            #expect(try objects("reap", in: folder).isEmpty)
            endless.signal(SIGKILL)
            #expect(try endless.finish() == .signal(SIGKILL))
            let doctor = try bnexp(["doctor"], in: folder)
            #expect(
                doctor.exitCode == 1 && doctor.output.contains("problem  process")
                    && doctor.output.contains("-> bnexp reap"), "\(doctor.output)")
            #expect(try objects("reap", "--dry-run", in: folder).count == 1)
            #expect(try objects("list", "--status", "running", in: folder).count == 1)
            let reaped = try objects("reap", in: folder)
            #expect(
                reaped.count == 1 && reaped[0]["pid"] as? Int == Int(endless.processIdentifier)
                    && reaped[0]["last_step"] is Int)
            #expect(try objects("list", "--status", "lost", in: folder).count == 1)
            #expect(try bnexp(["reap"], in: folder).errors.contains("no run is lost"))
            #expect(try objects("doctor", "--quick", in: folder).allSatisfy { $0["verdict"] as? String == "ok" })
            try refuses(["reap", "--heartbeat-age", "0"], exitCode: 64, "expected seconds, more than 0", in: folder)
        }
    }

    @Test func filesAreMerged() throws {
        try inToyFolder { folder in
            try train("--db", "a.sqlite", in: folder)
            try train("--db", "b.sqlite", "--seed", "2", in: folder)
            let first = try objects("merge", "a.sqlite", "b.sqlite", "--db", "all.sqlite", in: folder)
            #expect(
                first.map { $0["added"] as? Int } == [1, 1]
                    && first.map { $0["file"] as? String } == ["a.sqlite", "b.sqlite"])
            let second = try objects("merge", "a.sqlite", "b.sqlite", "--db", "all.sqlite", in: folder)
            #expect(second.map { $0["kept"] as? Int } == [1, 1] && second.map { $0["added"] as? Int } == [0, 0])
            #expect(
                try objects("doctor", "--db", "all.sqlite", in: folder).allSatisfy { $0["verdict"] as? String == "ok" })
            #expect(try objects("sql", "SELECT step FROM training_step", "--db", "all.sqlite", in: folder).count == 10)
            try refuses(
                ["merge", "none.sqlite", "--db", "new.sqlite"], exitCode: 73, "there is no results file none.sqlite",
                in: folder)
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("new.sqlite").path))
            try refuses(
                ["merge", "all.sqlite", "--db", "./all.sqlite"], exitCode: 64, "is the file that is merged into",
                in: folder)
            try refuses(
                ["merge", "toy.h5", "--db", "all.sqlite"], exitCode: 73, "not a readable SQLite file", in: folder)
            try refuses(["merge"], exitCode: 64, "Missing expected argument", in: folder)
        }
    }

    @Test func exportWritesTablesAndWideTables() throws {
        try inToyFolder { folder in
            try train("--name", "quoted, \"name\"", in: folder)
            try train(in: folder)
            let one = try bnexp(["export", "1", "--table", "training_step"], in: folder)
            #expect(one.output.hasPrefix("run_id,step,epoch,loss") && one.output.split(separator: "\r\n").count == 6)
            #expect(try bnexp(["export", "--table", "run"], in: folder).output.contains("\"quoted, \"\"name\"\"\""))
            let all = try bnexp(["export", "--output", "tables", "--format", "jsonl"], in: folder)
            #expect(all.exitCode == 0, "\(all.errors)")
            let lines = try String(
                contentsOf: folder.appendingPathComponent("tables/evaluation.jsonl"), encoding: .utf8
            ).split(separator: "\n")
            let count = try objects("sql", "SELECT count(*) AS n FROM evaluation", in: folder)[0]["n"] as? Int
            #expect(lines.count == count && lines[0].hasPrefix("{\"run_id\": 1, \"step\": 0, "))
            let wide = try bnexp(["export", "latest", "--wide"], in: folder).output.split(separator: "\r\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            let steps = try objects(
                "sql",
                "SELECT step FROM training_step WHERE run_id = 2 UNION SELECT step FROM evaluation WHERE run_id = 2 "
                    + "ORDER BY 1",
                in: folder)
            #expect(wide.dropFirst().map { Int($0[0]) } == steps.map { $0["step"] as? Int })
            #expect(wide.allSatisfy { $0.count == wide[0].count })
            for column in [
                "loss", "train_accuracy.running", "weight.0.gradient_norm", "activation.0.preactivation.p15",
                "normalization.0.mean_gap",
            ] {
                #expect(wide[0].contains { $0 == column }, "\(column)")
            }
            #expect(try bnexp(["export", "--wide", "-o", "wide"], in: folder).exitCode == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("wide").path).sorted()
                    == ["run-1.csv", "run-2.csv"])
            #expect(try bnexp(["export", "1", "--wide", "-o", "one.csv"], in: folder).output.isEmpty)
            try refuses(["export"], exitCode: 64, "name a folder with --output", in: folder)
            try refuses(["export", "--table", "nope", "-o", "nope.csv"], exitCode: 64, "no table \"nope\"", in: folder)
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("nope.csv").path))
            try refuses(["export", "-o", "c.json"], exitCode: 73, "cannot be made", in: folder)
            try refuses(
                ["export", "--table", "run", "-o", "no/x.csv"], exitCode: 73, "no/x.csv cannot be written", in: folder)
            try refuses(["export", "--format", "xml"], exitCode: 64, "csv", in: folder)
        }
    }

    @Test func listIsFilteredAndWatched() throws {
        try inToyFolder { folder in
            try train("--set", "optimizer.learning_rate=0.1", "--name", "slow", in: folder)
            try train("--set", "model.normalization.kind=none", in: folder)
            func names(_ arguments: String...) throws -> [String?] {
                let result = try bnexp(["list", "--json"] + arguments, in: folder)
                return try (JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []).map
                { $0["name"] as? String }
            }
            #expect(try names("--where", "optimizer.learning_rate=1e-1") == ["slow"])
            #expect(try names("--where", "model.hidden=[6]", "--where", "model.normalization.kind=none") == ["toy"])
            #expect(try names("--name", "s*", "--status", "finished") == ["slow"])
            #expect(try names("--status", "failed", "--status", "lost") == [])
            try refuses(
                ["list", "--where", "learning_rate=1"], exitCode: 64, "did you mean optimizer.learning_rate?",
                in: folder)
            try refuses(["list", "--where", "learning_rate"], exitCode: 64, "expected key.path=VALUE", in: folder)
            try refuses(["list", "--status", "done"], exitCode: 64, "finished", in: folder)
            try refuses(["list", "--watch", "0"], exitCode: 64, "--watch is 0", in: folder)
            for arguments in [["list", "--watch", "0.05"], ["show", "latest", "--watch", "0.05"]] {
                let watch = try StartedCommand([binary.path] + arguments, in: folder)
                try watch.wait(for: "three tables") { $0.output.components(separatedBy: "finished").count >= 4 }
                watch.signal(SIGINT)
                #expect(try watch.finish() == .signal(SIGINT))
                #expect(!watch.output.contains("\u{1B}"), "\(arguments): \(watch.output)")
            }
        }
    }

    @Test func seedsAreComparedTogether() throws {
        try inToyFolder { folder in
            for seed in ["1", "2", "3"] { try train("--seed", seed, "--name", "toy-\(seed)", in: folder) }
            try train("--set", "model.normalization.kind=none", "--name", "plain", in: folder)
            let automatic = try bnexp(["compare", "1", "2", "3"], in: folder).output
            #expect(
                automatic.contains("toy\n") && automatic.contains("±") && !automatic.contains("toy-1"), "\(automatic)")
            #expect(try !bnexp(["compare", "1", "4"], in: folder).output.contains("±"))
            let rows = try objects("compare", "--group-by-seed", in: folder)
            let losses = try objects("sql", "SELECT final_loss FROM run_summary WHERE run_id < 4", in: folder)
                .compactMap { $0["final_loss"] as? Double }
            let mean = losses.reduce(0, +) / 3
            let deviation = (losses.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 2).squareRoot()
            let loss = rows.filter { $0["quantity"] as? String == "final_loss" }
            #expect(
                loss.map { $0["group"] as? String } == ["toy", "plain"] && loss.map { $0["count"] as? Int } == [3, 1])
            // The same sums in the same order, but for the last bits that the text may differ in.
            #expect(
                abs((loss[0]["mean"] as? Double ?? 0) - mean) < 1e-12
                    && abs((loss[0]["standard_deviation"] as? Double ?? 0) - deviation) < 1e-12)
            #expect(loss[1]["standard_deviation"] is NSNull)
            #expect(
                rows.contains {
                    $0["quantity"] as? String == "model.normalization.kind" && $0["value"] as? String == "none"
                })
            #expect(!rows.contains { $0["quantity"] as? String == "seed" })
            // A repeat has the same bits, and would only make the deviation smaller; what ended early has no part.
            try train("--seed", "1", "--name", "toy-1", in: folder)
            try plant(
                "UPDATE run SET status = 'diverged' WHERE id = 2",
                in: folder.appendingPathComponent("results.sqlite").path)
            let fewer = try objects("compare", "--group-by-seed", in: folder)
                .first { $0["quantity"] as? String == "final_loss" }
            #expect(fewer?["count"] as? Int == 2)
            #expect(abs((fewer?["mean"] as? Double ?? 0) - (losses[0] + losses[2]) / 2) < 1e-12)
            let table = try bnexp(["compare", "--group-by-seed"], in: folder).output
            for row in ["runs", "finished", "seeds"] { #expect(table.contains("\n\(row) "), "\(table)") }
            #expect(try bnexp(["compare", "1", "2", "--side-by-side"], in: folder).output.contains("diverged"))
        }
    }

    /// Two names of one file are no difference between runs; other data are.
    @Test func dataAreComparedByWhatTheyHold() throws {
        try inToyFolder { folder in
            let data = folder.appendingPathComponent("toy.h5")
            try FileManager.default.copyItem(at: data, to: folder.appendingPathComponent("copy.h5"))
            try train("--seed", "1", "--name", "a", in: folder)
            try train("--seed", "2", "--name", "a", "--set", "data.file=copy.h5", in: folder)
            try train("--seed", "2", "--name", "b", "--set", "model.normalization.kind=none", in: folder)
            #expect(try objects("list", "--group", in: folder).map { $0["runs"] as? Int } == [2, 1])
            #expect(try !bnexp(["compare", "2", "3"], in: folder).output.contains("data.file"))
            #expect(try objects("sql", "SELECT run_id FROM batch_norm_gain", in: folder).count == 1)
            try plant(
                "UPDATE run SET data_hash = 'other' WHERE id = 2",
                in: folder.appendingPathComponent("results.sqlite").path)
            #expect(try objects("list", "--group", in: folder).count == 3)
            #expect(try bnexp(["compare", "1", "2"], in: folder).output.contains("data.file"))
        }
    }

    @Test func configsAreCompared() throws {
        try inToyFolder { folder in
            try "{\"extends\": \"c.json\", \"optimizer\": {\"kind\": \"adam\"}, \"name\": \"d\"}".write(
                to: folder.appendingPathComponent("d.json"), atomically: true, encoding: .utf8)
            let rows = try objects("config", "diff", "c.json", "d.json", in: folder)
            #expect(
                rows.contains {
                    $0["path"] as? String == "optimizer.kind" && $0["a"] as? String == "\"sgd\""
                        && $0["b"] as? String == "\"adam\""
                })
            #expect(rows.contains { $0["path"] as? String == "optimizer.beta1" && $0["a"] is NSNull })
            #expect(rows.allSatisfy { ($0["path"] as? String)?.hasPrefix("optimizer.") == true })
            #expect(try bnexp(["config", "diff", "c.json", "d.json"], in: folder).output.contains("c.json"))
            let same = try bnexp(["config", "diff", "c.json", "-"], in: folder, input: "{\"extends\": \"c.json\"}")
            #expect(same.exitCode == 0 && same.errors.contains("do not differ"))
            try refuses(
                ["config", "diff", "c.json", "none.json"], exitCode: 65, "none.json: no such config file", in: folder)
            try refuses(["config", "diff", "-", "-"], exitCode: 64, "both configs are standard input", in: folder)
        }
    }
}
