import Foundation

package let standardOutput = STDOUT_FILENO
package let standardError = STDERR_FILENO

/// Has closed standard streams lead nowhere, so that no file that is opened later takes the number of one; writing to
/// them stays an error.
package func occupyClosedStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
        // The lowest number that is free.
        _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
}

/// Reads standard input to its end, as UTF-8 text.
package func textOfStandardInput() throws(Failure) -> String {
    do { return String(decoding: try FileHandle.standardInput.readToEnd() ?? Data(), as: UTF8.self) } catch {
        throw Failure(.badInput, "standard input cannot be read; it is closed, or a folder. Pipe a text into it")
    }
}

/// Writes a message for people to standard error, after the program's name; on a terminal its lines are broken.
package func say(_ message: String) {
    writeToStandardError(fitted("bnexp: \(message.escapedForTerminal(keepsLines: true))\n", to: standardError))
}

/// Writes text to standard error, and drops it where nobody reads it any more: a lost reader must not end a run.
package func writeToStandardError(_ text: String) { _ = writeAll(Array(text.utf8), to: standardError) }

/// Returns the error of standard output that cannot be written, with the system's reason for its last failed call.
package func lostOutput() -> Failure {
    Failure(.outputLost, "standard output could not be written: \(String(cString: strerror(errno)))")
}

/// Writes all bytes to a file, also where the system takes them in parts or a signal interrupts it.
///
/// - Returns: false, with the reason in `errno`, where that fails.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno != EINTR { return false }
        rest = rest.dropFirst(max(0, count))
    }
    return true
}
