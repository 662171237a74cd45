import COpenBLAS
import Foundation
import NeuralNetwork
import Support
import Timing

// The three products of a linear layer. N batch rows, D inputs, H units: X is N x D, W is D x H, G is N x H.

private let shapes = [
    (1, 784, 100), (2, 784, 100), (4, 784, 100), (8, 784, 100), (16, 784, 100), (4096, 784, 100),
    (1, 100, 100), (2, 100, 100), (4, 100, 100), (8, 100, 100), (16, 100, 100), (4096, 100, 100),
    (2, 784, 256), (8, 784, 256), (2, 256, 256), (8, 256, 256),
    (60, 784, 100), (60, 100, 100), (60, 100, 10), (100, 784, 100), (100, 100, 100), (128, 784, 256), (128, 256, 256),
    (128, 256, 10),
    (512, 784, 2048), (512, 2048, 2048), (512, 2048, 10),
]

/// Ours beside OpenBLAS's on as many threads as the pool has; `peak` is one thread's.
func compareDenseProducts(pool: WorkerPool, peak: Double, rounds: Int) {
    let multiplier = Multiplier<Float>(pool: pool), threads = pool.threadCount
    print("\nDense products, \(threads == 1 ? "one thread" : "\(threads) threads"):\n")
    print("| N, D, H | product | GFLOP/s | of the peak | OpenBLAS GFLOP/s | ratio |\n|---|---|---|---|---|---|")
    for (n, d, h) in shapes {
        let x: Matrix<Float> = randomMatrix(n, d, seed: 1), w: Matrix<Float> = randomMatrix(d, h, seed: 2)
        let g: Matrix<Float> = randomMatrix(n, h, seed: 3)
        let y = Matrix<Float>(rows: n, columns: h), dw = Matrix<Float>(rows: d, columns: h),
            dx = Matrix<Float>(rows: n, columns: d)
        for (name, ours, theirs) in [
            ("X W", { multiplier.multiply(x, w, into: y) }, { openBLAS(false, x, false, w, y) }),
            ("Xᵀ G", { multiplier.multiplyTransposedLeft(x, g, into: dw) }, { openBLAS(true, x, false, g, dw) }),
            ("G Wᵀ", { multiplier.multiplyTransposedRight(g, w, into: dx) }, { openBLAS(false, g, true, w, dx) }),
        ] {
            let seconds = medians(ours, theirs, threads: threads, rounds: rounds)
            let rates = seconds.map { 2 * Double(n * d * h) / $0 * 1e-9 },
                share = rates[0] * 1e9 / (peak * Double(threads))
            print(
                "| \(n), \(d), \(h) | \(name) | "
                    + String(
                        format: "%.1f | %.0f %% | %.1f | %.2f |", rates[0], 100 * share, rates[1], rates[0] / rates[1]))
        }
    }
}

/// On several threads the two do not take turns, since OpenBLAS's threads go on spinning for a while after each
/// product.
private func medians(_ ours: @escaping () -> Void, _ theirs: @escaping () -> Void, threads: Int, rounds: Int)
    -> [Double]
{
    guard threads > 1 else { return interleavedMedians(rounds: rounds, [ours, theirs]) }
    let median = interleavedMedians(rounds: rounds, [ours])
    openblas_set_num_threads(Int32(threads))
    defer {
        openblas_set_num_threads(1)
        Thread.sleep(forTimeInterval: 0.1)
    }
    return median + interleavedMedians(rounds: rounds, [theirs])
}

/// C = op(A) op(B) by OpenBLAS, row-major.
private func openBLAS(
    _ transposesA: Bool, _ a: Matrix<Float>, _ transposesB: Bool, _ b: Matrix<Float>, _ c: Matrix<Float>
) {
    let depth = transposesA ? a.rows : a.columns
    cblas_sgemm(
        CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans,
        blasint(c.rows), blasint(c.columns),
        blasint(depth), 1, a.base, blasint(a.columns), b.base, blasint(b.columns), 0, c.base, blasint(c.columns))
}
