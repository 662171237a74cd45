import Foundation
import RunStore
import Support

/// Adds up wall and CPU seconds by phase.
///
/// A phase inside another counts for itself only.
package final class PhaseClock {
    /// The process or thread whose CPU seconds are counted.
    package enum Scope: Sendable {
        case process
        /// The thread that asks, where a process works on several runs.
        case thread
    }
    private struct Seconds {
        var wall = 0.0
        var cpu = 0.0
        static func + (a: Seconds, b: Seconds) -> Seconds { Seconds(wall: a.wall + b.wall, cpu: a.cpu + b.cpu) }
        static func - (a: Seconds, b: Seconds) -> Seconds { Seconds(wall: a.wall - b.wall, cpu: a.cpu - b.cpu) }
    }
    /// Where the total begins.
    private let beginning: Seconds
    private var spent: [Phase: Seconds] = [:]
    /// What phases inside the current one have taken.
    private var inner = Seconds()

    private let scope: Scope

    private init(_ scope: Scope, beginning: Seconds) {
        self.scope = scope
        self.beginning = beginning
    }

    /// A clock that begins now.
    package convenience init(_ scope: Scope = .process) { self.init(scope, beginning: PhaseClock.now(scope)) }

    private static func now(_ scope: Scope) -> Seconds {
        Seconds(
            wall: seconds(of: CLOCK_MONOTONIC),
            cpu: seconds(of: scope == .process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID))
    }
    private var now: Seconds { PhaseClock.now(scope) }

    /// A clock that began with this process; what has passed since then was its start-up.
    package static func sinceProcessStart() -> PhaseClock {
        let now = PhaseClock.now(.process)
        let clock = PhaseClock(.process, beginning: Seconds(wall: now.wall - Machine.secondsSinceProcessStart, cpu: 0))
        clock.spent[.start] = now - clock.beginning
        return clock
    }

    package func measure<Result>(_ phase: Phase, _ body: () throws -> Result) rethrows -> Result {
        let start = now, outerInner = inner
        inner = Seconds()
        defer {
            let whole = now - start
            spent[phase] = spent[phase, default: Seconds()] + whole - inner
            endedSeconds += whole.wall - inner.wall
            inner = outerInner + whole
        }
        return try body()
    }

    /// Wall seconds of the phases that have ended.
    package private(set) var endedSeconds = 0.0

    /// What the phases have taken, and the total up to now.
    package var records: [PhaseRecord] {
        var seconds = spent
        seconds[.total] = now - beginning
        return Phase.allCases.compactMap { phase in
            seconds[phase].map { PhaseRecord(phase: phase, wallSeconds: $0.wall, cpuSeconds: $0.cpu) }
        }
    }
}
