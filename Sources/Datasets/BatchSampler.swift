import NeuralNetwork

/// The sequence of batches of a run: which rows each step trains on.
///
/// Without replacement every epoch visits each row once (but for a last, smaller batch that `dropLast` leaves out), in
/// an order that is a function of seed and epoch alone. With replacement each batch is a function of seed and step
/// alone. So a sampler that starts at any step gives the same batches as one that started at step 0.
package struct BatchSampler: Sendable {
    /// How batches are made.
    package struct Rules: Sendable {
        package var batchSize: Int
        package var sampling = Sampling.withoutReplacement
        /// Whether each epoch has an order of its own; if not, rows keep the order given.
        ///
        /// It does not apply to sampling with replacement.
        package var shuffle = true
        /// Whether an epoch ends before a batch that cannot be filled; sampling with replacement fills every batch.
        package var dropLast = true
        /// Of sampling with replacement.
        package var epochLength = EpochLength.roundedUp
        package var seed: UInt64
        /// How rows that are read from their file are ordered; nil for one order of all rows.
        package var windows: WindowedOrder.Sizes?

        package init(
            batchSize: Int, sampling: Sampling = .withoutReplacement, shuffle: Bool = true, dropLast: Bool = true,
            epochLength: EpochLength = .roundedUp, seed: UInt64, windows: WindowedOrder.Sizes? = nil
        ) {
            self.batchSize = batchSize
            self.sampling = sampling
            self.shuffle = shuffle
            self.dropLast = dropLast
            self.epochLength = epochLength
            self.seed = seed
            self.windows = windows
        }
    }

    package var batchSize: Int { rules.batchSize }
    /// The number of batches in an epoch; with replacement, as many as it takes to draw as many rows as there are, or
    /// as `EpochLength` says.
    package let stepsPerEpoch: Int
    /// The number of batches handed out since step 0 of the run.
    package private(set) var step: Int
    /// The number of completed passes over the rows.
    package var epoch: Int { step / stepsPerEpoch }

    private let rows: RowSet
    private let rules: Rules
    private let windowedOrder: WindowedOrder?
    /// The rows of a whole epoch, or of some windows of it, in their order; with replacement, room for one batch.
    private var order: [UInt32] = []
    private var orderedEpoch = -1
    /// How many rows of the epoch come before `order`, and the windows that come after it.
    private var passedCount = 0
    private var nextWindow = 0
    private var windows: [WindowedOrder.Window] = []

    /// Makes a sampler that gives the batch of `step` first.
    ///
    /// - Parameters:
    ///   - rows: the training rows, as indices into the data.
    ///   - step: the number of batches that this run has used before.
    /// - Throws: an error if there are no rows, or too few to fill a single batch.
    package init(rows: RowSet, _ rules: Rules, startingAtStep step: Int = 0) throws(DataError) {
        precondition(step >= 0)
        let batchSize = rules.batchSize
        guard !rows.isEmpty else { throw DataError("There are no training rows to draw batches from.") }
        guard batchSize > 0 else { throw DataError("The batch size is \(batchSize); expected 1 or more.") }
        guard batchSize <= rows.count || !rules.dropLast || rules.sampling == .withReplacement else {
            throw DataError(
                "The batch size is \(batchSize) and there are \(rows.count) training rows, so no batch can be filled; "
                    + "expected a batch size of \(rows.count) or less, or smaller last batches to be kept.")
        }
        guard rows[rows.count - 1] <= UInt32.max else {
            throw DataError(
                "There are \(rows.count) training rows; expected at most 2^32. Use fewer (data.limit, rows).")
        }
        self.rows = rows
        self.rules = rules
        self.step = step
        stepsPerEpoch = BatchSampler.stepsPerEpoch(rows: rows.count, rules)
        windowedOrder = rules.windows.map { WindowedOrder(rows, $0, seed: rules.seed, shuffles: rules.shuffle) }
        if rules.sampling == .withReplacement {
            order = Array(repeating: 0, count: batchSize)
        } else if windowedOrder == nil {
            order = rows.map { UInt32($0) }
        }
    }

    /// Returns the number of batches in an epoch, as the property of the same name.
    package static func stepsPerEpoch(rows: Int, _ rules: Rules) -> Int {
        let whole = rows / rules.batchSize, rounded = (rows + rules.batchSize - 1) / rules.batchSize
        switch rules.sampling {
        case .withoutReplacement: return rules.dropLast ? whole : rounded
        case .withReplacement: return rules.epochLength == .roundedDown ? max(1, whole) : rounded
        }
    }

    /// Returns the rows of the next batch.
    ///
    /// It does not allocate as long as no earlier batch is kept: a batch shares the sampler's storage.
    package mutating func next() -> ArraySlice<UInt32> {
        let epoch = epoch, start = step % stepsPerEpoch * batchSize, end = min(start + batchSize, rows.count)
        defer { step += 1 }
        if rules.sampling == .withReplacement {
            var stream = RandomStream(seed: rules.seed, purpose: .sampling, index: step)
            for i in order.indices { order[i] = UInt32(rows[stream.nextIndex(below: rows.count)]) }
            return order[...]
        }
        if let windowedOrder {
            takeWindows(of: windowedOrder, epoch: epoch, from: start, to: end)
            return order[start - passedCount..<end - passedCount]
        }
        if rules.shuffle && epoch != orderedEpoch {
            for i in order.indices { order[i] = UInt32(rows[i]) }
            var stream = RandomStream(seed: rules.seed, purpose: .shuffling, index: epoch)
            stream.shuffle(&order)
            orderedEpoch = epoch
        }
        return order[start..<end]
    }

    /// Makes `order` hold the rows of an epoch from `start` to `end`, in whole windows.
    private mutating func takeWindows(of windowed: WindowedOrder, epoch: Int, from start: Int, to end: Int) {
        if epoch != orderedEpoch {
            (orderedEpoch, passedCount, nextWindow) = (epoch, 0, 0)
            windows = windowed.windows(ofEpoch: epoch)
            order = []
        }
        guard passedCount + order.count < end else { return }
        var kept = Array(order.dropFirst(start - passedCount))
        if kept.isEmpty {
            passedCount += order.count
            while passedCount + windows[nextWindow].rowCount <= start {
                passedCount += windows[nextWindow].rowCount
                nextWindow += 1
            }
        } else {
            passedCount = start
        }
        while passedCount + kept.count < end {
            kept += windowed.order(of: windows[nextWindow], number: nextWindow, epoch: epoch)
            nextWindow += 1
        }
        order = kept
    }

    /// The windows whose rows come in the batches from the next one on, epoch after epoch.
    package func comingWindows() -> AnyIterator<RowSet> {
        guard let windowedOrder else { return AnyIterator { nil } }
        var epoch = epoch, start = step % stepsPerEpoch * batchSize
        var waiting = windowedOrder.windows(ofEpoch: epoch)[...]
        // Windows that lie before the next batch.
        while let first = waiting.first, first.rowCount <= start {
            start -= first.rowCount
            waiting = waiting.dropFirst()
        }
        return AnyIterator {
            if waiting.isEmpty {
                epoch += 1
                waiting = windowedOrder.windows(ofEpoch: epoch)[...]
            }
            return waiting.popFirst().map(windowedOrder.rows)
        }
    }
}
