import Foundation
import GRDB
import RunStore
import TestSupport
import Testing

/// Who works on a run, and what becomes of a process that lost its run.
@Suite struct LivenessTests {
    private func inToyFolder(_ body: (URL) throws -> Void) throws { try withToyFolder { try body($0) } }

    private func change(_ sql: String, _ folder: URL) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        try DatabaseQueue(path: folder.appendingPathComponent("results.sqlite").path, configuration: configuration)
            .inDatabase { try $0.execute(sql: sql) }
    }

    private let resume = [
        "run", "c.json", "-q", "--set", "training.steps=1000000000", "--set", "evaluation.every=0", "--if-exists",
        "resume",
    ]

    /// A process that is stopped holds its run, whatever its host, its heartbeat and the clock say.
    @Test func aStoppedProcessKeepsItsRun() throws {
        try inToyFolder { folder in
            let endless = try startEndlessRun(in: folder)
            try change("UPDATE run_attempt SET host = 'elsewhere', heartbeat_at = '2020-01-01T00:00:00.000Z'", folder)
            endless.signal(SIGSTOP)
            #expect(try bnexp(["reap", "--dry-run"], in: folder).errors.contains("no run is lost"))
            let second = try bnexp(resume, in: folder)
            #expect(second.exitCode == 76 && second.errors.contains("is being worked on"), "\(second.errors)")
            endless.signal(SIGCONT)
            endless.signal(SIGTERM)
            #expect(try endless.finish() == .exit(75))
        }
    }

    /// A process that another one has overtaken changes nothing more, and says so.
    @Test func anOvertakenProcessChangesNothing() throws {
        try inToyFolder { folder in
            let endless = try startEndlessRun(in: folder)
            try change(
                """
                INSERT INTO run_attempt (run_id, attempt, host, pid, started_at, heartbeat_at, from_step)
                VALUES (1, 2, 'elsewhere', 7, '2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z', 0);
                UPDATE run SET status = 'finished', last_step = 3
                """, folder)
            #expect(try endless.finish() == .exit(76), "\(endless.errors)")
            #expect(endless.errors.contains("this process has lost run 1: process 7 on elsewhere has gone on with it"))
            let rows = try bnexp(["sql", "SELECT status, last_step, exit_reason FROM run", "--csv"], in: folder)
            #expect(rows.output == "status,last_step,exit_reason\nfinished,3,\n")
        }
    }

    /// A number that the system uses again is not the process that had it.
    @Test func aReusedNumberIsAnotherProcess() throws {
        try inToyFolder { folder in
            let endless = try startEndlessRun(in: folder)
            endless.signal(SIGKILL)
            #expect(try endless.finish() == .signal(SIGKILL))
            try change("UPDATE run_attempt SET pid = \(getpid())", folder)
            #expect(try bnexp(["reap", "--json"], in: folder).output.contains("process \(getpid()) is gone"))
        }
    }

    /// A run is seen from other namespaces of process numbers and host names, and by a program of another name.
    @Test(.enabled(if: canUnshare, "namespaces need root and unshare"))
    func namespacesAndNamesDoNotHideARun() throws {
        try inToyFolder { folder in
            let endless = try startEndlessRun(in: folder)
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/lab", withDestinationPath: binary.path)
            let script = """
                hostname elsewhere
                ./lab reap --dry-run || exit 1
                ./lab \(resume.map { "'\($0)'" }.joined(separator: " "))
                """
            let result = try run(
                ["/usr/bin/unshare", "--uts", "--pid", "--fork", "--mount-proc", "/bin/sh", "-c", script], in: folder)
            #expect(result.exitCode == 76 && result.errors.contains("no run is lost"), "\(result.errors)")
            endless.signal(SIGTERM)
            #expect(try endless.finish() == .exit(75))
        }
    }
}

private let canUnshare: Bool = {
    guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/unshare") else { return false }
    let arguments = ["/usr/bin/unshare", "--uts", "--pid", "--fork", "--mount-proc", "/bin/true"]
    return (try? run(arguments, in: FileManager.default.temporaryDirectory))?.exitCode == 0
}()
