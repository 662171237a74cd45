import Foundation
import Synchronization

/// SIGINT and SIGTERM ask the run to end after its step; a second signal ends the process at once.
final class StopSignal: Sendable {
    private static let requested = Atomic<Bool>(false)

    init() {
        // A parent may have started this process with the signals blocked.
        var handled = sigset_t()
        sigemptyset(&handled)
        for number in [SIGINT, SIGTERM] {
            sigaddset(&handled, number)
            signal(number) { number in
                // Only what is safe in a signal handler: an atomic store, and the default action for the next signal.
                StopSignal.requested.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &handled, nil)
    }

    var isRequested: Bool { StopSignal.requested.load(ordering: .relaxed) }
}
