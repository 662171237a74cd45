/// Returns exact percentiles (0 to 100) of all finite values, linearly interpolated between order statistics, as
/// numpy's default does.
///
/// Empty input gives no percentiles. The order statistics are selected without sorting everything; see
/// `orderStatistics`.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func percentiles<S: Scalar>(_ asked: [Double], of matrix: Matrix<S>, areFinite: Bool = false) -> [Double] {
    var finite: [S] = []
    if !areFinite, matrix.elements.contains(where: { !$0.isFinite }) {
        finite = matrix.elements.filter(\.isFinite)
        return finite.withUnsafeMutableBufferPointer { percentiles(asked, of: $0) }
    }
    return percentiles(asked, of: matrix.elements)
}

private func percentiles<S: Scalar>(_ asked: [Double], of values: UnsafeMutableBufferPointer<S>) -> [Double] {
    guard let base = values.baseAddress, !values.isEmpty else { return [] }
    let positions = asked.map { $0 / 100 * Double(values.count - 1) }
    var ranks: [Int] = []
    for position in positions {
        let below = Int(position)
        ranks.append(below)
        if Double(below) != position { ranks.append(below + 1) }
    }
    ranks = Set(ranks).sorted()
    let statistics = orderStatistics(UnsafePointer(base), count: values.count, ranks: ranks)
    func value(_ rank: Int) -> Double { Double(statistics[ranks.firstIndex(of: rank) ?? 0]) }
    return positions.map { position in
        let below = Int(position)
        let low = value(below), fraction = position - Double(below)
        return fraction == 0 ? low : low + fraction * (value(below + 1) - low)
    }
}

private let bucketCount = 1024

/// Returns the values of the ranks asked (ascending, from 0) among `count` finite values.
///
/// Values are counted in equal-width buckets, and only the buckets that hold an asked rank are looked into: by sorting
/// where few values are left, else in the same way again. The passes over all values have no branches, so that they
/// vectorize.
private func orderStatistics<S: Scalar>(_ values: UnsafePointer<S>, count: Int, ranks: [Int]) -> [S] {
    guard count > 64 else {
        let sorted = UnsafeBufferPointer(start: values, count: count).sorted()
        return ranks.map { sorted[$0] }
    }
    let ends = S.extremes(values, count: count), low = ends.minimum, high = ends.maximum
    if low == high { return ranks.map { _ in low } }
    let scale = S(bucketCount - 1) / (high - low)
    guard scale.isFinite, (high - low).isFinite, scale * (high - low) < S(bucketCount) else {
        // The range is too narrow or too wide to be divided.
        let sorted = UnsafeBufferPointer(start: values, count: count).sorted()
        return ranks.map { sorted[$0] }
    }
    return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { buckets in
        guard let bucket = buckets.baseAddress else { preconditionFailure("count is positive") }
        for i in 0..<count { bucket[i] = S.bucket(values[i], minimum: low, scale: scale) }
        // Four counts side by side, because neighbours often fall into one bucket.
        let firstRanks = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * bucketCount) { counts -> [Int] in
            counts.initialize(repeating: 0)
            for i in 0..<count { counts[(i & 3) &* bucketCount &+ Int(bucket[i])] &+= 1 }
            guard let base = counts.baseAddress.map(UnsafeRawPointer.init) else {
                preconditionFailure("there are buckets")
            }
            var first = [Int](repeating: 0, count: bucketCount + 1), below = 0
            for k in stride(from: 0, to: bucketCount, by: 16) {
                var sums = SIMD16<UInt32>.zero
                for part in 0..<4 {
                    let place = (part * bucketCount + k) * MemoryLayout<UInt32>.stride
                    sums &+= base.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt32>.self)
                }
                for lane in 0..<16 {
                    below += Int(sums[lane])
                    first[k + lane + 1] = below
                }
            }
            return first
        }
        var results: [S] = [], next = 0
        while next < ranks.count {
            // The bucket of the next rank, with all ranks that it holds.
            var below = 0, above = bucketCount  // firstRanks[below] <= rank < firstRanks[above]
            while above - below > 1 {
                let middle = (below + above) / 2
                if firstRanks[middle] <= ranks[next] { below = middle } else { above = middle }
            }
            var inside: [Int] = []
            while next < ranks.count, ranks[next] < firstRanks[below + 1] {
                inside.append(ranks[next] - firstRanks[below])
                next += 1
            }
            let members = members(
                of: UInt16(below), bucket, values, count: count, memberCount: firstRanks[below + 1] - firstRanks[below])
            results += members.withUnsafeBufferPointer { members in
                members.baseAddress.map { orderStatistics($0, count: members.count, ranks: inside) } ?? []
            }
        }
        return results
    }
}

/// Returns the values of one bucket, in their order.
private func members<S: Scalar>(
    of wanted: UInt16, _ bucket: UnsafeMutablePointer<UInt16>, _ values: UnsafePointer<S>, count: Int, memberCount: Int
) -> [S] {
    var members: [S] = []
    members.reserveCapacity(memberCount)
    var i = 0
    let everywhere = SIMD32<UInt16>(repeating: wanted)
    while i + 32 <= count {
        let block = UnsafeRawPointer(bucket + i).loadUnaligned(as: SIMD32<UInt16>.self)
        if any(block .== everywhere) {  // most blocks have none
            for k in 0..<32 where bucket[i + k] == wanted { members.append(values[i + k]) }
        }
        i += 32
    }
    while i < count {
        if bucket[i] == wanted { members.append(values[i]) }
        i += 1
    }
    return members
}
