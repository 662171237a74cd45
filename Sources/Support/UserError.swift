/// The codes that the process exits with, which scripts rely on; from 64 on they are those of sysexits.h.
package enum ExitStatus: Int32, Sendable {
    /// A check, such as that of gradients or of a results file, found something wrong.
    case checkFailed = 1
    /// The loss of a run was not finite.
    case diverged = 2
    /// Some trials of a sweep failed.
    case trialsFailed = 3
    /// The command line asks for something that cannot be done.
    case usage = 64
    /// A config or a data file is wrong.
    case badInput = 65
    /// An error that bnexp does not expect.
    case defect = 70
    /// A file cannot be written, or a results file cannot be used.
    case cannotWrite = 73
    /// What was written to standard output did not arrive.
    case outputLost = 74
    /// A signal stopped the command; the same command continues.
    case stopped = 75
    /// Another process works on the run.
    case busyRun = 76
}

/// An error with a message for the user, who can do something about it, and with the exit code that scripts see.
///
/// A module states what was found and what was expected; the caller that knows the config key or the option adds it.
package protocol UserError: Error, CustomStringConvertible {
    /// What is wrong and what to do about it; empty where the command has said so before.
    var message: String { get }
    var exitStatus: ExitStatus { get }
}

extension UserError {
    package var description: String { message }
}

/// The end of a command that fails for another reason than a mistake in a config, in data or in a results file.
package struct Failure: UserError {
    package let exitStatus: ExitStatus
    /// What steers a terminal is escaped: names come from arguments and from files.
    package let message: String

    package init(_ exitStatus: ExitStatus, _ message: String = "") {
        self.exitStatus = exitStatus
        self.message = message.escapedForTerminal()
    }
}
