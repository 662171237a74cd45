import Foundation
import Synchronization

/// A few threads that share the parts of one job at a time.
///
/// How a job is divided is the caller's business, and no result may depend on it. The caller takes parts as the other
/// threads do, so that one that the system has put aside holds nothing up. Threads spin for a while between jobs, give
/// way to others for longer, and sleep when nothing comes.
package final class WorkerPool: @unchecked Sendable {
    // Sound because `job` is written by the one caller while no part is being worked on, before `tickets` is stored
    // with release; a thread reads it only for a part that it drew from `tickets` with acquire, and `run` returns only
    // when every part is done.

    package let threadCount: Int
    private var job: (context: UnsafeRawPointer, body: (UnsafeRawPointer, Int) -> Void)?
    /// The number of the job, how many parts it has and the next part to be drawn; see `Ticket`.
    private let tickets = Atomic<UInt64>(0)
    private let doneCount = Atomic<Int>(0)
    private let sleeperCount = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let runningCount: Atomic<Int>
    private let wake = NSCondition()

    /// 32 bits of the job's number, 16 of its parts, 16 of the next part.
    private struct Ticket {
        let bits: UInt64
        var job: UInt64 { bits >> 32 }
        var parts: Int { Int(bits >> 16 & 0xFFFF) }
        var part: Int { Int(bits & 0xFFFF) }
    }

    /// A pool of `threadCount` threads, the caller's own included.
    package init(threadCount: Int) {
        precondition((1...1024).contains(threadCount))
        self.threadCount = threadCount
        runningCount = Atomic(threadCount - 1)
        for index in 1..<max(1, threadCount) {
            let thread = Thread { [state = Unowned(self)] in state.pool.work() }
            thread.name = "bnexp worker \(index)"
            thread.start()
        }
    }
    // A worker never outlives its pool: the pool of a process lives until exit, and `stop` ends the workers before it
    // is released.
    private struct Unowned: @unchecked Sendable {
        unowned(unsafe) let pool: WorkerPool
        init(_ pool: WorkerPool) { self.pool = pool }
    }

    package static let single = WorkerPool(threadCount: 1)

    /// Calls `body(context, 0)` ...
    ///
    /// `body(context, parts - 1)`, at most 1,024 parts, each once, on any of the threads, and returns when all are
    /// done. Where `body` captures nothing it does not allocate: what it needs is the context.
    package func run<Context>(parts: Int, _ context: Context, _ body: @escaping (Context, Int) -> Void) {
        guard threadCount > 1, parts > 1 else {
            for part in 0..<parts { body(context, part) }
            return
        }
        withUnsafePointer(to: Call(context: context, body: body)) { call in
            share(parts: parts, call) { call, part in
                let call = call.assumingMemoryBound(to: Call<Context>.self)
                call.pointee.body(call.pointee.context, part)
            }
        }
    }

    // A structure and no tuple, whose function would be wrapped, and the wrapper allocated.
    struct Call<Context> {
        let context: Context
        let body: (Context, Int) -> Void

        init(context: Context, body: @escaping (Context, Int) -> Void) {
            self.context = context
            self.body = body
        }
    }

    func share(parts: Int, _ context: UnsafeRawPointer, _ body: @escaping (UnsafeRawPointer, Int) -> Void) {
        precondition(parts <= 1024)
        job = (context, body)
        doneCount.store(0, ordering: .relaxed)
        announce(parts: parts)
        takeParts()
        wait { doneCount.load(ordering: .acquiring) == parts }
        job = nil
    }

    /// Ends the threads; the pool is not used again.
    package func stop() {
        stopped.store(true, ordering: .relaxed)
        announce(parts: 0)
        wait { runningCount.load(ordering: .acquiring) == 0 }
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

    private func work() {
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
            if stopped.load(ordering: .relaxed) {
                runningCount.subtract(1, ordering: .releasing)
                return
            }
            takeParts()
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
