import Foundation
import Synchronization

/// A few threads that wait for parts of one job at a time.
///
/// A job is divided into parts by the shape of the data alone, never by the number of threads, so that results are the same bits
/// under every thread count. Threads spin for some microseconds between jobs and sleep when nothing comes. `run` does not allocate.
package final class WorkerPool: @unchecked Sendable {
    // Sound because `job` and `partCount` are written by the one caller while no worker is between taking its ticket and the end of
    // its part: `generation` is released after the writes, `unfinished` is acquired before the next ones.

    package let threadCount: Int
    private var job: UnsafePointer<(Int) -> Void>?
    private var partCount = 0
    private let nextPart = Atomic<Int>(0)
    private let active = Atomic<Int>(0)
    private let generation = Atomic<Int>(0)
    private let wake = NSCondition()
    private let stopped = Atomic<Bool>(false)

    /// A pool of `threadCount` threads, the caller's own included.
    package init(threadCount: Int) {
        precondition(threadCount >= 1)
        self.threadCount = threadCount
        BLAS.useOneThread()
        for index in 1..<max(1, threadCount) {
            let thread = Thread { [state = Unowned(self)] in state.pool.work() }
            thread.name = "bnexp worker \(index)"
            thread.start()
        }
    }
    // A worker never outlives its pool: the pool of a process lives until exit, and `stop` ends the workers before it is released.
    private struct Unowned: @unchecked Sendable {
        unowned(unsafe) let pool: WorkerPool
        init(_ pool: WorkerPool) { self.pool = pool }
    }

    package static let single = WorkerPool(threadCount: 1)

    /// Calls `body(0)` ... `body(parts - 1)`, each once, on any of the threads, and returns when all are done.
    package func run(parts: Int, _ body: (Int) -> Void) {
        guard threadCount > 1, parts > 1 else {
            for part in 0..<parts { body(part) }
            return
        }
        withoutActuallyEscaping(body) { escaping in
            withUnsafePointer(to: escaping) { pointer in
                job = pointer
                partCount = parts
                nextPart.store(0, ordering: .relaxed)
                active.store(threadCount - 1, ordering: .relaxed)
                generation.add(1, ordering: .sequentiallyConsistent)
                wake.lock()
                wake.broadcast()
                wake.unlock()
                takeParts()
                while active.load(ordering: .acquiring) > 0 {}
            }
        }
    }

    package func stop() {
        stopped.store(true, ordering: .relaxed)
        active.store(threadCount - 1, ordering: .relaxed)
        generation.add(1, ordering: .sequentiallyConsistent)
        wake.lock()
        wake.broadcast()
        wake.unlock()
        while active.load(ordering: .acquiring) > 0 {}
    }

    private func takeParts() {
        guard let job else { return }
        while true {
            let part = nextPart.add(1, ordering: .relaxed).oldValue
            if part >= partCount { return }
            job.pointee(part)
        }
    }

    private func work() {
        var seen = 0
        while true {
            var spins = 0
            while generation.load(ordering: .acquiring) == seen && spins < 20_000 { spins += 1 }
            if spins == 20_000 {
                wake.lock()
                while generation.load(ordering: .acquiring) == seen { wake.wait() }
                wake.unlock()
            }
            seen += 1
            if stopped.load(ordering: .relaxed) {
                active.subtract(1, ordering: .releasing)
                return
            }
            takeParts()
            active.subtract(1, ordering: .releasing)
        }
    }
}
