import Foundation
import Matrices

/// What one thread of this machine can do at best: the measures that kernels are held against.
package struct MachineLimits {
    /// A cache, or main memory.
    package struct Level {
        package let name: String
        /// In bytes; main memory's is unlimited.
        package let capacity: Int
        /// Bytes a second of the update a = a + s b, which moves all that it counts: two reads and a write an element.
        package let bandwidth: Double
        /// Bytes a second of the triad a = b + s c. What is written it has not read, so that lines come into a cache uncounted.
        package let triadBandwidth: Double
        /// Seconds until a cache line arrives that nothing foretold.
        package let latency: Double
        fileprivate let measuredBytes: Int
    }

    /// Floating-point operations a second of fused multiply-adds on registers.
    package let peak: Double
    /// From the first cache down to main memory.
    package let levels: [Level]

    /// The best of `rounds` measurements of each: the bandwidths over arrays that fill half a cache or, for main memory, four times the
    /// last cache. Source: McCalpin 1995, "Memory bandwidth and machine balance in current high performance computers".
    package static func measure(rounds: Int = 15) -> MachineLimits {
        let count = 20_000
        let seconds = best(rounds) { multiplyAddChains(count) }
        let caches = cacheCapacities()
        var levels = caches.enumerated().map { index, capacity in
            measure("L\(index + 1)", capacity: capacity, bytes: capacity / 2, rounds: rounds)
        }
        levels.append(measure("memory", capacity: .max, bytes: 4 * caches[caches.count - 1], rounds: rounds))
        return MachineLimits(peak: Double(2 * 12 * Float.laneCount * count) / seconds, levels: levels)
    }

    /// The first level that so many bytes fit in.
    package func level(of bytes: Int) -> Level { levels.first { bytes <= $0.capacity } ?? levels[levels.count - 1] }

    package func printTable() {
        print(String(format: "Limits of one thread: %.1f GFLOP/s of fused multiply-adds on registers, and\n", peak * 1e-9))
        print("| level | KiB | measured over KiB | a = a + s b, GB/s | triad a = b + s c, GB/s | a random line, ns |\n|---|---|---|---|---|---|")
        for level in levels {
            let size = level.capacity == .max ? "" : "\(level.capacity / 1024)"
            let rates = String(format: "%.1f | %.1f | %.1f |", level.bandwidth * 1e-9, level.triadBandwidth * 1e-9, level.latency * 1e9)
            print("| \(level.name) | \(size) | \(level.measuredBytes / 1024) | \(rates)")
        }
    }

    private static func best(_ rounds: Int, _ body: @escaping () -> Void) -> Double { interleavedSeconds(rounds: rounds, [body])[0][0] }

    private static func measure(_ name: String, capacity: Int, bytes: Int, rounds: Int) -> Level {
        func elements(ofEach arrays: Int) -> Int { bytes / 4 / arrays / 64 * 64 }
        let (a, b, c) = (row(elements(ofEach: 2)), row(elements(ofEach: 2)), row(elements(ofEach: 3)))
        func bandwidth(_ count: Int, _ body: @escaping (Int) -> Void) -> Double { Double(3 * 4 * count) / best(rounds) { body(count) } }
        return Level(
            name: name, capacity: capacity,
            bandwidth: bandwidth(a.columns) { add(3, times: b.base, to: a.base, count: $0) },
            triadBandwidth: bandwidth(c.columns) { triad(a.base, b.base, c.base, count: $0) }, latency: latency(bytes: bytes, rounds: rounds),
            measuredBytes: bytes)
    }

    /// From line to line of a random cycle through them all.
    private static func latency(bytes: Int, rounds: Int) -> Double {
        let stride = 64 / MemoryLayout<Int>.stride, steps = 100_000
        var order = Array(0..<bytes / 64)
        var stream = RandomStream(seed: 1, purpose: .synthesis)
        for last in order.indices.dropFirst().reversed() { order.swapAt(last, stream.nextIndex(below: last + 1)) }
        let next = UnsafeMutablePointer<Int>.allocate(capacity: order.count * stride)
        defer { next.deallocate() }
        next.initialize(repeating: 0, count: order.count * stride)
        for (line, following) in zip(order, order.dropFirst() + order.prefix(1)) { next[line * stride] = following * stride }
        var line = 0
        return best(rounds) {
            for _ in 0..<steps { line = next[line] }
        } / Double(steps)
    }

    private static func row(_ columns: Int) -> Matrix<Float> { Matrix(rows: 1, columns: columns) }

    /// Bytes of this processor's data caches, the first level first; usual sizes where the system does not tell.
    private static func cacheCapacities() -> [Int] {
        func read(_ index: Int, _ name: String) -> String? {
            FileManager.default.contents(atPath: "/sys/devices/system/cpu/cpu0/cache/index\(index)/\(name)").map {
                String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }
        let sizes = (0..<8).filter { read($0, "type") != "Instruction" }.compactMap { read($0, "size") }
        let known = sizes.compactMap { $0.last == "K" ? Int($0.dropLast()).map { $0 << 10 } : nil }
        return known.isEmpty ? [32 << 10, 1 << 20, 16 << 20] : known
    }
}

/// Twelve chains of `count` multiply-adds each, as many sums as a tile of a product keeps in registers.
@inline(never)
private func multiplyAddChains(_ count: Int) {
    func start(_ value: Float) -> Float.Lanes { Float.Lanes(repeating: value) }
    let factor = start(0.5), term = start(1)
    var (a, b, c, d, e, f) = (start(1), start(2), start(3), start(4), start(5), start(6))
    var (g, h, i, j, k, l) = (start(7), start(8), start(9), start(10), start(11), start(12))
    for _ in 0..<count {
        (a, b, c) = (multiplyAdd(a, factor, term), multiplyAdd(b, factor, term), multiplyAdd(c, factor, term))
        (d, e, f) = (multiplyAdd(d, factor, term), multiplyAdd(e, factor, term), multiplyAdd(f, factor, term))
        (g, h, i) = (multiplyAdd(g, factor, term), multiplyAdd(h, factor, term), multiplyAdd(i, factor, term))
        (j, k, l) = (multiplyAdd(j, factor, term), multiplyAdd(k, factor, term), multiplyAdd(l, factor, term))
    }
    use(a + b + c + d + e + f + g + h + i + j + k + l)
}

/// Receives a result, so that computing it is not left out.
@inline(never) @_optimize(none)
private func use(_ value: Float.Lanes) {}

/// a = a + s b
@inline(never)
private func add(_ s: Float, times b: UnsafePointer<Float>, to a: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { a[i] += s * b[i] }
}

/// a = b + 3 c
@inline(never)
private func triad(_ a: UnsafeMutablePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>, count: Int) {
    for i in 0..<count { a[i] = b[i] + 3 * c[i] }
}
