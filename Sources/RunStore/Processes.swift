import Foundation
import GRDB

/// The machine's name, as `run_attempt.host` holds it.
package var thisHost: String { ProcessInfo.processInfo.hostName }

/// The process of an attempt at a run, as `run_attempt` describes it.
struct AttemptProcess {
    let runID: Int64
    let attempt: Int
    let host: String
    let pid: Int
    /// Of the machine since it was last started; nil where the system did not tell, and for runs of earlier versions.
    let bootID: String?
    /// When the process started, in clock ticks since then.
    let started: Int?
    let heartbeatAt: String

    /// Why the process is believed to work on the run no more; nil if it may.
    ///
    /// A lock that it holds is certain. Without one, a process of this machine is known by its number and its start,
    /// and one of another machine by its heartbeat.
    /// - Parameter path: of the results file, with links resolved.
    func reasonGone(in path: String, heartbeatAge: Double) -> String? {
        if ByteLock.isHeld(runID, of: path) { return nil }
        let isOfThisBoot = bootID != nil && bootID == ThisMachine.bootID
        if isOfThisBoot || bootID == nil && host == thisHost {
            let isAlive =
                isOfThisBoot ? started == ThisMachine.startOfProcess(pid) && started != nil : isProcessAlive(pid)
            return isAlive ? nil : "process \(pid) is gone"
        }
        // Times are text of one form, so that their order is that of the moments.
        if heartbeatAt >= timestamp(Date().addingTimeInterval(-heartbeatAge)) { return nil }
        let seconds = heartbeatAge.formatted(.number.grouping(.never))
        return host == thisHost
            ? "\(host) was restarted since, and there was no heartbeat for more than \(seconds) s"
            : "no heartbeat from \(host) for more than \(seconds) s"
    }

    var description: String { "process \(pid) on \(host)" }
}

extension Database {
    /// Returns the process of the newest attempt at each run that a condition on `run` selects.
    func newestAttempts(where condition: String, _ arguments: StatementArguments = []) throws -> [AttemptProcess] {
        let hasBootID = try columns(in: "run_attempt").contains { $0.name == "boot_id" }
        return try Row.fetchAll(
            self,
            sql: """
                SELECT run_id, attempt, host, pid, heartbeat_at,
                    \(hasBootID ? "boot_id, process_started" : "NULL AS boot_id, NULL AS process_started")
                FROM run_attempt AS a JOIN run ON run_id = run.id
                WHERE attempt = (SELECT max(attempt) FROM run_attempt WHERE run_id = a.run_id) AND \(condition)
                ORDER BY run_id
                """, arguments: arguments
        ).map { row in
            AttemptProcess(
                runID: try row.checked("run_id"), attempt: try row.checked("attempt"), host: try row.checked("host"),
                pid: try row.checked("pid"), bootID: try row.checked("boot_id"),
                started: try row.checked("process_started"), heartbeatAt: try row.checked("heartbeat_at"))
        }
    }

    /// Returns the process that works on a run, by its name and machine; nil where there is none.
    /// - Parameter path: of the results file, with links resolved.
    func processAtWork(onRun id: Int64, in path: String) throws -> String? {
        try newestAttempts(where: "run.id = ? AND status = 'running'", [id])
            .first { $0.reasonGone(in: path, heartbeatAge: defaultHeartbeatAge) == nil }?.description
    }
}

/// What tells one start of a machine, and one process, from another.
enum ThisMachine {
    /// A number that the system makes when it starts; nil where it does not.
    static let bootID: String? = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id").map {
        String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// When a process started, in clock ticks since the machine did; nil if there is no such process, or the system
    /// does not tell.
    ///
    /// Source: proc_pid_stat(5), field 22. The second field, the program's name in parentheses, may have blanks.
    static func startOfProcess(_ pid: Int) -> Int? {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        let text = String(decoding: stat, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // A zombie, state Z, has ended.
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return Int(fields[19])
    }
}

/// Whether a process of bnexp with this number is alive on this machine, as far as runs of earlier versions tell.
private func isProcessAlive(_ pid: Int) -> Bool {
    guard let number = pid_t(exactly: pid), number > 0 else { return false }
    // EPERM: there is such a process, of another user.
    if kill(number, 0) != 0 && errno == ESRCH { return false }
    guard let commandLine = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") else { return true }
    return String(decoding: commandLine, as: UTF8.self).contains("bnexp")
}
