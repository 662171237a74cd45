import Foundation
import NeuralNetwork
import Support

/// What one thread of this machine can do at best: the measures that kernels are held against.
package struct MachineLimits {
    /// A cache, or main memory.
    package struct Level {
        package let name: String
        /// In bytes; main memory's is unlimited.
        package let capacity: Int
        /// Bytes a second of the update a = a + s b, which moves all that it counts: two reads and a write an element.
        package let bandwidth: Double
        /// Bytes a second of the triad a = b + s c.
        ///
        /// What is written it has not read, so that lines come into a cache uncounted.
        package let triadBandwidth: Double
        /// Seconds until a cache line arrives that nothing foretold.
        package let latency: Double
        let measuredBytes: Int
    }

    /// Floating-point operations a second of fused multiply-adds on registers.
    package let peak: Double
    /// From the first cache down to main memory.
    package let levels: [Level]

    /// The best of `rounds` rounds in which all measurements take turns: those of memory over arrays that fill half a
    /// cache or, for main memory, four times the last cache.
    ///
    /// Source: McCalpin 1995, "Memory bandwidth and machine balance in current high performance computers".
    package static func measure(rounds: Int = 15) -> MachineLimits {
        let chainLength = 20_000, caches = cacheCapacities()
        var probes = caches.enumerated().map { MemoryProbe(name: "L\($0 + 1)", capacity: $1, bytes: $1 / 2) }
        probes.append(MemoryProbe(name: "memory", capacity: .max, bytes: 4 * caches[caches.count - 1]))
        let contestants = [{ multiplyAddChains(chainLength) }] + probes.flatMap(\.contestants)
        let best = interleavedSeconds(rounds: rounds, contestants).map { $0[0] }
        let levels = probes.enumerated().map { index, probe in
            probe.level(seconds: Array(best[1 + 3 * index..<4 + 3 * index]))
        }
        return MachineLimits(peak: Double(2 * 12 * Float.laneCount * chainLength) / best[0], levels: levels)
    }

    /// The first level that so many bytes fit in.
    package func level(of bytes: Int) -> Level { levels.first { bytes <= $0.capacity } ?? levels[levels.count - 1] }

    package func printTable() {
        print(
            String(format: "Limits of one thread: %.1f GFLOP/s of fused multiply-adds on registers, and\n", peak * 1e-9)
        )
        print(
            "| level | KiB | measured over KiB | a = a + s b, GB/s | triad a = b + s c, GB/s | a random line, ns "
                + "|\n|---|---|---|---|---|---|"
        )
        for level in levels {
            let size = level.capacity == .max ? "" : "\(level.capacity / 1024)"
            let rates = String(
                format: "%.1f | %.1f | %.1f |", level.bandwidth * 1e-9, level.triadBandwidth * 1e-9, level.latency * 1e9
            )
            print("| \(level.name) | \(size) | \(level.measuredBytes / 1024) | \(rates)")
        }
    }

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
