import ArgumentParser
import Dispatch
import Foundation
import Reports
import RunStore
import Serving
import Support
import Synchronization
import Training

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Show the page of pictures in a browser, live while runs are writing.",
        discussion: """
            The address is printed; its token keeps other users of the machine out. Only programs on this machine are \
            answered: from elsewhere forward the port, as the ssh line says that is printed. Ends with Control-C. \
            The runs are those that are shown at first, by default the two newest.

            Examples:
              bnexp serve
              bnexp serve 1 2 --port 8080
            """)

    @OptionGroup var selection: RunSelection
    @Option(help: "The port of 127.0.0.1 to listen on; default is one that is free.") var port: UInt16?
    @Option(
        help: ArgumentHelp("Listen on a socket in place of a port, which only you may open.", valueName: "path"),
        completion: .file()) var socket: String?
    @OptionGroup var results: ResultsOption

    func validate() throws {
        if socket != nil && port != nil {
            throw ValidationError("--port and --socket contradict each other; give one.")
        }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        let chosen = try selection.references(in: file, default: .newest(2), isNoneAllowed: selection.isEmpty).map(\.id)
        let sweep = try selection.sweep.map { sweep throws in try findSweep(sweep, in: file) }
        if let socket {
            let most = MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size - 1
            guard socket.utf8.count <= most else {
                throw Failure(
                    .cannotWrite,
                    "a path of \(socket.utf8.count) bytes is too long for a socket; name one of at most \(most)")
            }
            try removeStale(socket)
        }
        let server = PageServer(file, at: socket.map { .socket($0) } ?? .port(port ?? 0), chosen: chosen, sweep: sweep)
        let stop = StopSignal()
        // Only this user may open what is made from here on, so that there is no moment in which others may.
        umask(0o177)
        let ended = DispatchSemaphore(value: 0)
        let outcome = Outcome()
        let task = Task.detached { [socket] in
            do {
                try await server.run { port, token in announce(port, token, socket) }
            } catch {
                if !(error is CancellationError) { outcome.note(error) }
            }
            ended.signal()
        }
        while ended.wait(timeout: .now() + 0.1) == .timedOut {
            if stop.isRequested { task.cancel() }
        }
        if let socket { unlink(socket) }
        if let error = outcome.error, !stop.isRequested { throw error }
    }

    /// Removes the socket that a server left which was killed; anything else is not touched.
    private func removeStale(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw Failure(.cannotWrite, "\(path) exists and is no socket; name another")
        }
        guard !isAnswered(path) else {
            throw Failure(.cannotWrite, "another program listens on \(path); stop it, or name another socket")
        }
        unlink(path)
    }
}

/// Says where the page is, and how it is reached from elsewhere.
private func announce(_ port: UInt16?, _ token: String?, _ socket: String?) {
    if let socket {
        printData(socket)
        say(
            "from elsewhere: ssh -L 8080:\(quotedForShell(absolutePath(socket))) \(thisHost), then "
                + "http://127.0.0.1:8080/"
        )
    } else if let port {
        printData("http://127.0.0.1:\(port)/?token=\(token ?? "")")
        say("from elsewhere: ssh -L \(port):127.0.0.1:\(port) \(thisHost), then the same address. Control-C ends it")
    }
}

private func absolutePath(_ path: String) -> String { URL(fileURLWithPath: path).path }

/// Whether a program listens on a socket.
private func isAnswered(_ path: String) -> Bool {
    let descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}

/// What ended a server, noted by its task.
private final class Outcome: Sendable {
    private let noted = Mutex<(any Error)?>(nil)

    func note(_ error: any Error) { noted.withLock { $0 = error } }

    var error: (any Error)? { noted.withLock { $0 } }
}
