import Foundation

/// The machine's name, as `run_attempt.host` holds it.
package var thisHost: String { ProcessInfo.processInfo.hostName }

/// Whether a process of bnexp with this number is alive on this machine.
///
/// Systems use numbers again: where they show command lines (Linux), a process whose command line does not name bnexp
/// is not the one that was recorded. The command line of a zombie is empty.
package func isProcessAlive(_ pid: Int) -> Bool {
    guard let number = pid_t(exactly: pid), number > 0 else { return false }
    // EPERM: there is such a process, of another user.
    if kill(number, 0) != 0 && errno == ESRCH { return false }
    guard let commandLine = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") else { return true }
    return String(decoding: commandLine, as: UTF8.self).contains("bnexp")
}
