import Foundation
import Synchronization

/// Where the caller of a `WorkerPool` posts a job, and its threads find the parts.
///
/// Threads spin for a while between jobs, then let other threads run between looks, and sleep when nothing comes.
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
    private let isClosed = Atomic<Bool>(false)
    private let workerCount: Atomic<Int>
    private let wake = NSCondition()

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
        job = (context, body)
        doneCount.store(0, ordering: .relaxed)
        announce(parts: parts)
        takeParts()
        wait { doneCount.load(ordering: .acquiring) == parts }
        job = nil
        isBusy.store(false, ordering: .releasing)
    }

    /// What a thread of the pool does until `close` is called.
    func work() {
        var seen: UInt64 = 0
        func hasNews() -> Bool { Ticket(bits: tickets.load(ordering: .acquiring)).job != seen }
        while true {
            if !wait(turns: 70_000, hasNews) {
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
        wait { workerCount.load(ordering: .acquiring) == 0 }
    }

    private func announce(parts: Int) {
        let next = Ticket(bits: tickets.load(ordering: .relaxed)).job + 1
        tickets.store((next & 0xFFFF_FFFF) << 32 | UInt64(parts) << 16, ordering: .sequentiallyConsistent)
        guard sleeperCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
        wake.lock()
        wake.broadcast()
        wake.unlock()
    }

    private func takeParts() {
        while true {
            let ticket = Ticket(bits: tickets.add(1, ordering: .acquiring).oldValue)
            guard ticket.part < ticket.parts, let job else { return }
            job.body(job.context, ticket.part)
            doneCount.add(1, ordering: .releasing)
        }
    }

    /// Spins for some microseconds, then lets other threads run between looks.
    ///
    /// Returns false after `turns` looks in vain.
    @discardableResult
    private func wait(turns: Int = .max, _ isDone: () -> Bool) -> Bool {
        var turn = 0
        while !isDone() {
            if turn == turns { return false }
            turn += 1
            if turn > 50_000 { sched_yield() }
        }
        return true
    }
}
