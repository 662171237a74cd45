// The three backward passes of batch normalization, timed in turn on one thread: closed form, staged, Jacobian.
//
//     swift build -c release --product backward-passes && .build/release/backward-passes
//
// Prints medians over the rounds in microseconds with the range from the first to the last decile, and the ratio to the closed form.

import Foundation
import Matrices
import NeuralNetwork

let rounds = 31

/// Seconds that one call takes, the mean over about 2 ms of calls.
func time(_ body: () -> Void) -> Double {
    var count = 1
    while true {
        let start = DispatchTime.now().uptimeNanoseconds
        for _ in 0..<count { body() }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        if seconds > 2e-3 { return seconds / Double(count) }
        count *= 2
    }
}

func compare<S: Scalar>(rows: Int, features: Int, as _: S.Type) {
    var stream = RandomStream(seed: 1, purpose: .synthesis)
    func random() -> Matrix<S> { Matrix(rows: rows, columns: features, (0..<rows * features).map { _ in S(stream.nextNormalPair().0) }) }
    let h = random(), gradient = random(), working = Matrix<S>(rows: rows, columns: features)
    let passes = Normalization.Backward.allCases.map { backward in
        let description = Normalization(backward: backward)
        let normalizer = Normalizer<S>(description, features: features, layer: 0, seed: 0, stateCount: 0)
        let buffers = NormalizationBuffers<S>(description, rows: rows, features: features, forTraining: true)
        normalizer.forward(h, buffers, pass: .training(step: 0))
        return (backward, normalizer, buffers)
    }
    var seconds = passes.map { _ in [Double]() }
    for _ in 0..<rounds {
        for (index, (_, normalizer, buffers)) in passes.enumerated() {
            seconds[index].append(
                time {
                    working.copy(from: gradient)
                    normalizer.backward(gradient: working, h: h, buffers)
                })
        }
    }
    let medians = seconds.map { $0.sorted()[rounds / 2] }
    for (index, (backward, _, _)) in passes.enumerated() {
        let sorted = seconds[index].sorted()
        let range = String(format: "%.1f to %.1f", sorted[rounds / 10] * 1e6, sorted[rounds - 1 - rounds / 10] * 1e6)
        print(
            "| \(rows) x \(features) | \(S.self == Float.self ? "float32" : "float64") | \(backward.rawValue) "
                + String(format: "| %.1f | ", medians[index] * 1e6) + range + String(format: " | %.1f |", medians[index] / medians[0]))
    }
}

print("| N x H | precision | backward | microseconds | range | ratio |\n|---|---|---|---|---|---|")
for (rows, features) in [(10, 100), (60, 100), (256, 256)] {
    compare(rows: rows, features: features, as: Float.self)
    compare(rows: rows, features: features, as: Double.self)
}
