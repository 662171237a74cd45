import Foundation
import ProcessStart

/// A command that runs beside the test, with pipes or with a terminal of its own.
///
/// What it writes is read only when the test asks for it. A command that writes much is therefore held up soon after
/// the text that the test has waited for, and cannot have ended when the test then stops it.
final class StartedCommand {
    enum Streams {
        /// Standard output and standard error are pipes; on Linux they take 4096 bytes before the command waits.
        case pipes
        /// All three streams are one terminal, and keys such as control-C reach the command as signals.
        case terminal(columns: Int, rows: Int)
    }

    /// How a command ended.
    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    /// A text that did not come.
    struct Missing: Error, CustomStringConvertible {
        var description: String

        init(_ description: String) { self.description = description }
        init(systemError thing: String) { description = "\(thing) cannot be had: \(String(cString: strerror(errno)))" }
    }

    let processIdentifier: pid_t
    private let name: String
    /// The ends that the test reads: standard output and standard error, or the terminal alone.
    private var readers: [Int32]
    private var bytes: [[UInt8]]
    private var isOpen: [Bool]
    private var end: End?

    /// Generous: it is the time after which a test fails, not one that a test takes.
    private static let limit = 120.0

    /// Starts a program, named by its path, with arguments in a folder.
    init(
        _ command: [String], in folder: URL, streams: Streams = .pipes, environment changes: [String: String] = [:]
    ) throws {
        name = command.joined(separator: " ")
        var (output, errors): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        let isTerminal: Bool
        let input: Int32
        switch streams {
        case .pipes:
            guard open_pipe(&output) == 0, open_pipe(&errors) == 0 else { throw Missing(systemError: "a pipe") }
            input = open("/dev/null", O_RDONLY | O_CLOEXEC)
            isTerminal = false
            readers = [output[0], errors[0]]
        case .terminal(let columns, let rows):
            guard open_terminal(&output, UInt16(columns), UInt16(rows)) == 0 else {
                throw Missing(systemError: "a pseudo-terminal")
            }
            (input, errors[1], isTerminal) = (output[1], output[1], true)
            readers = [output[0]]
        }
        bytes = readers.map { _ in [] }
        isOpen = readers.map { _ in true }

        var environment = ProcessInfo.processInfo.environment
        for name in ["BNEXP_DB", "NO_COLOR", "COLORTERM", "COLUMNS"] { environment[name] = nil }
        environment["TERM"] = "xterm-256color"
        environment.merge(changes) { $1 }
        processIdentifier = withCStrings(command) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                start_process(folder.path, arguments, variables, [input, output[1], errors[1]], isTerminal ? 1 : 0)
            }
        }
        for descriptor in Set([input, output[1], errors[1]]) { _ = close(descriptor) }
        guard processIdentifier > 0 else {
            end = .exit(127)
            throw Missing(systemError: "a process for \(name)")
        }
    }

    deinit {
        if end == nil {
            kill(processIdentifier, SIGKILL)
            waitpid(processIdentifier, nil, 0)
        }
        readers.forEach { _ = close($0) }
    }

    /// What was read of standard output, or of the terminal.
    var output: String { String(decoding: bytes[0], as: UTF8.self) }
    /// What was read of standard error, or of the terminal.
    var errors: String { String(decoding: bytes[bytes.count - 1], as: UTF8.self) }

    /// Reads until something holds of what was read.
    /// - Throws: if the command ends before, or two minutes pass.
    func wait(for content: String, until holds: (StartedCommand) -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: Self.limit)
        while !holds(self) {
            guard Date() < deadline, try readMore(before: deadline) else {
                throw Missing("\(name) has not written \(content), but:\n\(output)\n\(errors)")
            }
        }
    }

    /// Reads until standard error, or the terminal, holds a text.
    func wait(for text: String) throws { try wait(for: "'\(text)'") { $0.errors.contains(text) } }

    /// Reads until a step has been committed; with `--progress json`.
    /// - Returns: the last step that was reported as committed.
    @discardableResult func wait(forCommitOfStep step: Int) throws -> Int {
        func lastCommit() -> Int? {
            // A line may be there in part.
            errors.matches(of: /\{"committed": ([0-9]+)\}/).last.flatMap { Int($0.output.1) }
        }
        try wait(for: "that step \(step) is committed") { _ in (lastCommit() ?? -1) >= step }
        return lastCommit() ?? step
    }

    /// Types into the terminal.
    func send(_ keys: String) {
        let typed = Array(keys.utf8)
        _ = write(readers[0], typed, typed.count)
    }

    /// Gives the terminal another size, of which the command is told by SIGWINCH.
    func resize(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(readers[0], UInt(TIOCSWINSZ), &size)
    }

    func signal(_ number: Int32) { kill(processIdentifier, number) }

    /// Reads everything, and waits until the command has ended.
    func finish() throws -> End {
        if let end { return end }
        let deadline = Date(timeIntervalSinceNow: Self.limit)
        while isOpen.contains(true) {
            guard Date() < deadline else {
                kill(processIdentifier, SIGKILL)
                throw Missing("\(name) does not end; it has written:\n\(output)\n\(errors)")
            }
            _ = try readMore(before: deadline)
        }
        var status: Int32 = 0
        while waitpid(processIdentifier, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7F
        let result = signal == 0 ? End.exit(status >> 8 & 0xFF) : End.signal(signal)
        end = result
        return result
    }

    /// Reads what is there, waiting for it; whether more may come.
    private func readMore(before deadline: Date) throws -> Bool {
        var waited = readers.indices.filter { isOpen[$0] }.map {
            pollfd(fd: readers[$0], events: Int16(POLLIN), revents: 0)
        }
        guard !waited.isEmpty else { return false }
        let milliseconds = Int32(max(1, deadline.timeIntervalSinceNow * 1000))
        guard poll(&waited, nfds_t(waited.count), milliseconds) > 0 else { return true }
        var buffer = [UInt8](repeating: 0, count: 4096)
        for ready in waited where ready.revents != 0 {
            guard let index = readers.firstIndex(of: ready.fd) else { continue }
            let count = read(ready.fd, &buffer, buffer.count)
            if count > 0 {
                bytes[index] += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                isOpen[index] = false  // a terminal that the command has left reads as an error
            }
        }
        return isOpen.contains(true)
    }
}

/// Calls `body` with the texts as C has them: an array of pointers that ends with a null pointer.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = texts.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array of one element or more has a base") }
        return body(base)
    }
}
