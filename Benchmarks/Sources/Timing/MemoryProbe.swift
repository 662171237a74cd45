import NeuralNetwork

/// Measures a cache, or main memory, by arrays of `bytes` bytes in all.
final class MemoryProbe {
    private let name: String
    private let capacity: Int
    private let bytes: Int
    private let pair: [Matrix<Float>]
    private let triple: [Matrix<Float>]
    /// A random cycle through all lines: the first element of each holds where the next one begins.
    private let cycle: UnsafeMutablePointer<Int>
    private var position = 0
    private let walkLength = 100_000

    init(name: String, capacity: Int, bytes: Int) {
        self.name = name
        self.capacity = capacity
        self.bytes = bytes
        func arrays(_ count: Int) -> [Matrix<Float>] {
            (0..<count).map { _ in Matrix(rows: 1, columns: bytes / 4 / count / 64 * 64) }
        }
        (pair, triple) = (arrays(2), arrays(3))
        let lineElements = 64 / MemoryLayout<Int>.stride
        var order = Array(0..<bytes / 64)
        var stream = RandomStream(seed: 1, purpose: .synthesis)
        for last in order.indices.dropFirst().reversed() { order.swapAt(last, stream.nextIndex(below: last + 1)) }
        cycle = .allocate(capacity: order.count * lineElements)
        cycle.initialize(repeating: 0, count: order.count * lineElements)
        for (line, next) in zip(order, order.dropFirst() + order.prefix(1)) {
            cycle[line * lineElements] = next * lineElements
        }
    }

    deinit { cycle.deallocate() }

    var contestants: [() -> Void] {
        [
            { [pair] in add(3, times: pair[1].base, to: pair[0].base, count: pair[0].columns) },
            { [triple] in triad(triple[0].base, triple[1].base, 3, triple[2].base, count: triple[0].columns) },
            { self.walk() },
        ]
    }

    /// - Parameter seconds: those of one call of each contestant.
    func level(seconds: [Double]) -> MachineLimits.Level {
        func bandwidth(_ array: Matrix<Float>, _ seconds: Double) -> Double { Double(3 * 4 * array.columns) / seconds }
        return MachineLimits.Level(
            name: name, capacity: capacity, bandwidth: bandwidth(pair[0], seconds[0]),
            triadBandwidth: bandwidth(triple[0], seconds[1]),
            latency: seconds[2] / Double(walkLength), measuredBytes: bytes)
    }

    private func walk() {
        for _ in 0..<walkLength { position = cycle[position] }
    }
}

/// Computes a = a + s b.
@inline(never)
private func add(_ s: Float, times b: UnsafePointer<Float>, to a: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { a[i] += s * b[i] }
}

/// Computes a = b + s c.
@inline(never)
private func triad(
    _ a: UnsafeMutablePointer<Float>, _ b: UnsafePointer<Float>, _ s: Float, _ c: UnsafePointer<Float>, count: Int
) {
    for i in 0..<count { a[i] = b[i] + s * c[i] }
}
