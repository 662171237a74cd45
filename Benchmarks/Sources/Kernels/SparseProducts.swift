import Foundation
import NeuralNetwork
import Support
import Timing

// The products of a first layer whose inputs are given without their zeros, on one thread. N batch rows, D inputs, H
// units: X is N x D, W is D x H, G is N x H.

/// Beside the dense products; a ratio above 1 says that skipping zeros wins.
///
/// Rates count the multiply-adds of the zeros too. The last column compares all that a step does: taking the batch from
/// the data, and both products.
func compareSparseProducts(rounds: Int) {
    let multiplier = Multiplier<Float>(pool: .single)
    print("\nProducts of sparse inputs, one thread; GFLOP/s as if dense, and times the dense product's:\n")
    print(
        "| N, D, H | density | X W | times dense | Xᵀ G | times dense | batch, X W and Xᵀ G, times dense "
            + "|\n|---|---|---|---|---|---|---|"
    )
    for (n, d, h) in [(60, 784, 100), (128, 784, 256), (512, 784, 2048)] {
        let w: Matrix<Float> = randomMatrix(d, h, seed: 1), g: Matrix<Float> = randomMatrix(n, h, seed: 2)
        let y = Matrix<Float>(rows: n, columns: h), dw = Matrix<Float>(rows: d, columns: h)
        for density in [0.1, 0.19, 0.3, 0.4, 0.5, 0.7] {
            let source = sparseRows(n, d, density: density), indices = (0..<UInt32(n)).map { $0 * 7 % UInt32(n) }
            let batch = SparseBatch(source, capacity: n, forTraining: true), dense = Matrix<Float>(rows: n, columns: d)
            let x = Matrix<Float>(rows: n, columns: d)
            batch.load(indices[...])
            batch.expand(into: dense)
            func sparseLeft() {
                multiplier.divide(h, work: x.count * h, (batch, w, y)) { operands, part, _ in
                    multiply(operands.0, operands.1, into: operands.2, part: part)
                }
            }
            func sparseTransposed() {
                multiplier.divide(d, work: x.count * h, (batch, g, dw)) {
                    multiplyTransposedLeft($0.0, $0.1, into: $0.2, part: $1, scratch: $2)
                }
            }
            func denseLeft() { multiplier.multiply(x, w, into: y) }
            func denseTransposed() { multiplier.multiplyTransposedLeft(x, g, into: dw) }
            func gather() {
                for (i, index) in indices.enumerated() {
                    (x.base + i * d).update(from: dense.base + Int(index) * d, count: d)
                }
            }
            gather()
            let seconds = interleavedMedians(
                rounds: rounds,
                [
                    sparseLeft, denseLeft, sparseTransposed, denseTransposed,
                    {
                        batch.load(indices[...])
                        sparseLeft()
                        sparseTransposed()
                    },
                    {
                        gather()
                        denseLeft()
                        denseTransposed()
                    },
                ])
            let operations = 2 * Double(n * d * h)
            print(
                "| \(n), \(d), \(h) | \(density) | "
                    + String(
                        format: "%.1f | %.2f | %.1f | %.2f | %.2f |", operations / seconds[0] * 1e-9,
                        seconds[1] / seconds[0],
                        operations / seconds[2] * 1e-9, seconds[3] / seconds[2], seconds[5] / seconds[4]))
        }
    }
}

/// Rows of which each value is not 0 with probability `density`.
private func sparseRows(_ rows: Int, _ columns: Int, density: Double) -> SparseRows<Float> {
    var stream = RandomStream(seed: 3, purpose: .synthesis)
    return SparseRows(rows: rows, columns: columns, entryCount: rows * columns) { _, target in
        var count = 0
        for column in 0..<columns where stream.nextUniform() < density {
            target[count] = SparseEntry(index: Int32(column), value: Float(stream.nextUniform()))
            count += 1
        }
        return count
    }
}
