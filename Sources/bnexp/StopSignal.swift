import Foundation
import Synchronization

/// The signals that stop runs after their step: SIGINT, SIGTERM, SIGUSR1, SIGUSR2 and SIGXCPU (which batch systems and
/// shells send ahead of a limit) and, unless nohup makes the process ignore it, SIGHUP.
///
/// A second signal of the same kind ends the process at once; if it is patient, a second SIGINT does, and no other:
/// batch systems send theirs to a script and to its children, and again.
final class StopSignal: Sendable {
    private static let requested = Atomic<Bool>(false)
    private static let isPatient = Atomic<Bool>(false)

    init(isPatient: Bool = false) {
        StopSignal.isPatient.store(isPatient, ordering: .relaxed)
        // A parent may have started this process with the signals blocked.
        var handled = sigset_t()
        sigemptyset(&handled)
        for number in [SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGHUP, SIGXCPU] {
            var current = sigaction()
            sigaction(number, nil, &current)
            if number == SIGHUP, isIgnored(current) { continue }
            sigaddset(&handled, number)
            signal(number) { number in
                // Only what is safe in a signal handler: atomics, and the default action for the next signal.
                StopSignal.requested.store(true, ordering: .relaxed)
                if number == SIGINT || !StopSignal.isPatient.load(ordering: .relaxed) { signal(number, SIG_DFL) }
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &handled, nil)
        signal(SIGPIPE, SIG_IGN)  // a reader of the progress may end before the run
    }

    private func isIgnored(_ action: sigaction) -> Bool {
        #if os(Linux)
            let handler = action.__sigaction_handler.sa_handler
        #else
            let handler = action.__sigaction_u.__sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    var isRequested: Bool { StopSignal.requested.load(ordering: .relaxed) }
}
