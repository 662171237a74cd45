import Foundation

/// The bounded queue between the thread that trains and the one that writes.
final class RowQueue: @unchecked Sendable {
    // Sound because every stored variable is read and written with `condition` locked.

    private let condition = MonotonicCondition()
    private var rows: [MetricRows] = []
    private var isWriting = false
    private var isFlushing = false
    private var isStopped = false
    private var hasEnded = false
    private var error: ResultsError?
    private let capacity = 64
    /// Steps that are worth a transaction of their own; fewer wait up to `gatheringSeconds` for more.
    private let batchCount = 16
    private let gatheringSeconds = 0.05

    private func locked<Value>(_ body: () throws(ResultsError) -> Value) throws(ResultsError) -> Value {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }

    // MARK: The thread that trains

    /// Waits while the queue is full.
    func append(_ step: MetricRows) throws(ResultsError) {
        try locked { () throws(ResultsError) in
            while rows.count >= capacity && error == nil { condition.wait() }
            if let error { throw error }
            rows.append(step)
            // The first wakes the writer, which then gathers more for a moment.
            if rows.count == 1 || rows.count == batchCount { condition.broadcast() }
        }
    }

    /// Waits until every row is written.
    func flush() throws(ResultsError) {
        try locked { () throws(ResultsError) in
            isFlushing = true
            defer { isFlushing = false }
            condition.broadcast()
            while (!rows.isEmpty || isWriting) && error == nil { condition.wait() }
            if let error { throw error }
        }
    }

    /// Lets the writer write what is queued, and waits until it has ended.
    func stop() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.broadcast()
        while !hasEnded { condition.wait() }
    }

    // MARK: The thread that writes

    /// The steps to write now, none at the time of a heartbeat, in seconds of `MonotonicCondition.now`; nil when there
    /// is nothing more to do.
    func next(beat: Double) -> [MetricRows]? {
        condition.lock()
        defer { condition.unlock() }
        if error != nil { return nil }
        while rows.isEmpty && !isStopped && MonotonicCondition.now < beat { condition.wait(until: beat) }
        let deadline = MonotonicCondition.now + gatheringSeconds
        while !rows.isEmpty, rows.count < batchCount, !isStopped, !isFlushing, MonotonicCondition.now < deadline {
            condition.wait(until: deadline)
        }
        if rows.isEmpty && isStopped { return nil }
        let batch = rows
        isWriting = true
        rows.removeAll(keepingCapacity: true)
        condition.broadcast()
        return batch
    }

    /// What became of the steps that `next` gave.
    func note(_ result: Result<Void, ResultsError>) {
        condition.lock()
        defer { condition.unlock() }
        isWriting = false
        if case .failure(let failure) = result { error = failure }
        condition.broadcast()
    }

    /// The writer has ended.
    func end() {
        condition.lock()
        defer { condition.unlock() }
        hasEnded = true
        condition.broadcast()
    }
}
