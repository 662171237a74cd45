import Foundation
import Synchronization

/// The partial files of outputs that this process writes.
enum PartialFiles {
    static let paths = Mutex<Set<String>>([])
}

extension OutputFile {
    /// Has SIGINT, SIGTERM, SIGHUP and SIGXCPU remove the partial files of all outputs before they end this process.
    ///
    /// The signals are held back in this thread and in those that it begins later; another thread waits for them, which
    /// may do what a signal handler may not. A child process lets them through again.
    package static func removePartialFilesOnSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] where !isIgnored(number) { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let waiting = signals
        let thread = Thread {
            var waiting = waiting
            var number: Int32 = 0
            guard sigwait(&waiting, &number) == 0 else { return }
            // The lock is kept, so that no output takes its name or begins after this.
            PartialFiles.paths.withLock { paths in
                for path in paths { unlink(path) }
                signal(number, SIG_DFL)
                pthread_sigmask(SIG_UNBLOCK, &waiting, nil)
                raise(number)
            }
        }
        thread.start()
    }
}

/// Whether this process was started with a signal ignored, as nohup does.
private func isIgnored(_ number: Int32) -> Bool {
    var current = sigaction()
    sigaction(number, nil, &current)
    #if os(Linux)
        let handler = current.__sigaction_handler.sa_handler
    #else
        let handler = current.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}
