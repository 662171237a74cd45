import COpenBLAS
import Foundation
import Matrices
import Timing

func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Float> {
    var stream = RandomStream(seed: seed, purpose: .synthesis)
    return Matrix(rows: rows, columns: columns, (0..<rows * columns).map { _ in Float(stream.nextNormalPair().0) })
}

/// C = op(A) op(B) by OpenBLAS, row-major.
func openBLAS(_ ta: Bool, _ a: Matrix<Float>, _ tb: Bool, _ b: Matrix<Float>, _ c: Matrix<Float>) {
    let k = ta ? a.rows : a.columns
    cblas_sgemm(
        CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, blasint(c.rows), blasint(c.columns), blasint(k), 1, a.base,
        blasint(a.columns), b.base, blasint(b.columns), 0, c.base, blasint(c.columns))
}

BLAS.useOneThread()
let multiplier = Multiplier<Float>(pool: .single)
print("| N, D, H | product | bnexp GFLOP/s | OpenBLAS GFLOP/s | ratio |\n|---|---|---|---|---|")
for (n, d, h) in [(60, 784, 100), (60, 100, 100), (60, 100, 10), (128, 784, 256), (128, 256, 256), (128, 256, 10), (100, 784, 100), (100, 100, 100), (512, 784, 2048), (512, 2048, 2048), (512, 2048, 10)] {
    let x = random(n, d, seed: 1), w = random(d, h, seed: 2), g = random(n, h, seed: 3)
    let y = Matrix<Float>(rows: n, columns: h), dw = Matrix<Float>(rows: d, columns: h), dx = Matrix<Float>(rows: n, columns: d)
    for (name, ours, theirs) in [
        ("XW", { multiplier.multiply(x, w, into: y) }, { openBLAS(false, x, false, w, y) }),
        ("XtG", { multiplier.multiplyTransposedLeft(x, g, into: dw) }, { openBLAS(true, x, false, g, dw) }),
        ("GWt", { multiplier.multiplyTransposedRight(g, w, into: dx) }, { openBLAS(false, g, true, w, dx) }),
    ] {
        let seconds = interleavedMedians(rounds: n == 512 && d == 2048 ? 3 : 9, [ours, theirs])
        let rates = seconds.map { 2 * Double(n * d * h) / $0 * 1e-9 }
        print(String(format: "| %d, %d, %d | %@ | %.1f | %.1f | %.2f |", n, d, h, name, rates[0], rates[1], rates[0] / rates[1]))
    }
}
