import NeuralNetwork

/// An order for rows that are read from their file while training: some that are beside each other are read together.
///
/// Rows form blocks of neighbours, which the file reads at the cost of one row. An epoch puts all blocks into a random
/// order and takes some at a time, a window; the rows of a window are then put into a random order. All is a function
/// of seed, epoch and window alone. Source: the shuffle buffers of tf.data and WebDataset, with blocks drawn at random
/// first.
package struct WindowedOrder: Sendable {
    /// How large blocks and windows are.
    package struct Sizes: Hashable, Sendable {
        /// The rows of a block, from a multiple of that number on.
        package let blockRows: Int
        package let blocksPerWindow: Int

        /// - Parameters:
        ///   - rows: those that are read.
        ///   - largestWindow: about so many bytes are held of them at a time, at most.
        package init(of rows: RowsOnDisk, largestWindow: Int) {
            // Nothing is read ahead of the first window of a run.
            let windowByteCount = max(1 << 16, min(largestWindow, rows.byteCount(rows: rows.rowCount) / 16))
            // Some MB are read at full speed; many blocks in a window mix well.
            blockRows = rows.rowCount(ofBytes: min(1 << 20, windowByteCount / 16))
            blocksPerWindow = max(1, windowByteCount / max(1, rows.byteCount(rows: blockRows)))
        }

        package init(blockRows: Int, blocksPerWindow: Int) {
            (self.blockRows, self.blocksPerWindow) = (blockRows, blocksPerWindow)
        }
    }

    private let rows: RowSet
    /// Where each block begins among the rows, and where the last one ends.
    private let starts: [Int]
    private let blocksPerWindow: Int
    private let seed: UInt64
    private let shuffles: Bool

    /// - Parameter rows: in ascending order.
    init(_ rows: RowSet, _ sizes: Sizes, seed: UInt64, shuffles: Bool) {
        self.rows = rows
        self.seed = seed
        self.shuffles = shuffles
        blocksPerWindow = sizes.blocksPerWindow
        var starts = [0]
        while let last = starts.last, last < rows.count {
            let block = rows[last] / sizes.blockRows
            starts.append(rows.places(in: block * sizes.blockRows..<(block + 1) * sizes.blockRows).upperBound)
        }
        self.starts = starts
    }

    private var blockCount: Int { starts.count - 1 }
    var windowCount: Int { (blockCount + blocksPerWindow - 1) / blocksPerWindow }

    /// The blocks of a window.
    struct Window {
        fileprivate let blocks: [UInt32]
        let rowCount: Int
    }

    /// The windows of an epoch.
    func windows(ofEpoch epoch: Int) -> [Window] {
        var order = (0..<UInt32(blockCount)).map { $0 }
        if shuffles {
            var stream = RandomStream(seed: seed, purpose: .shuffling, index: epoch)
            stream.shuffle(&order)
        }
        return (0..<windowCount).map {
            let blocks = order[$0 * blocksPerWindow..<min(blockCount, ($0 + 1) * blocksPerWindow)].sorted()
            return Window(blocks: blocks, rowCount: blocks.reduce(0) { $0 + starts[Int($1) + 1] - starts[Int($1)] })
        }
    }

    /// The rows of a window in ascending order.
    func rows(of window: Window) -> RowSet {
        let places = window.blocks.map { starts[Int($0)]..<starts[Int($0) + 1] }
        if let first = places.first, let last = places.last, window.rowCount == last.upperBound - first.lowerBound {
            return rows[first.lowerBound..<last.upperBound]
        }
        var list: [UInt32] = []
        list.reserveCapacity(window.rowCount)
        for places in places { for place in places { list.append(UInt32(rows[place])) } }
        return .list(list)
    }

    /// The rows of a window in the order in which they are visited.
    func order(of window: Window, number: Int, epoch: Int) -> [UInt32] {
        var order = rows(of: window).map { UInt32($0) }
        guard shuffles else { return order }
        // The first number beside an epoch's own is 1.
        var stream = RandomStream(seed: seed, purpose: .shuffling, index: epoch, step: number + 1)
        stream.shuffle(&order)
        return order
    }
}
