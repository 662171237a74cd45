import Datasets

/// Where the inputs of a run are while it trains; the config key `data.residency`.
package enum Residency: String, CaseIterable, Sendable {
    /// In memory if there is room.
    case automatic = "auto"
    case memory
    /// In their file, of which parts are read ahead.
    case stream
}

/// Which splits are kept in memory, decided over all of them together before any is read.
struct MemoryPlan {
    private let streamsLarge: Bool
    private let streamsAll: Bool
    /// What the user should know of the decision.
    let notes: [String]

    /// Inputs of so many bytes are read whole, whatever rows are used, and always kept.
    private static let smallByteCount = 1 << 26

    /// - Parameters:
    ///   - needed: the rows of the training data that are used.
    ///   - others: the inputs of further splits, all rows of which are used.
    ///   - makeRoom: called where there is no room, to give back what nobody uses.
    ///   - isShuffledFreely: whether batches are drawn from all rows at once, as streaming cannot.
    /// - Throws: an error if there is no room for what must be in memory.
    init(
        _ residency: Residency, train: RowsOnDisk, needed: RowSet, others: [RowsOnDisk], isShuffledFreely: Bool,
        makeRoom: () -> Void
    ) throws(DataError) {
        var byteCount = train.byteCount(rows: MemoryPlan.isSmall(train) ? train.rowCount : needed.count)
        for other in others {
            let (sum, hasOverflow) = byteCount.addingReportingOverflow(other.byteCount(rows: other.rowCount))
            byteCount = hasOverflow ? .max : sum
        }
        var free = freeMemory()
        // The network, the system and the pages of the file need some too.
        var isTooMuch: Bool { UInt64(byteCount) > free / 10 * 9 }
        if isTooMuch {
            makeRoom()
            free = freeMemory()
        }
        streamsAll = residency == .stream
        streamsLarge = residency == .stream || residency == .automatic && isTooMuch
        if streamsLarge, isShuffledFreely {
            throw DataError(
                "data.sampling \"with_replacement\" draws from all rows at once, which "
                    + (residency == .stream
                        ? "data.residency \"stream\" cannot; leave out one of the two."
                        : "takes \(gigabytes(byteCount)) of memory where \(gigabytes(Int(clamping: free))) are free; "
                            + "use fewer rows, or draw without replacement."))
        }
        guard residency != .memory || !isTooMuch else {
            throw DataError(
                "The inputs of all splits take \(gigabytes(byteCount)), and this process may take "
                    + "\(gigabytes(Int(clamping: free))) more. Use fewer rows (data.limit, data.sample, rows), or set "
                    + "data.residency to \"stream\".")
        }
        notes =
            streamsLarge && residency == .automatic
            ? [
                "the inputs take \(gigabytes(byteCount)) and \(gigabytes(Int(clamping: free))) of memory are free: "
                    + "they are read from the file while training (data.residency \"stream\"), which shuffles less "
                    + "freely"
            ] : []
    }

    static func isSmall(_ inputs: RowsOnDisk) -> Bool { inputs.byteCount(rows: inputs.rowCount) <= smallByteCount }

    func isSmall(_ inputs: RowsOnDisk) -> Bool { MemoryPlan.isSmall(inputs) }

    /// Whether a split's inputs stay in their file.
    func streams(_ inputs: RowsOnDisk) -> Bool { streamsAll || streamsLarge && !isSmall(inputs) }
}

private func gigabytes(_ byteCount: Int) -> String {
    byteCount >= 1_000_000_000
        ? "\(byteCount / 1_000_000_000).\(byteCount / 100_000_000 % 10) GB" : "\(byteCount / 1_000_000) MB"
}
