import Foundation
import Synchronization

/// SIGINT and SIGTERM ask the run to end after its step; a second signal ends the process at once.
final class StopSignal: Sendable {
    private static let requested = Atomic<Bool>(false)

    init() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                // Only what is safe in a signal handler: an atomic store, and the default action for the next signal.
                StopSignal.requested.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }

    var isRequested: Bool { StopSignal.requested.load(ordering: .relaxed) }
}
