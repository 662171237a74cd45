import NeuralNetwork

/// The sequence of batches of a run: which rows each step trains on.
///
/// Without replacement every epoch visits each row once (but for a last, smaller batch that `dropLast` leaves out), in
/// an order that is a function of seed and epoch alone. With replacement each batch is a function of seed and step
/// alone. So a sampler that starts at any step gives the same batches as one that started at step 0.
package struct BatchSampler: Sendable {
    package let batchSize: Int
    /// The number of batches in an epoch; with replacement, as many as it takes to draw as many rows as there are.
    package let stepsPerEpoch: Int
    /// The number of batches handed out since step 0 of the run.
    package private(set) var step: Int
    /// The number of completed passes over the rows.
    package var epoch: Int { step / stepsPerEpoch }

    private let rows: [Int32]
    private let sampling: Sampling
    private let shuffle: Bool
    private let seed: UInt64
    /// The rows in the order that they have in `orderedEpoch`; with replacement, room for one batch.
    private var order: [Int32]
    private var orderedEpoch = -1

    /// Makes a sampler that gives the batch of `step` first.
    ///
    /// - Parameters:
    ///   - rows: the training rows, as indices into the data.
    ///   - shuffle: whether each epoch has an order of its own; if not, rows keep the order given. It does not apply to
    ///     sampling with replacement.
    ///   - dropLast: whether an epoch ends before a batch that cannot be filled; sampling with replacement fills every
    ///     batch.
    ///   - step: the number of batches that this run has used before.
    /// - Throws: an error if there are no rows, or too few to fill a single batch.
    package init(
        rows: [Int32], batchSize: Int, sampling: Sampling = .withoutReplacement, shuffle: Bool = true,
        dropLast: Bool = true,
        seed: UInt64, startingAtStep step: Int = 0
    ) throws(DataError) {
        precondition(step >= 0)
        guard !rows.isEmpty else { throw DataError("There are no training rows to draw batches from.") }
        guard batchSize > 0 else { throw DataError("The batch size is \(batchSize); expected 1 or more.") }
        guard batchSize <= rows.count || !dropLast || sampling == .withReplacement else {
            throw DataError(
                "The batch size is \(batchSize) and there are \(rows.count) training rows, so no batch can be filled; "
                    + "expected a batch size of \(rows.count) or less, or smaller last batches to be kept.")
        }
        self.rows = rows
        self.batchSize = batchSize
        self.sampling = sampling
        self.shuffle = shuffle
        self.seed = seed
        self.step = step
        stepsPerEpoch = BatchSampler.stepsPerEpoch(
            rows: rows.count, batchSize: batchSize, sampling: sampling, dropLast: dropLast)
        order = sampling == .withReplacement ? Array(repeating: 0, count: batchSize) : rows
    }

    /// Returns the number of batches in an epoch, as the property of the same name.
    package static func stepsPerEpoch(rows: Int, batchSize: Int, sampling: Sampling, dropLast: Bool) -> Int {
        dropLast && sampling == .withoutReplacement ? rows / batchSize : (rows + batchSize - 1) / batchSize
    }

    /// Returns the rows of the next batch.
    ///
    /// It does not allocate as long as no earlier batch is kept: a batch shares the sampler's storage.
    package mutating func next() -> ArraySlice<Int32> {
        let epoch = epoch, start = step % stepsPerEpoch * batchSize
        defer { step += 1 }
        if sampling == .withReplacement {
            var stream = RandomStream(seed: seed, purpose: .sampling, index: step)
            for i in order.indices { order[i] = rows[stream.nextIndex(below: rows.count)] }
            return order[...]
        }
        if shuffle && epoch != orderedEpoch {
            for i in order.indices { order[i] = rows[i] }
            var stream = RandomStream(seed: seed, purpose: .shuffling, index: epoch)
            stream.shuffle(&order)
            orderedEpoch = epoch
        }
        return order[start..<min(start + batchSize, order.count)]
    }
}
