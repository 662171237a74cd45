import Foundation

/// Some threads that share the parts of one job at a time.
///
/// How a job is divided is the caller's business, and no result may depend on it. The caller works on parts as the
/// other threads do, so that a thread that the system has suspended delays nothing. The threads end with the pool.
package final class WorkerPool: Sendable {
    /// How many threads work on a job, the caller's own included.
    package let threadCount: Int
    private let board: JobBoard

    /// A pool of no threads but the caller's, which any number of threads may use at once.
    package static let single = WorkerPool(threadCount: 1)

    /// Starts `threadCount` - 1 threads.
    package init(threadCount: Int) {
        precondition((1...1024).contains(threadCount))
        self.threadCount = threadCount
        board = JobBoard(workerCount: threadCount - 1)
        for index in 1..<max(1, threadCount) {
            // A thread holds the board and not the pool, so that it does not keep alive what ends it.
            let thread = Thread { [board] in board.work() }
            thread.name = "bnexp worker \(index)"
            thread.start()
        }
    }

    /// Ends the threads and waits for them.
    deinit { board.close() }

    /// Calls `body(context, part)` once for each part from 0 to `parts` - 1, on any of the threads, and returns when
    /// all calls have returned.
    ///
    /// There are at most 1,024 parts. A pool of several threads does one job at a time: the process ends with a message
    /// if `run` is called from inside a part, or from two threads at once. Where `body` captures nothing the call does
    /// not allocate: what `body` needs is the context.
    package func run<Context>(parts: Int, _ context: Context, _ body: @escaping (Context, Int) -> Void) {
        guard threadCount > 1 else {
            for part in 0..<parts { body(context, part) }
            return
        }
        withUnsafePointer(to: Call(context: context, body: body)) { call in
            board.run(parts: parts, call) { call, part in
                let call = call.assumingMemoryBound(to: Call<Context>.self)
                call.pointee.body(call.pointee.context, part)
            }
        }
    }

    /// A structure and no tuple, whose function would be wrapped, and the wrapper allocated.
    private struct Call<Context> {
        let context: Context
        let body: (Context, Int) -> Void
    }
}
