import NeuralNetwork
import Testing

@Suite struct PhiloxTests {
    /// The known answers that come with the authors' reference implementation (kat_vectors, philox4x32 with 10 rounds).
    @Test func agreesWithThePublishedVectors() {
        func words(_ counter: (UInt32, UInt32, UInt32, UInt32), _ key: (UInt32, UInt32)) -> [UInt32] {
            let block = Philox(key: key).block(counter)
            return [block.0, block.1, block.2, block.3]
        }
        #expect(words((0, 0, 0, 0), (0, 0)) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        let ones = UInt32.max
        #expect(words((ones, ones, ones, ones), (ones, ones)) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        #expect(
            words((0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), (0xa409_3822, 0x299f_31d0))
                == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }
}

@Suite struct RandomStreamTests {
    @Test func isAFunctionOfSeedPurposeAndIndex() {
        func first(_ seed: UInt64, _ purpose: RandomPurpose, _ index: Int) -> [UInt32] {
            var stream = RandomStream(seed: seed, purpose: purpose, index: index)
            return (0..<9).map { _ in stream.nextWord() }
        }
        let reference = first(7, .shuffling, 3)
        #expect(first(7, .shuffling, 3) == reference)
        #expect(first(8, .shuffling, 3) != reference)
        #expect(first(7, .initialization, 3) != reference)
        #expect(first(7, .shuffling, 4) != reference)
        #expect(first(7 + 1 << 32, .shuffling, 3) != reference)
    }

    /// 100,000 draws: the sample mean of a standard normal lies within 5 / sqrt(100,000) = 0.016 of 0 but once in 2
    /// million seeds.
    @Test func normalValuesHaveTheirMoments() {
        var stream = RandomStream(seed: 1, purpose: .synthesis)
        var values: [Double] = []
        for _ in 0..<50_000 {
            let (a, b) = stream.nextNormalPair()
            values += [a, b]
        }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let fourth = values.reduce(0) { $0 + ($1 * $1 * $1 * $1) } / count
        #expect(abs(mean) < 0.016)
        #expect(abs(variance - 1) < 0.0224)  // 5 sqrt(2 / n)
        #expect(abs(fourth - 3) < 0.155)  // 5 sqrt(96 / n)
        #expect(values.allSatisfy { $0.isFinite })
    }

    @Test func indicesAreUniformAndInRange() {
        var stream = RandomStream(seed: 2, purpose: .sampling)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[stream.nextIndex(below: 7)] += 1 }
        // 5 standard deviations of a binomial count: sqrt(70,000 / 7 * 6 / 7) = 93
        #expect(counts.allSatisfy { abs($0 - 10_000) < 465 })
    }

    @Test func shuffleKeepsEveryElementAndReachesEveryPlace() {
        var seenFirst = Set<UInt32>()
        for seed in 0..<200 {
            var stream = RandomStream(seed: UInt64(seed), purpose: .shuffling)
            var indices: [UInt32] = [0, 1, 2, 3, 4]
            stream.shuffle(&indices)
            #expect(indices.sorted() == [0, 1, 2, 3, 4])
            seenFirst.insert(indices[0])
        }
        #expect(seenFirst.count == 5)
    }
}
