import Foundation

/// Seconds that one call takes: the mean over as many calls as fill `fill` seconds.
package func secondsPerCall(fill: Double = 2e-3, _ body: () -> Void) -> Double {
    var count = 1
    while true {
        let start = seconds(of: CLOCK_MONOTONIC)
        for _ in 0..<count { body() }
        let duration = seconds(of: CLOCK_MONOTONIC) - start
        if duration > fill { return duration / Double(count) }
        count *= 2
    }
}

/// The seconds of each contestant, ascending, over rounds in which they take turns, so that a disturbance of the
/// machine hits all alike.
package func interleavedSeconds(rounds: Int, fill: Double = 2e-3, _ contestants: [() -> Void]) -> [[Double]] {
    var seconds = contestants.map { _ in [Double]() }
    for _ in 0..<rounds {
        for (index, contestant) in contestants.enumerated() {
            seconds[index].append(secondsPerCall(fill: fill, contestant))
        }
    }
    return seconds.map { $0.sorted() }
}

/// The median of each contestant's seconds.
package func interleavedMedians(rounds: Int, fill: Double = 2e-3, _ contestants: [() -> Void]) -> [Double] {
    interleavedSeconds(rounds: rounds, fill: fill, contestants).map { $0[rounds / 2] }
}
