import Foundation
import Synchronization

/// Where the caller of a `WorkerPool` posts a job, and its threads find the parts.
///
/// Threads spin for a fraction of a millisecond between jobs, and then sleep. Where the system puts threads aside in
/// the middle of a part, because more of them want to run than there are processors, the caller works alone for a
/// while; see `Respite`.
final class JobBoard: @unchecked Sendable {
    // Sound because `job` is written by the one caller while no part is being worked on, before `tickets` is stored
    // with release; a thread reads it only for a part that it drew from `tickets` with acquire, and `run` returns only
    // when every part is done. That there is one caller is what `isBusy` sees to.

    private var job: (context: UnsafeRawPointer, body: (UnsafeRawPointer, Int) -> Void)?
    private let isBusy = Atomic<Bool>(false)
    /// The number of the job, how many parts it has and the next part to be drawn; see `Ticket`.
    private let tickets = Atomic<UInt64>(0)
    private let doneCount = Atomic<Int>(0)
    private let sleeperCount = Atomic<Int>(0)
    private let callerSleeps = Atomic<Bool>(false)
    private let isClosed = Atomic<Bool>(false)
    private let workerCount: Atomic<Int>
    private let wake = NSCondition()
    /// Used by the one caller alone.
    private var respite = Respite()

    /// 32 bits of the job's number, 16 of its parts, 16 of the next part.
    private struct Ticket {
        let bits: UInt64
        var job: UInt64 { bits >> 32 }
        var parts: Int { Int(bits >> 16 & 0xFFFF) }
        var part: Int { Int(bits & 0xFFFF) }
    }

    /// - Parameter workerCount: how many threads will call `work`.
    init(workerCount: Int) { self.workerCount = Atomic(workerCount) }

    /// Has the parts of a job done, some of them on the calling thread.
    func run(parts: Int, _ context: UnsafeRawPointer, _ body: @escaping (UnsafeRawPointer, Int) -> Void) {
        guard !isBusy.exchange(true, ordering: .acquiring) else {
            fatalError("WorkerPool.run was called from inside a part, or from two threads at once.")
        }
        precondition((0...1024).contains(parts))
        let start = DispatchTime.now().uptimeNanoseconds
        if respite.lasts(at: start) {
            for part in 0..<parts { body(context, part) }
        } else {
            job = (context, body)
            doneCount.store(0, ordering: .relaxed)
            announce(parts: parts)
            let ownCount = takeParts()
            let delay = waitForParts(parts, since: start)
            job = nil
            respite.count(start: start, isUnaided: ownCount == parts, delay: delay)
        }
        isBusy.store(false, ordering: .releasing)
    }

    /// Returns when all parts are done, and how long that took, in nanoseconds, beyond what the caller's own parts
    /// took.
    private func waitForParts(_ parts: Int, since start: UInt64) -> (end: UInt64, excess: UInt64)? {
        func isDone() -> Bool { doneCount.load(ordering: .acquiring) == parts }
        for _ in 0..<1000 where isDone() { return nil }
        let ownEnd = DispatchTime.now().uptimeNanoseconds
        if !spin(until: isDone) {
            wake.lock()
            callerSleeps.store(true, ordering: .sequentiallyConsistent)
            while doneCount.load(ordering: .sequentiallyConsistent) != parts { wake.wait() }
            callerSleeps.store(false, ordering: .relaxed)
            wake.unlock()
        }
        let end = DispatchTime.now().uptimeNanoseconds
        return (end, (end - ownEnd) - min(end - ownEnd, ownEnd - start))
    }

    /// What a thread of the pool does until `close` is called.
    func work() {
        var seen: UInt64 = 0
        func hasNews() -> Bool { Ticket(bits: tickets.load(ordering: .acquiring)).job != seen }
        while true {
            if !spin(until: hasNews) {
                wake.lock()
                sleeperCount.add(1, ordering: .sequentiallyConsistent)
                while Ticket(bits: tickets.load(ordering: .sequentiallyConsistent)).job == seen { wake.wait() }
                sleeperCount.subtract(1, ordering: .sequentiallyConsistent)
                wake.unlock()
            }
            seen = Ticket(bits: tickets.load(ordering: .acquiring)).job
            if isClosed.load(ordering: .relaxed) {
                workerCount.subtract(1, ordering: .releasing)
                return
            }
            takeParts()
        }
    }

    /// Has every thread return from `work`, and waits until all have.
    func close() {
        isClosed.store(true, ordering: .relaxed)
        announce(parts: 0)
        while workerCount.load(ordering: .acquiring) > 0 { sched_yield() }
    }

    private func announce(parts: Int) {
        let next = Ticket(bits: tickets.load(ordering: .relaxed)).job + 1
        tickets.store((next & 0xFFFF_FFFF) << 32 | UInt64(parts) << 16, ordering: .sequentiallyConsistent)
        guard sleeperCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
        wake.lock()
        wake.broadcast()
        wake.unlock()
    }

    /// Does parts until all are drawn, and returns how many.
    @discardableResult
    private func takeParts() -> Int {
        var count = 0
        while true {
            let ticket = Ticket(bits: tickets.add(1, ordering: .acquiring).oldValue)
            guard ticket.part < ticket.parts, let job else { return count }
            count += 1
            job.body(job.context, ticket.part)
            let doneBefore = doneCount.add(1, ordering: .sequentiallyConsistent).oldValue
            if doneBefore + 1 == ticket.parts, callerSleeps.load(ordering: .sequentiallyConsistent) {
                wake.lock()
                wake.broadcast()
                wake.unlock()
            }
        }
    }

    /// Looks again and again for a tenth of a millisecond, and returns whether what it looks for has come.
    private func spin(until hasCome: () -> Bool) -> Bool {
        let end = DispatchTime.now().uptimeNanoseconds + 100_000
        repeat {
            for _ in 0..<256 where hasCome() { return true }
        } while DispatchTime.now().uptimeNanoseconds < end
        return hasCome()
    }
}

/// When the caller of a pool works alone.
///
/// A part that is done much later than the caller's own was drawn by a thread that the system then put aside. Each time
/// that happens, or no thread comes to help for many jobs in a row, the caller works alone for twice as long as the
/// time before, up to a quarter of a second; each 20 milliseconds without halve that again.
private struct Respite {
    private var end: UInt64 = 0
    private var nanoseconds: UInt64 = 0
    private var unaidedCount = 0

    func lasts(at time: UInt64) -> Bool { time < end }

    /// - Parameters:
    ///   - isUnaided: whether the caller did all parts.
    ///   - delay: when the last part was done, and how much longer than the caller's own parts the wait for it was; nil
    ///     where there was none to speak of.
    mutating func count(start: UInt64, isUnaided: Bool, delay: (end: UInt64, excess: UInt64)?) {
        unaidedCount = isUnaided ? unaidedCount + 1 : 0
        guard (delay?.excess ?? 0) > 300_000 || unaidedCount == 32 else { return }
        let now = delay?.end ?? start, calm = now - min(now, end)
        nanoseconds = min(max(2 * nanoseconds >> min(calm / 20_000_000, 40), 1_000_000), 250_000_000)
        end = now + nanoseconds
        unaidedCount = 0
    }
}
