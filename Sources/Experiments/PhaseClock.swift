import Foundation
import RunStore

/// Where a run's time goes; the names are those of the results file.
enum Phase: String, CaseIterable { case load, train, evaluate, log, checkpoint, total }

/// Adds up wall and CPU seconds by phase. A phase inside another counts for itself only.
final class PhaseClock {
    private struct Seconds {
        var wall = 0.0
        var cpu = 0.0
    }
    private var spent: [Phase: Seconds] = [:]
    /// What phases inside the current one have taken.
    private var inner = Seconds()

    func measure<Result>(_ phase: Phase, _ body: () throws -> Result) rethrows -> Result {
        let start = now, outerInner = inner
        inner = Seconds()
        defer {
            let end = now
            let whole = Seconds(wall: end.wall - start.wall, cpu: end.cpu - start.cpu)
            spent[phase, default: Seconds()].wall += whole.wall - inner.wall
            spent[phase, default: Seconds()].cpu += whole.cpu - inner.cpu
            inner = Seconds(wall: outerInner.wall + whole.wall, cpu: outerInner.cpu + whole.cpu)
        }
        return try body()
    }

    private var now: Seconds { Seconds(wall: seconds(of: CLOCK_MONOTONIC), cpu: seconds(of: CLOCK_PROCESS_CPUTIME_ID)) }

    /// Times `body` as the total, up to the moment that it calls `stop`.
    func measureWhole<Result>(_ body: (_ stop: () -> Void) throws -> Result) rethrows -> Result {
        let start = now
        return try body {
            let end = now
            spent[.total] = Seconds(wall: end.wall - start.wall, cpu: end.cpu - start.cpu)
        }
    }

    var records: [PhaseRecord] {
        Phase.allCases.compactMap { phase in
            spent[phase].map { PhaseRecord(phase: phase.rawValue, wallSeconds: $0.wall, cpuSeconds: $0.cpu) }
        }
    }
}

/// The reading of a system clock; it does not allocate.
func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
