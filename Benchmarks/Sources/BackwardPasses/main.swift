// The three backward passes of batch normalization, timed in turn on one thread: closed form, staged, Jacobian.
//
//     scripts/bench-kernels backward-passes
//
// Prints medians over the rounds in microseconds with the range from the first to the last decile, and the ratio to the
// closed form.

import Foundation
import NeuralNetwork
import Timing

let rounds = Options(["--rounds"], usage: "usage: backward-passes [--rounds N]").count("--rounds", default: 31)

func compare<S: Scalar>(rows: Int, features: Int, as _: S.Type) {
    let h: Matrix<S> = randomMatrix(rows, features, seed: 1),
        gradient: Matrix<S> = randomMatrix(rows, features, seed: 2)
    let working = Matrix<S>(rows: rows, columns: features)
    let passes = BatchNormalization.Backward.allCases.map { backward in
        let description = BatchNormalization(backward: backward)
        let normalizer = Normalizer<S>(description, features: features, layer: 0, seed: 0, stateCount: 0)
        let buffers = NormalizationBuffers<S>(description, rows: rows, features: features, forTraining: true)
        normalizer.forward(h, buffers, pass: .training(step: 0))
        return (backward, normalizer, buffers)
    }
    let seconds = interleavedSeconds(
        rounds: rounds,
        passes.map { _, normalizer, buffers in
            {
                working.copy(from: gradient)
                normalizer.backward(gradient: working, h: h, buffers)
            }
        })
    for ((backward, _, _), sorted) in zip(passes, seconds) {
        let median = sorted[rounds / 2], range = (sorted[rounds / 10], sorted[rounds - 1 - rounds / 10])
        print(
            "| \(rows) x \(features) | \(S.self == Float.self ? "float32" : "float64") | \(backward.rawValue) "
                + String(
                    format: "| %.1f | %.1f to %.1f | %.1f |", median * 1e6, range.0 * 1e6, range.1 * 1e6,
                    median / seconds[0][rounds / 2]))
    }
}

print("| N x H | precision | backward | microseconds | range | ratio |\n|---|---|---|---|---|---|")
for (rows, features) in [(10, 100), (60, 100), (256, 256)] {
    compare(rows: rows, features: features, as: Float.self)
    compare(rows: rows, features: features, as: Double.self)
}
