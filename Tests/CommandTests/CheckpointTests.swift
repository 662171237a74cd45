import Foundation
import GRDB
import RunStore
import TestSupport
import Testing
import Training

/// What counts as a checkpoint, and what becomes of a run whose checkpoints or rows an accident met.
@Suite struct CheckpointTests {
    private let base = [
        "run", "c.json", "--progress", "none", "--set", "training.steps=400", "--set", "logging.every=10", "--set",
        "evaluation.every=100",
    ]
    private let checkpoint = ["--set", "checkpoint={\"every\": 50}"]

    private func inToyFolder(_ body: (URL) throws -> Void) throws { try withToyFolder(normalizedToyConfig, body) }

    private func open(_ folder: URL, _ database: String) throws -> ResultsFile {
        try ResultsFile(reading: folder.appendingPathComponent(database).path)
    }

    /// Makes a file whose only run was whole, and one whose run looks as if it had been killed after some step.
    private func makeWholeAndKilled(in folder: URL, afterStep step: Int = 230) throws {
        #expect(try bnexp(base + checkpoint + ["--db", "whole.sqlite"], in: folder).exitCode == 0)
        #expect(try bnexp(base + checkpoint + ["--db", "killed.sqlite"], in: folder).exitCode == 0)
        try change(
            """
            UPDATE run SET status = 'running', content_hash = NULL, last_step = NULL;
            UPDATE run_attempt SET host = 'elsewhere', heartbeat_at = '2020-01-01T00:00:00.000Z';
            DELETE FROM checkpoint WHERE step > \(step);
            """
                + [
                    "training_step", "evaluation", "activation_statistic", "activation_percentile",
                    "parameter_statistic",
                    "normalization_statistic",
                ].map { "DELETE FROM \($0) WHERE step > \(step);" }.joined(), folder, "killed.sqlite")
    }

    private func change(_ sql: String, _ folder: URL, _ database: String) throws {
        try DatabaseQueue(path: folder.appendingPathComponent(database).path).inDatabase { try $0.execute(sql: sql) }
    }

    /// Resumes the killed run and expects that it ends with what the whole one has.
    private func resume(_ folder: URL, _ database: String = "killed.sqlite") throws -> CommandResult {
        let result = try bnexp(base + checkpoint + ["--db", database, "--if-exists", "resume"], in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
        let whole = try open(folder, "whole.sqlite"), resumed = try open(folder, database)
        #expect(try resumed.content(ofRun: 1) == whole.content(ofRun: 1))
        #expect(try resumed.recordedContentHash(ofRun: 1) == whole.content(ofRun: 1).hash)
        return result
    }

    private func checkpointPath(_ step: Int, _ folder: URL, _ database: String = "killed.sqlite") throws -> String {
        try #require(open(folder, database).checkpoints(ofRun: 1).first { $0.step == step }).path
    }

    @Test func onlyCommittedCheckpointsCount() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            // The files of later steps are there, as after a backup of the results file was restored.
            let errors = try resume(folder).errors
            #expect(
                errors.contains("going on from step 200 of checkpoint") && errors.contains("rows from there on are"))
            let names = try FileManager.default.contentsOfDirectory(
                atPath: URL(fileURLWithPath: checkpointPath(400, folder)).deletingLastPathComponent().path)
            #expect(names.count == 8)
        }
    }

    @Test func aDamagedCheckpointIsToldAndTheNextOlderOneTaken() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            let newest = try checkpointPath(200, folder), older = try checkpointPath(150, folder)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: newest))
            bytes[bytes.count / 2] ^= 4
            try bytes.write(to: URL(fileURLWithPath: newest))
            try FileManager.default.removeItem(atPath: older)
            let evaluated = try bnexp(["evaluate", "1", "--db", "killed.sqlite", "--json"], in: folder)
            #expect(evaluated.output.contains("\"step\": 100") && evaluated.errors.contains("is damaged"))
            let named = try bnexp(
                ["evaluate", "1", "--db", "killed.sqlite", "--checkpoint", "200"], in: folder)
            #expect(
                named.exitCode == 65 && named.errors.contains("checkpoint of step 200 is damaged"), "\(named.errors)")
            let errors = try resume(folder).errors
            #expect(errors.contains("checkpoint of step 200 is damaged") && errors.contains("SHA-256"))
            #expect(errors.contains("checkpoint of step 150 is not there any more"))
            #expect(errors.contains("going on from step 100"))
        }
    }

    @Test func missingRowsAreMeasuredAgain() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            try change("DELETE FROM training_step WHERE step BETWEEN 120 AND 140", folder, "killed.sqlite")
            let errors = try resume(folder).errors
            #expect(errors.contains("rows of step 120 are missing") && errors.contains("going on from step 100"))
        }
    }

    @Test func rowsThatDifferWhenMeasuredAgainAreTold() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            try change("UPDATE training_step SET loss = 7 WHERE step IN (210, 220)", folder, "killed.sqlite")
            let errors = try resume(folder).errors
            #expect(
                errors.contains(
                    "2 of the steps that were measured again, first training_step at step 210, gave other values"),
                "\(errors)")
        }
    }

    /// Holes in a run that has not ended, and settings that contradict the config, have no hash that would tell.
    @Test func doctorAndMergeFindWhatConfigsContradict() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            #expect(try bnexp(["doctor", "--db", "killed.sqlite"], in: folder).output.contains("no run lacks a step"))
            try change("DELETE FROM training_step WHERE step BETWEEN 120 AND 140", folder, "killed.sqlite")
            try change(
                "UPDATE run_parameter SET value = 0.25 WHERE path = 'optimizer.learning_rate'", folder, "killed.sqlite")
            let doctor = try bnexp(["doctor", "--db", "killed.sqlite"], in: folder)
            #expect(doctor.exitCode == 1 && doctor.output.contains("has no rows of step 120"), "\(doctor.output)")
            #expect(doctor.output.contains("run_parameter differ in optimizer.learning_rate"), "\(doctor.output)")
            let merge = try bnexp(["merge", "killed.sqlite", "--db", "merged.sqlite"], in: folder)
            #expect(merge.exitCode == 0 && merge.errors.contains("has no rows of step 120"), "\(merge.errors)")
        }
    }

    /// While a better state takes the name of the best one and does not count yet, the best one is found.
    @Test func theBestCheckpointIsFoundWhileItIsReplaced() throws {
        try inToyFolder { folder in
            let best = ["--set", "checkpoint={\"best\": {\"split\": \"train\"}}"]
            #expect(try bnexp(base + best, in: folder).exitCode == 0)
            let record = try #require(
                try open(folder, "results.sqlite").checkpoints(ofRun: 1).first { $0.kind == .best })
            let place = URL(fileURLWithPath: record.path)
            let previous = place.deletingLastPathComponent().appendingPathComponent("previous-best.h5")
            #expect(!FileManager.default.fileExists(atPath: previous.path))
            try FileManager.default.moveItem(at: place, to: previous)
            try Data("a better one".utf8).write(to: place)
            let evaluation = try bnexp(["evaluate", "1", "--checkpoint", "best"], in: folder)
            #expect(evaluation.exitCode == 0, "\(evaluation.errors)")
        }
    }

    /// Rows of a table that no checkpoint speaks for: the run does not look finished, and resuming mends it.
    @Test func aRunThatLacksRowsIsNotFinished() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            try change("DELETE FROM parameter_statistic WHERE step = 50", folder, "killed.sqlite")
            let again = base + checkpoint + ["--db", "killed.sqlite", "--if-exists", "resume"]
            let result = try bnexp(again, in: folder)
            #expect(result.exitCode == 73 && result.errors.contains("parameter_statistic has"), "\(result.errors)")
            #expect(try open(folder, "killed.sqlite").status(ofRun: 1) == .failed)
            _ = try resume(folder)
        }
    }

    /// The folder of checkpoints is the same under every name of the results file, and moves with it.
    @Test func checkpointsFollowTheResultsFile() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            let manager = FileManager.default
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            try manager.createDirectory(atPath: path("moved"), withIntermediateDirectories: true)
            for name in ["killed.sqlite", "killed.sqlite.checkpoints"] {
                try manager.moveItem(atPath: path(name), toPath: path("moved/\(name)"))
            }
            try manager.createSymbolicLink(atPath: path("link.sqlite"), withDestinationPath: "moved/killed.sqlite")
            #expect(try resume(folder, "link.sqlite").errors.contains("going on from step 200"))
            #expect(!manager.fileExists(atPath: path("link.sqlite.checkpoints")))
        }
    }

    /// A backup has rows and checkpoints of one moment, in which the run goes on, and the original keeps its own.
    @Test func aBackupCanBeResumed() throws {
        try inToyFolder { folder in
            try makeWholeAndKilled(in: folder)
            let original = try checkpointPath(200, folder)
            let backup = try bnexp(["backup", "copy.sqlite", "--db", "killed.sqlite"], in: folder)
            #expect(backup.exitCode == 0 && backup.errors.contains("1 runs and 4 checkpoints"), "\(backup.errors)")
            #expect(try checkpointPath(200, folder, "copy.sqlite").contains("copy.sqlite.checkpoints"))
            let again = try bnexp(["backup", "copy.sqlite", "--db", "killed.sqlite"], in: folder)
            #expect(again.exitCode == 73 && again.errors.contains("replaces nothing"), "\(again.errors)")
            let few = ["--set", "checkpoint={\"every\": 50, \"keep\": 1}"]
            let resumed = try bnexp(base + few + ["--db", "copy.sqlite", "--if-exists", "resume"], in: folder)
            #expect(resumed.exitCode == 0 && resumed.errors.contains("going on from step 200"), "\(resumed.errors)")
            #expect(FileManager.default.fileExists(atPath: original))
            // A plain copy names the checkpoints of the original, and leaves them alone.
            try FileManager.default.copyItem(
                at: folder.appendingPathComponent("killed.sqlite"), to: folder.appendingPathComponent("plain.sqlite"))
            let plain = try bnexp(base + few + ["--db", "plain.sqlite", "--if-exists", "resume"], in: folder)
            #expect(plain.exitCode == 0 && plain.errors.contains("going on from step 200"), "\(plain.errors)")
            #expect(FileManager.default.fileExists(atPath: original))
        }
    }

    @Test func runsThatShareAFolderLeaveEachOtherAlone() throws {
        try inToyFolder { folder in
            let shared = ["--set", "checkpoint={\"directory\": \"kept\", \"every\": 50, \"keep\": 2}"]
            var uuids: [String] = []
            for seed in ["1", "2"] {
                uuids.append(
                    try bnexp(base + shared + ["--seed", seed], in: folder).output.trimmingCharacters(in: .newlines))
            }
            for uuid in uuids {
                let names = try FileManager.default.contentsOfDirectory(
                    atPath: folder.appendingPathComponent("kept/\(uuid)").path)
                #expect(names.sorted() == ["step-350.h5", "step-400.h5"])
                #expect(try bnexp(["evaluate", uuid], in: folder).exitCode == 0)
            }
        }
    }

    @Test func aCheckpointCanBeNamed() throws {
        try inToyFolder { folder in
            let best = ["--set", "checkpoint={\"every\": 100, \"best\": {\"split\": \"train\"}}"]
            #expect(try bnexp(base + best, in: folder).exitCode == 0)
            func step(_ checkpoint: String) throws -> CommandResult {
                try bnexp(["evaluate", "1", "--checkpoint", checkpoint, "--json"], in: folder)
            }
            let file = try checkpointPath(200, folder, "results.sqlite")
            #expect(try step("200").output.contains("\"step\": 200") && step(file).output.contains("\"step\": 200"))
            #expect(try step("last").output.contains("\"step\": 400") && step("best").exitCode == 0)
            let none = try step("150")
            #expect(
                none.exitCode == 64 && none.errors.contains("no checkpoint of step 150; it has 400"), "\(none.errors)")
            let dump = ["dump", "1", "--step", "150", "-o", "d.h5", "--checkpoint"]
            #expect(try bnexp(dump + ["100"], in: folder).exitCode == 0)
            let late = try bnexp(["dump", "1", "--step", "150", "-o", "e.h5", "--checkpoint", "200"], in: folder)
            #expect(late.exitCode == 64 && late.errors.contains("is one of step 200"), "\(late.errors)")
            #expect(try bnexp(base + ["--seed", "4"], in: folder).exitCode == 0)
            let foreign = try bnexp(["evaluate", "2", "--checkpoint", file], in: folder)
            #expect(foreign.exitCode == 65 && foreign.errors.contains("of run"), "\(foreign.errors)")
        }
    }

    @Test func changedDataAreRefusedAndMovedOnesFound() throws {
        try inToyFolder { folder in
            #expect(try bnexp(base + checkpoint, in: folder).exitCode == 0)
            let manager = FileManager.default
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            try manager.moveItem(atPath: path("toy.h5"), toPath: path("elsewhere.h5"))
            #expect(try bnexp(["evaluate", "1"], in: folder).exitCode == 65)
            #expect(try bnexp(["evaluate", "1", "--data", "elsewhere.h5"], in: folder).exitCode == 0)
            #expect(try bnexp(["verify", "1", "--data", "elsewhere.h5"], in: folder).exitCode == 0)
            try writeToyData(to: path("toy.h5"), trainRows: 117)
            for command in [["evaluate", "1"], ["dump", "1", "--step", "5", "-o", "d.h5"], ["verify", "1"]] {
                let result = try bnexp(command, in: folder)
                #expect(
                    result.exitCode == 65 && result.errors.contains("These are not the data of run"), "\(result.errors)"
                )
            }
        }
    }

    @Test func verifyTrainsAgainAndCompares() throws {
        try inToyFolder { folder in
            #expect(try bnexp(base, in: folder).exitCode == 0)
            let same = try bnexp(["verify", "latest", "--json"], in: folder)
            #expect(same.exitCode == 0 && !same.output.contains("\"no\""), "\(same.errors)")
            try change("UPDATE parameter_statistic SET weight_norm = 1 WHERE step = 130", folder, "results.sqlite")
            let other = try bnexp(["verify", "latest", "--json"], in: folder)
            let parts = try JSONSerialization.jsonObject(with: Data(other.output.utf8)) as? [[String: Any]] ?? []
            let different = parts.filter { $0["identical"] as? String == "no" }
            #expect(other.exitCode == 1 && different.count == 1 && other.errors.contains("when it ended"))
            #expect(
                different.first?["table"] as? String == "parameter_statistic"
                    && different.first?["first_different_step"] as? Int == 130)
        }
    }

    @Test(arguments: [[], ["--set", "checkpoint={}"]]) func aFinishedRunCanBeExtended(checkpoint: [String]) throws {
        try inToyFolder { folder in
            #expect(try bnexp(base + checkpoint, in: folder).exitCode == 0)
            let extended = try bnexp(base + checkpoint + ["--extend", "455"], in: folder)
            #expect(extended.exitCode == 0, "\(extended.errors)")
            let long = base.map { $0 == "training.steps=400" ? "training.steps=455" : $0 }
            #expect(try bnexp(long + checkpoint + ["--db", "long.sqlite"], in: folder).exitCode == 0)
            let a = try open(folder, "results.sqlite"), b = try open(folder, "long.sqlite")
            #expect(try a.content(ofRun: 1) == b.content(ofRun: 1))
            let same = "SELECT config_hash, identity, last_step, status FROM run WHERE id = 1"
            #expect(try a.query(same) == b.query(same))
            let fewer = try bnexp(base + ["--extend", "300"], in: folder)
            #expect(fewer.exitCode != 0 && !fewer.errors.isEmpty)
        }
    }

    @Test func aScheduleOverTheWholeRunCannotBeExtended() throws {
        try inToyFolder { folder in
            let cosine = base + ["--set", "schedule={\"kind\": \"cosine\"}"]
            #expect(try bnexp(cosine, in: folder).exitCode == 0)
            let result = try bnexp(cosine + ["--extend", "500"], in: folder)
            #expect(result.exitCode == 65 && result.errors.contains("the learning rate of step"), "\(result.errors)")
            let none = try bnexp(base + ["--seed", "9", "--extend", "500"], in: folder)
            #expect(none.exitCode == 64 && none.errors.contains("no run of this config to extend"), "\(none.errors)")
        }
    }

    @Test func aRunThatIsNotFoundIsNotBegunInSilence() throws {
        try inToyFolder { folder in
            let stopped = try startEndlessRun(in: folder, ["--db", "r.sqlite"])
            stopped.signal(SIGTERM)
            #expect(try stopped.finish() == .exit(75))
            let result = try bnexp(
                base + ["--db", "r.sqlite", "--if-exists", "resume", "--set", "data.drop_last=false"], in: folder)
            #expect(
                result.exitCode == 0 && result.errors.contains("no run of this identity; the nearest"),
                "\(result.errors)")
            #expect(result.errors.contains("differs in") && result.errors.contains("training.steps"))
        }
    }

    /// A minute after the last one, or later where one takes long.
    @Test func checkpointsByTime() {
        var timer = CheckpointTimer(now: 1000)
        #expect(!timer.isDue(now: 1059) && timer.isDue(now: 1060))
        timer.note(start: 1060, end: 1060.1)
        #expect(!timer.isDue(now: 1120) && timer.isDue(now: 1120.2))
        timer.note(start: 1120, end: 1122)
        #expect(!timer.isDue(now: 1300) && timer.isDue(now: 1320))
    }
}
