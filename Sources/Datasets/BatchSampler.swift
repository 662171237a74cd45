import NeuralNetwork

/// How a batch is drawn from the training rows; the names are those of the config.
package enum Sampling: String, CaseIterable, Codable, Sendable {
    case withoutReplacement = "without_replacement"
    case withReplacement = "with_replacement"
}

/// The sequence of batches of a run: which rows each step trains on.
///
/// Without replacement every epoch visits each row once (but for a last, smaller batch that `dropLast` leaves out), in
/// an order that is a function of seed and epoch alone. With replacement each batch is a function of seed and step
/// alone. So a sampler can start at any step and goes on as one that walked there.
package struct BatchSampler: Sendable {
    package let batchSize: Int
    /// Batches in an epoch.
    ///
    /// With replacement: as many as it takes to draw as many rows as there are.
    package let stepsPerEpoch: Int
    /// Batches handed out since step 0 of the run.
    package private(set) var step: Int
    /// Completed passes.
    package var epoch: Int { step / stepsPerEpoch }

    private let rows: [Int32]
    private let sampling: Sampling
    private let shuffle: Bool
    private let seed: UInt64
    /// The rows in the order of `orderedEpoch`; with replacement, room for one batch.
    private var order: [Int32]
    private var orderedEpoch = -1

    /// - Parameters:
    ///   - rows: the training rows, as indices into the data.
    ///   - shuffle: false visits them in the order given; it does not apply to sampling with replacement.
    ///   - dropLast: whether an epoch ends before a batch that cannot be filled; sampling with replacement fills every
    ///     batch.
    ///   - step: the number of batches of this run that were handed out already.
    package init(
        rows: [Int32], batchSize: Int, sampling: Sampling = .withoutReplacement, shuffle: Bool = true,
        dropLast: Bool = true,
        seed: UInt64, startingAtStep step: Int = 0
    ) throws(DataError) {
        precondition(step >= 0)
        guard !rows.isEmpty else { throw DataError("There are no training rows to draw batches from.") }
        guard batchSize > 0 else { throw DataError("training.batch_size is \(batchSize); expected 1 or more.") }
        guard batchSize <= rows.count || !dropLast || sampling == .withReplacement else {
            throw DataError(
                "training.batch_size is \(batchSize) and there are \(rows.count) training rows, so no batch can be "
                    + "filled. "
                    + "Make it \(rows.count) or less, or set data.drop_last to false.")
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

    /// Batches in an epoch: see `stepsPerEpoch`.
    package static func stepsPerEpoch(rows: Int, batchSize: Int, sampling: Sampling, dropLast: Bool) -> Int {
        dropLast && sampling == .withoutReplacement ? rows / batchSize : (rows + batchSize - 1) / batchSize
    }

    /// The rows of the next batch.
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

/// Divides the rows 0 ..< rowCount at random into training and validation rows, each in ascending order.
/// - Parameter validationFraction: between 0 and 1; `rowCount * validationFraction`, rounded, are for validation.
/// - Throws: if either part would be empty.
package func split(
    rowCount: Int, validationFraction: Double, seed: UInt64
) throws(DataError) -> (train: [Int32], validation: [Int32]) {
    let isFraction = validationFraction > 0 && validationFraction < 1
    let validationCount = isFraction ? Int((Double(rowCount) * validationFraction).rounded()) : 0
    guard validationCount > 0, validationCount < rowCount else {
        throw DataError(
            "data.validation.fraction is \(validationFraction) of \(rowCount) rows; expected a fraction between 0 and "
                + "1 that leaves "
                + "rows for both training and validation.")
    }
    var rows = (0..<Int32(rowCount)).map { $0 }
    var stream = RandomStream(seed: seed, purpose: .split)
    stream.shuffle(&rows)
    return (rows[validationCount...].sorted(), rows[..<validationCount].sorted())
}
