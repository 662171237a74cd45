// What a training step costs as networks grow wider, deeper and their batches larger, beside the least that the machine
// allows.
//
//     scripts/bench-kernels step-cost --svg docs/step-cost.svg
//
// Prints a Markdown table for each sweep, and draws them. docs/step-cost.md describes the model.

import Charts
import Foundation
import NeuralNetwork
import Support
import Timing

let options = Options(["--rounds", "--svg"], usage: "usage: step-cost [--rounds N] [--svg FILE]")
let rounds = options.count("--rounds", default: 15)

/// A training step on one thread.
func step(_ shape: NetworkShape) -> () -> Void {
    let layers = shape.layers, last = layers.count - 1
    let description = NetworkDescription(
        layers: layers.enumerated().map { index, layer in
            LayerDescription(
                inputs: layer.inputs, outputs: layer.outputs, normalization: index == last ? nil : BatchNormalization(),
                activation: index == last ? .identity : .relu, hasBias: index == last)
        })
    let network = Network<Float>(description, initialization: .he, optimizer: Optimizer(), seed: 1)
    let workspace = Workspace<Float>(description, rows: shape.batch, forTraining: true)
    fillNormal(workspace.input, seed: 2)
    for i in 0..<shape.batch { workspace.targets.labels[i] = Int32(i % 10) }
    return {
        _ = network.forward(workspace, .training(step: 0))
        // So small a rate leaves the network as it is, however many steps are measured.
        network.backwardAndUpdate(workspace, rate: 1e-6, t: 1)
    }
}

let powers = (1...12).map { 1 << $0 }
let sweeps: [(axis: String, fixed: String, shapes: [(x: Int, shape: NetworkShape)])] = [
    (
        "width", "depth 3, batch 128",
        powers.filter { $0 >= 16 }.map { ($0, NetworkShape(width: $0, depth: 3, batch: 128)) }
    ),
    (
        "depth", "width 100, batch 100",
        [1, 2, 3, 5, 10, 20, 50, 100].map { ($0, NetworkShape(width: 100, depth: $0, batch: 100)) }
    ),
    ("batch", "width 100, depth 3", powers.map { ($0, NetworkShape(width: 100, depth: 3, batch: $0)) }),
]
// The overhead is what each of 64 further layers adds to the smallest of networks.
let shallow = NetworkShape(width: 16, depth: 8, batch: 2), deep = NetworkShape(width: 16, depth: 72, batch: 2)

let limits = MachineLimits.measure()
limits.printTable()
var seconds = interleavedMedians(
    rounds: rounds, fill: 2e-2, ([shallow, deep] + sweeps.flatMap { $0.shapes.map(\.shape) }).map(step))[...]

let unburdened = StepModel(limits: limits, overheadSeconds: 0)
let (shallowSeconds, deepSeconds) = (seconds.removeFirst(), seconds.removeFirst())
let unexplained = [deepSeconds - unburdened.cost(deep).seconds, shallowSeconds - unburdened.cost(shallow).seconds]
let model = StepModel(
    limits: limits, overheadSeconds: (unexplained[0] - unexplained[1]) / Double(deep.depth - shallow.depth))
print(String(format: "\nOverhead: %.2f microseconds a layer.", model.overheadSeconds * 1e6))

let charts = sweeps.map { axis, fixed, shapes in
    print(
        "\n| \(axis) (\(fixed)) | ms a step | model | FLOPs / peak | bytes / bandwidth | overhead | ratio "
            + "|\n|---|---|---|---|---|---|---|"
    )
    var measured = LineChart.Series(name: "measured", points: [], mark: .points),
        modelled = LineChart.Series(name: "model", points: [])
    for (x, shape) in shapes {
        let stepSeconds = seconds.removeFirst(), cost = model.cost(shape)
        let times = [stepSeconds, cost.seconds, cost.operationSeconds, cost.trafficSeconds, cost.overheadSeconds]
        print(
            "| \(x) | " + times.map { String(format: "%.3g | ", $0 * 1e3) }.joined()
                + String(format: "%.2f |", stepSeconds / cost.seconds))
        measured.points.append((Double(x), stepSeconds * 1e3))
        modelled.points.append((Double(x), cost.seconds * 1e3))
    }
    return LineChart(
        title: fixed, xLabel: axis, yLabel: "time per step (ms)", xScale: .logarithmic, yScale: .logarithmic,
        series: [measured, modelled])
}
if let file = options.text("--svg") {
    do {
        try LineChart.svg(charts, width: 960, plotHeight: 240).write(toFile: file, atomically: true, encoding: .utf8)
    } catch {
        fail("\(file) cannot be written; check its folder and permissions", status: 74)
    }
}
