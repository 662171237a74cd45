import Foundation
import Support

/// Writes data that were asked for to standard output, in place of Swift's `print`, which does not tell that a full
/// disk or a closed pipe swallowed them: that must not look like success, so the command ends there.
func printData(_ text: String = "", terminator: String = "\n") {
    guard !writeAll(Array((text + terminator).utf8), to: standardOutput) else { return }
    let error = lostOutput()
    say(error.message)
    exit(error.exitStatus.rawValue)
}
