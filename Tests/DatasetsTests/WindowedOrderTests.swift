import Datasets
import Testing

@Suite struct WindowedOrderTests {
    private static let rows = RowSet.list((0..<100).map { $0 * 2 + ($0 >= 50 ? 7 : 0) })
    // 2 or 3 rows a block, some 13 rows a window.
    private static let sizes = WindowedOrder.Sizes(blockRows: 5, blocksPerWindow: 5)

    private func sampler(
        batchSize: Int = 8, shuffle: Bool = true, dropLast: Bool = false, seed: UInt64 = 3, step: Int = 0
    ) throws -> BatchSampler {
        try BatchSampler(
            rows: Self.rows,
            .init(batchSize: batchSize, shuffle: shuffle, dropLast: dropLast, seed: seed, windows: Self.sizes),
            startingAtStep: step)
    }

    private func batches(_ sampler: BatchSampler, _ count: Int) -> [[UInt32]] {
        var sampler = sampler
        return (0..<count).map { _ in Array(sampler.next()) }
    }

    @Test(arguments: [1, 7, 8, 40, 100])
    func everyRowOnceAnEpochInAnyBatchSize(_ batchSize: Int) throws {
        let sampler = try sampler(batchSize: batchSize)
        let rows = batches(sampler, 2 * sampler.stepsPerEpoch).flatMap { $0.map { Int($0) } }
        #expect(rows.count == 200)
        #expect(rows[..<100].sorted() == Array(Self.rows) && rows[100...].sorted() == Array(Self.rows))
        #expect(Array(rows[..<100]) != Array(rows[100...]))
        // The order does not depend on the size of batches.
        #expect(try rows == batches(self.sampler(batchSize: 100), 2).flatMap { $0.map { Int($0) } })
    }

    @Test func resumedEqualsWalked() throws {
        for dropLast in [true, false] {
            let walked = batches(try sampler(dropLast: dropLast), 40)
            for step in 0..<40 {
                let resumed = try sampler(dropLast: dropLast, step: step)
                #expect(batches(resumed, 40 - step) == Array(walked[step...]))
            }
        }
        #expect(try batches(sampler(seed: 4), 5) != batches(sampler(), 5))
    }

    @Test func unshuffledKeepsTheOrder() throws {
        #expect(try batches(sampler(shuffle: false), 13).flatMap { $0.map { Int($0) } } == Array(Self.rows))
    }

    /// The rows of each batch come in the windows that are announced, one window after the other.
    @Test(arguments: [0, 5, 12, 13, 30])
    func windowsComeInTheOrderOfBatches(_ step: Int) throws {
        let sampler = try sampler(step: step), windows = sampler.comingWindows()
        var window = try #require(windows.next()), changes = 0
        for row in batches(sampler, 40).flatMap({ $0 }) {
            while window.place(of: Int(row)) == nil {
                window = try #require(windows.next())
                changes += 1
            }
        }
        // 40 batches are some 3 epochs of 9 windows.
        #expect(changes < 30)
    }

    /// Rows of one block meet in a batch more often than others, but blocks meet at random.
    @Test func windowsMixBlocks() throws {
        let sizes = WindowedOrder.Sizes(blockRows: 10, blocksPerWindow: 10)
        var sampler = try BatchSampler(
            rows: .range(0..<1000), .init(batchSize: 10, seed: 1, windows: sizes))
        var blocksInBatch = 0
        for _ in 0..<300 { blocksInBatch += Set(sampler.next().map { $0 / 10 }).count }
        // 10 of 100 rows in 10 blocks: 10 * (1 - C(90, 10) / C(100, 10)) = 6.7 blocks a batch.
        #expect(abs(Double(blocksInBatch) / 300 - 6.7) < 0.3)
    }
}
