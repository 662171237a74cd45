import Datasets
import NeuralNetwork
import TestSupport
import Testing

@Suite struct LabelNoiseTests {
    private let classCount = 5
    private let rows = RowSet.list((0..<4000).filter { $0 % 4 != 0 }.map { UInt32($0) })
    private var labels: Labels { Labels(classes: (0..<4000).map { Int32($0 % 5) }, classCount: classCount) }

    private func noisy(_ kind: LabelNoise.Kind, _ fraction: Double, seed: UInt64 = 1) -> (
        labels: Labels, changedCount: Int
    ) {
        LabelNoise(kind, fraction: fraction, seed: seed).applied(to: labels, rows: rows)
    }

    /// 3,000 rows: four standard errors of a share are at most 0.037.
    @Test(arguments: [
        (LabelNoise.Kind.symmetric, 0.4, 0.4), (.uniform, 0.5, 0.4), (.uniform, 1, 0.8), (.pair, 0.3, 0.3),
        (.pair, 1, 1),
    ])
    func changesTheShareThatIsAsked(kind: LabelNoise.Kind, fraction: Double, changedShare: Double) {
        let (found, changedCount) = noisy(kind, fraction), before = labels
        let changed = rows.filter { found.classes[$0] != before.classes[$0] }
        #expect(changed.count == changedCount)
        #expect(abs(Double(changedCount) / Double(rows.count) - changedShare) < 0.037)
        #expect(found.classes.allSatisfy { $0 >= 0 && $0 < classCount } && found.classCount == classCount)
        #expect((0..<4000).filter { $0 % 4 == 0 }.allSatisfy { found.classes[$0] == before.classes[$0] })
        if kind == .pair { #expect(changed.allSatisfy { found.classes[$0] == (before.classes[$0] + 1) % 5 }) }
    }

    @Test func everyOtherClassIsDrawn() {
        let found = noisy(.symmetric, 1).labels
        let counts = (0..<5).map { class_ in rows.count { found.classes[$0] == Int32(class_) } }
        #expect(counts.allSatisfy { abs($0 - 600) < 90 })
    }

    /// More noise keeps what less has done, and another seed does otherwise.
    @Test(arguments: LabelNoise.Kind.allCases) func isNested(kind: LabelNoise.Kind) {
        let less = noisy(kind, 0.2).labels.classes, more = noisy(kind, 0.6).labels.classes, before = labels.classes
        #expect(rows.allSatisfy { less[$0] == before[$0] || less[$0] == more[$0] })
        #expect(less != noisy(kind, 0.2, seed: 2).labels.classes)
        #expect(less == noisy(kind, 0.2).labels.classes)
        #expect(noisy(kind, 0).changedCount == 0)
    }

    /// Rows count by their place among those that are used, wherever they are kept.
    @Test func placesCount() {
        let kept = Labels(classes: rows.map { labels.classes[$0] }, classCount: classCount)
        let found = LabelNoise(.symmetric, fraction: 0.5, seed: 1).applied(to: kept, rows: .range(0..<rows.count))
            .labels
        let all = noisy(.symmetric, 0.5).labels
        #expect(rows.indices.allSatisfy { found.classes[$0] == all.classes[rows[$0]] })
    }
}

@Suite struct DrawnRowsTests {
    @Test func everyRowOnceInOrder() {
        let rows = RowSet.list((0..<100).map { UInt32($0 * 2) })
        var stream = RandomStream(seed: 1, purpose: .evaluation), counts: [Int: Int] = [:]
        for _ in 0..<400 {
            let drawn = drawRows(20, of: rows, &stream)
            #expect(Array(drawn) == Set(drawn).sorted() && drawn.count == 20)
            for row in drawn { counts[row, default: 0] += 1 }
        }
        // Each row is expected 80 times, with a standard deviation of 8.
        #expect(counts.count == 100 && counts.values.allSatisfy { abs($0 - 80) < 36 })
        #expect(drawRows(100, of: rows, &stream) == rows && drawRows(1000, of: rows, &stream) == rows)
    }

    @Test(arguments: [1, 7, 99, 100, 1000]) func evenlySpread(count: Int) {
        let rows = RowSet.range(5..<105), found = rows.evenlySpread(count)
        #expect(found.count == min(count, 100) && Set(found).count == found.count)
        let distances = zip(found, found.dropFirst()).map { $1 - $0 }
        #expect((distances.max() ?? 0) - (distances.min() ?? 0) <= 1)
    }
}
