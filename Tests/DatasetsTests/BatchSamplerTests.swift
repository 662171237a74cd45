import Datasets
import TestSupport
import Testing

@Suite struct BatchSamplerTests {
    let rows = RowSet.list(Self.all)
    static let all: [UInt32] = (0..<23).map { $0 * 3 }

    func batches(_ sampler: BatchSampler, _ count: Int) -> [[UInt32]] {
        var sampler = sampler
        return (0..<count).map { _ in Array(sampler.next()) }
    }

    @Test func everyRowOnceAnEpoch() throws {
        let sampler = try BatchSampler(rows: rows, .init(batchSize: 5, dropLast: false, seed: 7))
        #expect(sampler.stepsPerEpoch == 5)
        let all = batches(sampler, 10)
        #expect(all.map(\.count) == [5, 5, 5, 5, 3, 5, 5, 5, 5, 3])
        let first = all[0..<5].flatMap { $0 }, second = all[5..<10].flatMap { $0 }
        #expect(first.sorted() == Self.all)
        #expect(second.sorted() == Self.all)
        #expect(first != Self.all)
        #expect(first != second)
    }

    @Test func dropLast() throws {
        let dropped = try BatchSampler(rows: rows, .init(batchSize: 5, seed: 7))
        #expect(dropped.stepsPerEpoch == 4)
        let kept = batches(try BatchSampler(rows: rows, .init(batchSize: 5, dropLast: false, seed: 7)), 9)
        #expect(batches(dropped, 8) == Array(kept[0..<4] + kept[5..<9]))
        #expect(
            message { try BatchSampler(rows: rows, .init(batchSize: 24, seed: 7)) }.contains(
                "there are 23 training rows"))
        #expect(try BatchSampler(rows: rows, .init(batchSize: 24, dropLast: false, seed: 7)).stepsPerEpoch == 1)
        #expect(message { try BatchSampler(rows: rows, .init(batchSize: 0, seed: 7)) }.contains("The batch size is 0"))
        #expect(message { try BatchSampler(rows: [], .init(batchSize: 5, seed: 7)) }.contains("no training rows"))
    }

    /// As the Solver of CS231n counts with `rounded_down`: max(N // B, 1).
    @Test(arguments: [(5, 5, 4), (23, 1, 1), (24, 1, 1), (100, 1, 1), (1, 23, 23)])
    func epochsOfSamplingWithReplacement(batchSize: Int, roundedUp: Int, roundedDown: Int) throws {
        func stepsPerEpoch(_ length: EpochLength) throws -> Int {
            try BatchSampler(
                rows: rows,
                .init(batchSize: batchSize, sampling: .withReplacement, epochLength: length, seed: 7)
            ).stepsPerEpoch
        }
        #expect(try stepsPerEpoch(.roundedUp) == roundedUp)
        #expect(try stepsPerEpoch(.roundedDown) == roundedDown)
    }

    @Test func orderIsIndependentOfBatchSize() throws {
        let small = batches(try BatchSampler(rows: rows, .init(batchSize: 2, dropLast: false, seed: 7)), 24).flatMap {
            $0
        }
        let large = batches(try BatchSampler(rows: rows, .init(batchSize: 23, seed: 7)), 2).flatMap { $0 }
        #expect(small == large)
        #expect(small != batches(try BatchSampler(rows: rows, .init(batchSize: 23, seed: 8)), 2).flatMap { $0 })
    }

    @Test func unshuffled() throws {
        let sampler = try BatchSampler(rows: rows, .init(batchSize: 23, shuffle: false, seed: 7))
        #expect(batches(sampler, 2) == [Self.all, Self.all])
    }

    @Test(arguments: Sampling.allCases, [true, false])
    func resumedEqualsWalked(_ sampling: Sampling, _ shuffle: Bool) throws {
        let walked = batches(
            try BatchSampler(rows: rows, .init(batchSize: 4, sampling: sampling, shuffle: shuffle, seed: 3)), 20)
        for step in 0..<20 {
            var resumed = try BatchSampler(
                rows: rows, .init(batchSize: 4, sampling: sampling, shuffle: shuffle, seed: 3), startingAtStep: step)
            #expect(resumed.step == step)
            #expect(resumed.epoch == step / resumed.stepsPerEpoch)
            #expect(Array(resumed.next()) == walked[step])
            #expect(batches(resumed, 19 - step) == Array(walked[(step + 1)...]))
        }
    }

    @Test func withReplacement() throws {
        let sampler = try BatchSampler(rows: rows, .init(batchSize: 5, sampling: .withReplacement, seed: 7))
        #expect(sampler.stepsPerEpoch == 5)
        let drawn = batches(sampler, 2300).flatMap { $0 }
        #expect(Set(drawn) == Set(Self.all))
        let counts = Self.all.map { row in drawn.count { $0 == row } }
        // 11,500 draws from 23 rows: 500 each, standard deviation 22; six deviations.
        #expect(counts.allSatisfy { abs($0 - 500) < 132 })
    }

    @Test func keptBatchIsNotOverwritten() throws {
        var sampler = try BatchSampler(rows: rows, .init(batchSize: 23, seed: 7))
        let first = sampler.next()
        let copy = Array(first)
        _ = sampler.next()
        #expect(Array(first) == copy)
    }

    @Test func divideAtRandom() throws {
        let (train, validation) = try divideRows(rowCount: 1000, validationFraction: 0.1, seed: 5)
        #expect(validation.count == 100)
        #expect((Array(train) + validation).sorted() == Array(0..<1000))
        #expect(Array(train) == train.sorted())
        #expect(Array(validation) != Array(0..<100))
        #expect(try divideRows(rowCount: 1000, validationFraction: 0.1, seed: 5).validation == validation)
        #expect(try divideRows(rowCount: 1000, validationFraction: 0.1, seed: 6).validation != validation)
        for fraction in [0, 1, -0.5, 1.5, .nan, 0.001] {
            #expect(
                message { try divideRows(rowCount: 10, validationFraction: fraction, seed: 5) }.contains(
                    "of 10 rows; expected a fraction between 0 and 1"))
        }
    }

    /// 300 rows of class 0, 60 of class 1 and 40 of class 2: both parts have them in these shares, to one row.
    @Test func stratifiedPartsHaveTheSharesOfAll() throws {
        let classes = ClassNumbers((0..<400).map { $0 % 20 < 15 ? 0 : $0 % 20 < 18 ? 1 : 2 }, classCount: 3)
        func counts(_ rows: RowSet) -> [Int] {
            (0..<3).map { number in rows.count { classes[Int($0)] == Int32(number) } }
        }
        let parts = try divideRows(rowCount: 400, validationFraction: 0.1, seed: 5, stratifiedBy: classes)
        #expect(counts(parts.validation) == [30, 6, 4] && counts(parts.train) == [270, 54, 36])
        #expect(Set(Array(parts.train) + parts.validation).count == 400)
        let all = RowSet.range(0..<400)
        let sample = sampleRows(22, of: all, seed: 5, stratifiedBy: classes)
        // Of 16.5, 3.3 and 2.2 the first has the largest remainder.
        #expect(counts(sample) == [17, 3, 2] && Array(sample) == sample.sorted() && Set(sample).count == 22)
        #expect(sampleRows(22, of: all, seed: 6, stratifiedBy: classes) != sample)
        #expect(sampleRows(22, of: all, seed: 5, stratifiedBy: nil).count == 22)
    }
}
