import Foundation
import NeuralNetwork

/// Rows that are read from their file window by window, each while the one before is used.
package final class RowStream {
    private struct Window {
        let rows: RowSet
        let examples: Examples
    }

    private let source: RowsOnDisk
    private let makeWindows: () -> AnyIterator<RowSet>
    private var windows: AnyIterator<RowSet>
    private var current: Window?
    private var ahead: Reading?
    /// Rows of a batch, as places in a window.
    private var places: [UInt32]

    /// - Parameters:
    ///   - examples: whose values stay in their file.
    ///   - batchSize: the most rows that are gathered at a time.
    ///   - windows: the windows that are used one after the other, from the beginning, each in ascending order of rows.
    package init(_ examples: Examples, batchSize: Int, windows: @escaping () -> AnyIterator<RowSet>) {
        guard case .disk(let source) = examples.content else { preconditionFailure("\(examples.place) is in memory") }
        self.source = source
        makeWindows = windows
        self.windows = windows()
        places = Array(repeating: 0, count: batchSize)
    }

    /// Begins with the first window again.
    package func restart() {
        windows = makeWindows()
        ahead = nil
        guard let first = windows.next() else { return }
        // What is held need not be read again.
        if let current, current.rows.elementsEqual(first) { return }
        ahead = Reading(source, first)
    }

    /// Overwrites `target` with the scaled inputs of the given rows, as `Examples.gather` does.
    package func gather<S: Scalar>(rows: ArraySlice<UInt32>, scaling: Scaling, into target: Matrix<S>) throws(DataError)
    {
        var first = 0
        while first < rows.count {
            let window = try window(having: Int(rows[rows.startIndex + first]))
            var end = first
            while end < rows.count, let place = window.rows.place(of: Int(rows[rows.startIndex + end])) {
                places[end] = UInt32(place)
                end += 1
            }
            window.examples.gather(rows: places[first..<end], scaling: scaling, into: target, from: first)
            first = end
        }
    }

    /// The window that has a row: the one that is held, or the first that has it of those that follow.
    private func window(having row: Int) throws(DataError) -> Window {
        while true {
            if let current, current.rows.place(of: row) != nil { return current }
            guard let reading = ahead ?? windows.next().map({ Reading(source, $0) }) else {
                preconditionFailure("no window has row \(row)")
            }
            current = nil
            ahead = nil
            let rows = reading.rows
            current = Window(rows: rows, examples: Examples(try reading.result(), rows, of: source.found))
            ahead = windows.next().map { Reading(source, $0) }
        }
    }
}

/// Rows that a thread reads.
private final class Reading: @unchecked Sendable {
    let rows: RowSet
    // Sound because it is written before the signal and read after it.
    private var outcome: Result<NumberStorage, DataError>?
    private let isDone = DispatchSemaphore(value: 0)

    init(_ source: RowsOnDisk, _ rows: RowSet) {
        self.rows = rows
        let thread = Thread { [self] in
            outcome = Result { () throws(DataError) in try source.read(rows, isAhead: true).values }
            isDone.signal()
        }
        thread.name = "bnexp reader"
        thread.start()
    }

    /// Waits for the values.
    func result() throws(DataError) -> NumberStorage {
        isDone.wait()
        guard let outcome else { preconditionFailure("the thread ended without a word") }
        return try outcome.get()
    }
}
