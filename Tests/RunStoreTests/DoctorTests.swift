import Foundation
import RunStore
import TestSupport
import Testing
import Training

@Suite struct DoctorTests {
    /// Problems that the doctor finds after `sql` was run behind bnexp's back, as "check: what was found -> remedy".
    private func problems(after sql: String, prepare: (ResultsFile) throws -> Void = { _ in }) throws -> [String] {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("r.sqlite").path
            try prepareFile(at: path) {
                try $0.addRun("a")
                try prepare($0)
            }
            try plant(sql, in: path)
            return try examine(path, schema: .current, isQuick: false).filter(\.isProblem).map {
                "\($0.check): \($0.found) -> \($0.remedy ?? "")"
            }
        }
    }

    /// Writes a file and closes it, so that nothing holds a lock.
    private func prepareFile(at path: String, _ body: (ResultsFile) throws -> Void) throws {
        try body(try ResultsFile(writing: path))
    }

    @Test func aSoundFileHasNoProblems() throws {
        #expect(try problems(after: "SELECT 1") == [])
        try withResultsFile { file, _ in
            let findings = try examine(file.path, schema: .current, isQuick: true)
            #expect(
                findings.map(\.check) == [
                    "file", "integrity", "foreign_key", "schema", "orphan", "journal", "write_ahead_log", "sqlite",
                    "process", "last_step", "checkpoint", "file_system",
                ])
        }
    }

    @Test func rowsWithoutARunAreFound() throws {
        let found = try problems(
            after:
                "INSERT INTO training_step (run_id, step, epoch, learning_rate) VALUES (9, 0, 0, 0.1), (9, 1, 0, 0.1)")
        #expect(
            found.contains {
                $0.hasPrefix("foreign_key: 2 rows of training_step refer to rows of run that are not there")
            })
        #expect(
            found.contains {
                $0.hasPrefix("orphan: 2 rows of training_step belong to no run")
                    && $0.contains("DELETE FROM training_step")
            })
        #expect(found.count == 2)
    }

    @Test func anotherJournalIsFound() throws {
        let found = try problems(after: "PRAGMA journal_mode = DELETE")
        #expect(found.count == 1 && found[0].hasPrefix("journal: journal mode is delete, expected wal"))
    }

    @Test func aRunWithoutItsProcessIsFound() throws {
        let found = try problems(after: "SELECT 1") {
            try $0.addRun("b", host: ProcessInfo.processInfo.hostName, pid: goneProcess(), status: nil)
        }
        #expect(
            found.count == 1 && found[0].contains("run 2 (b) is marked running, but process")
                && found[0].hasSuffix("-> bnexp reap"))
    }

    @Test func rowsBeyondTheLastStepAreFound() throws {
        let found = try problems(after: "UPDATE run SET last_step = 4")
        #expect(
            found == [
                "last_step: run 1 (a) ended at step 4, but training_step has rows up to step 5 -> bnexp verify 1 tells "
                    + "whether they are right; or delete the run and repeat it"
            ])
    }

    @Test func aLargeLogAndCheckpointsOfNoRunAreFound() throws {
        try withResultsFile { file, _ in
            let run = try file.addRun("a")
            for name in [run.uuid, "stranger"] {
                try FileManager.default.createDirectory(
                    atPath: "\(file.path).checkpoints/\(name)", withIntermediateDirectories: true)
            }
            let problems = try examine(file.path, schema: .current, isQuick: false).filter(\.isProblem)
            #expect(problems.map(\.check) == ["checkpoint"] && problems[0].found.contains("stranger is of no run"))
            let log = try FileHandle(forWritingTo: URL(fileURLWithPath: file.path + "-wal"))
            try log.truncate(atOffset: 65_000_000)
            try log.close()
            #expect(
                try examine(file.path, schema: .current, isQuick: false).contains {
                    $0.check == "write_ahead_log" && $0.isProblem && $0.found.contains("65 MB")
                })
        }
    }

    @Test func damageIsFoundAndDoesNotEndTheExamination() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("r.sqlite").path
            try prepareFile(at: path) { file in
                for number in 0..<40 { try file.addRun("run \(number)", steps: Array(0..<50)) }
            }
            try plant("PRAGMA wal_checkpoint(TRUNCATE)", in: path)
            // The first page of one table: the schema stays readable, without which nothing opens.
            let place = try ResultsFile(reading: path).query(
                "SELECT (rootpage - 1) * page_size, page_size FROM sqlite_master, pragma_page_size WHERE name = "
                    + "'training_step'"
            ).rows[0]
            guard case .integer(let offset) = place[0], case .integer(let size) = place[1] else {
                Issue.record("no page: \(place)")
                return
            }
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seek(toOffset: UInt64(offset))
            try handle.write(contentsOf: Data(repeating: 0xA5, count: size))
            try handle.close()
            let findings = try examine(path, schema: .current, isQuick: false)
            #expect(
                findings.contains {
                    $0.check == "integrity" && $0.isProblem && $0.remedy?.contains(".recover") == true
                }, "\(findings)")
            #expect(findings.contains { $0.check == "file_system" })
        }
    }

    @Test func aFileThatIsNotOursIsAFinding() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("text").path
            try Data("this is a text of more than sixteen bytes, not a database".utf8).write(
                to: URL(fileURLWithPath: path))
            let findings = try examine(path, schema: .current, isQuick: false)
            #expect(
                findings.count == 1 && findings[0].isProblem && findings[0].found.contains("not a readable SQLite file")
            )
            #expect(
                message {
                    _ = try examine(folder.appendingPathComponent("none").path, schema: .current, isQuick: false)
                }.contains(
                    "there is no results file"))
        }
    }

    @Test(arguments: [
        ("/data/r.sqlite", "/data", "nfs4", true), ("/data/my disk/r.sqlite", "/data/my disk", "ext4", false),
        ("/database/r.sqlite", "/", "overlay", false),
        ("/home/x/r.sqlite", "/home", "fuse.sshfs", true), ("/usb/r.sqlite", "/usb", "fuseblk", false),
    ])
    func theFileSystemIsThatOfTheInnermostMount(path: String, mountPoint: String, type: String, isShared: Bool) throws {
        let mountInfo = """
            22 1 0:20 / / rw,relatime - overlay overlay rw
            36 22 0:31 / /data rw shared:1 master:2 - nfs4 server:/x rw
            37 36 8:1 / /data/my\\040disk rw - ext4 /dev/sda1 rw
            38 22 8:2 / /home rw - ext4 /dev/sda2 rw
            39 22 0:40 / /home rw - fuse.sshfs x:/y rw
            40 22 8:3 / /usb rw - fuseblk /dev/sdb1 rw
            """
        let system = try #require(FileSystem(of: path, mountInfo: mountInfo))
        #expect(system.mountPoint == mountPoint && system.type == type && system.isShared == isShared)
    }
}
