import Foundation
import NeuralNetwork
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    @Test func callsEveryPartOnce() {
        let pool = WorkerPool(threadCount: 3)
        let calls = Matrix<Double>(rows: 1, columns: 50)
        for _ in 0..<1000 { pool.run(parts: 50, calls) { $0[0, $1] += 1 } }
        #expect(calls.elements.allSatisfy { $0 == 1000 })
    }

    /// Between jobs and while a part of another thread lasts, threads sleep, and what they wait for wakes them.
    @Test func sleepsAndWakes() {
        let pool = WorkerPool(threadCount: 3)
        let calls = Matrix<Double>(rows: 1, columns: 8)
        for _ in 0..<20 {
            pool.run(parts: 8, calls) { calls, part in
                if part % 3 == 0 { usleep(700) }
                calls[0, part] += 1
            }
            usleep(700)
        }
        #expect(calls.elements.allSatisfy { $0 == 20 })
    }

    /// After the other thread has come late again and again the caller does all parts itself for a while.
    @Test func worksAloneWhereThreadsComeLate() {
        final class Meeting: @unchecked Sendable {
            // Sound because it is only written before and after jobs, but for `hasOther`, which is atomic.
            let caller = Thread.current
            let hasOther = Atomic<Bool>(false)
        }
        let pool = WorkerPool(threadCount: 2), meeting = Meeting()
        /// Whether the other thread took a part, in which it was late.
        func meets() -> Bool {
            meeting.hasOther.store(false, ordering: .sequentiallyConsistent)
            pool.run(parts: 2, meeting) { meeting, part in
                if Thread.current !== meeting.caller {
                    meeting.hasOther.store(true, ordering: .sequentiallyConsistent)
                    usleep(2000)
                } else {
                    // Long enough for a thread to come that was woken.
                    for _ in 0..<2000 where !meeting.hasOther.load(ordering: .sequentiallyConsistent) { usleep(1) }
                }
            }
            return meeting.hasOther.load(ordering: .sequentiallyConsistent)
        }
        #expect((0..<50).contains { _ in meets() })
        #expect((0..<20).contains { _ in !meets() })
    }

    @Test func ofOneThreadMayBeUsedFromInsideAPart() {
        let calls = Matrix<Double>(rows: 1, columns: 4)
        WorkerPool.single.run(parts: 2, calls) { calls, outer in
            WorkerPool.single.run(parts: 2, calls) { calls, inner in calls[0, 2 * outer + inner] += 1 }
        }
        #expect(Array(calls.elements) == [1, 1, 1, 1])
    }

    @Test func refusesToBeCalledFromInsideAPart() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pool = WorkerPool(threadCount: 2)
            pool.run(parts: 2, pool) { pool, _ in pool.run(parts: 2, 0) { _, _ in } }
        }
        #expect(
            result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) }?.contains("inside a part") == true)
    }

    @Test func refusesTwoThreadsAtOnce() async {
        await #expect(processExitsWith: .failure) {
            let pool = WorkerPool(threadCount: 2)
            pool.run(parts: 1, pool) { pool, _ in
                // The job of this thread lasts until the other thread's is refused.
                Thread { pool.run(parts: 1, 0) { _, _ in } }.start()
                while true { usleep(1000) }
            }
        }
    }

    #if os(Linux)
        /// In a process of its own, in which nothing else starts threads.
        @Test func endsItsThreadsWithItself() async {
            await #expect(processExitsWith: .success) {
                func threadCount() throws -> Int {
                    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
                }
                let before = try threadCount()
                for _ in 0..<20 {
                    let pool = WorkerPool(threadCount: 4)
                    pool.run(parts: 4, 0) { _, _ in }
                }
                // The last may still be on its way out, which takes no time that anybody waits for.
                for _ in 0..<10_000 where try threadCount() > before { usleep(1000) }
                try #require(try threadCount() <= before)
            }
        }
    #endif
}
