import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing
import Training

/// Values that PyTorch computed: `Fixtures/make_golden.py` says what the file holds and how it is made.
private func goldenFile(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name).h5").path
}

/// The file of each case.
private let goldenCases: [String: String] = {
    var cases: [String: String] = [:]
    for file in ["golden", "architecture"].map(goldenFile) {
        for name in (try? HDF5File(path: file).datasetNames()) ?? [] where name.hasPrefix("cases/") {
            cases[String(name.split(separator: "/")[1])] = file
        }
    }
    return cases
}()

private func caseNames() -> [String] { goldenCases.keys.sorted() }

/// One case's network in one precision, walking the batches that PyTorch walked.
struct GoldenCase<S: Scalar> {
    let file: HDF5File
    let names: Set<String>
    let group: String
    let plan: RunPlan
    let network: Network<S>
    let workspace: Workspace<S>
    let loader: BatchLoader<S>

    init(_ name: String) throws {
        guard let golden = goldenCases[name] else { throw DataError("no case") }
        file = try HDF5File(path: golden)
        names = Set(try file.datasetNames())
        group = "cases/\(name)/"
        let attributes = try file.attributes(of: "cases/\(name)")
        guard case .string(let config)? = attributes["config"], case .string(let targets)? = attributes["targets"]
        else {
            throw DataError("no config")
        }
        plan = try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("\(name).json").path
            try config.write(toFile: path, atomically: true, encoding: .utf8)
            var request = ConfigRequest(path: path)
            request.overrides = [
                "data={\"file\": \"\(golden)\", \"train\": {\"inputs\": \"data/inputs\", \"targets\": "
                    + "\"data/\(targets)\"}, \"shuffle\": false}",
                "precision=\(S.self == Float.self ? "float32" : "float64")",
            ]
            return try planRun(loadConfig(request))
        }
        network = try makeNetwork(plan, pool: .single)
        workspace = Workspace(plan.network, rows: 20, forTraining: true, valueCount: plan.data.valueCount)
        loader = BatchLoader(plan.data.train.data, scaling: plan.data.scaling)
        for (index, layer) in network.layers.enumerated() {
            for parameter in layer.parameters {
                try file.read("\(group)initial/layer/\(index)/\(parameter.kind.rawValue)", into: parameter.value)
            }
        }
        network.rememberNorms()
    }

    func values(_ path: String) throws -> [Double] { try file.dataset(group + path).read() }

    /// Every dataset of the case below a path is compared, so that none is forgotten.
    func datasets(under path: String) -> Set<String> {
        Set(names.filter { $0.hasPrefix(group + path) }.map { String($0.dropFirst(group.count)) })
    }

    func forward(step: Int) -> Double {
        let first = step % 10 * 20, rows = plan.data.train.rows[first..<first + 20].map { UInt32($0) }
        loader.loadFromMemory(rows[...], into: workspace)
        return network.forward(workspace, .training(step: step)).loss
    }

    /// Everything under `first/`: sites and gradients before the update, running statistics after it.
    func firstPass() throws -> [String: [Double]] {
        var found = ["first/loss": [forward(step: 0)]]
        network.backward(workspace)
        for (index, layer) in network.layers.enumerated() {
            let buffers = workspace.layers[index]
            found["first/layer/\(index)/preactivation"] = buffers.preactivation.elements.map(Double.init)
            if index < network.layers.count - 1 {
                found["first/layer/\(index)/output"] = buffers.output.elements.map(Double.init)
            }
            for parameter in layer.parameters {
                found["first/gradient/layer/\(index)/\(parameter.kind.rawValue)"] = parameter.gradient.elements.map(
                    Double.init)
            }
        }
        network.update(workspace, rate: plan.learningRate(step: 0), t: 1)
        found.merge(running("first/running")) { $1 }
        return found
    }

    func running(_ prefix: String) -> [String: [Double]] {
        var found: [String: [Double]] = [:]
        for (index, layer) in network.layers.enumerated() {
            guard let running = layer.running else { continue }
            found["\(prefix)/layer/\(index)/running_mean"] = running.mean.elements.map(Double.init)
            let name = running.averagesDeviation ? "running_standard_deviation" : "running_variance"
            found["\(prefix)/layer/\(index)/\(name)"] = running.spread.elements.map(Double.init)
            if let whitening = running.whitening {
                found["\(prefix)/layer/\(index)/running_whitening"] = whitening.elements.map(Double.init)
            }
        }
        return found
    }

    /// The losses of 50 steps.
    func train() throws -> [Double] {
        let rates = try values("learning_rates")
        return (0..<50).map { step in
            let loss = forward(step: step), rate = plan.learningRate(step: step)
            #expect(abs(rate - rates[step]) <= 1e-14 * rates[step], "learning rate of step \(step)")
            network.backward(workspace)
            network.update(workspace, rate: rate, t: step + 1)
            return loss
        }
    }
}

/// The largest difference relative to the largest value: max |a - b| / max |b|.
func distance(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let largest = b.reduce(0) { max($0, abs($1)) }
    let difference = zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return largest == 0 ? difference : difference / largest
}

@Suite struct GoldenTests {
    @Test func thereAreCases() { #expect(caseNames().count >= 96) }

    /// One forward and backward pass: each array within 1e-12 of its largest value, a few hundred roundings of float64.
    @Test(arguments: caseNames())
    func firstPassInFloat64(name: String) throws {
        let test = try GoldenCase<Double>(name)
        let found = try test.firstPass()
        #expect(Set(found.keys) == test.datasets(under: "first/"))
        for (path, values) in found {
            let error = distance(values, try test.values(path))
            #expect(error <= 1e-12, "\(name) \(path): \(error)")
        }
    }

    /// 50 updates: rounding grows along a trajectory, so 1e-11 at the end.
    @Test(arguments: caseNames())
    func trajectoryInFloat64(name: String) throws {
        let test = try GoldenCase<Double>(name)
        let losses = try test.train(), expected = try test.values("losses")
        for step in 0..<50 {
            #expect(abs(losses[step] - expected[step]) <= 1e-11 * abs(expected[step]), "\(name), loss \(step)")
        }
        var found = test.running("final/running")
        for (index, layer) in test.network.layers.enumerated() {
            for parameter in layer.parameters {
                found["final/layer/\(index)/\(parameter.kind.rawValue)"] = parameter.value.elements.map { Double($0) }
            }
        }
        #expect(Set(found.keys) == test.datasets(under: "final/"))
        for (path, values) in found {
            let error = distance(values, try test.values(path))
            #expect(error <= 1e-11, "\(name) \(path): \(error)")
        }
    }

    /// Within four times the distance of PyTorch's own float32 from its float64.
    ///
    /// A distance below a unit in the last place of an array's largest value (2^-23) is luck, and counts as one.
    @Test(arguments: caseNames())
    func float32IsAsCloseAsPyTorchs(name: String) throws {
        let test = try GoldenCase<Float>(name)
        for (path, values) in try test.firstPass() {
            let error = distance(values, try test.values(path))
            let theirs = max(try test.values("float32/" + path.dropFirst("first/".count))[0], 0x1p-23)
            #expect(error <= 4 * theirs, "\(name) \(path): \(error), PyTorch \(theirs)")
        }
        let trajectory = try GoldenCase<Float>(name)
        let losses = try trajectory.train(), expected = try trajectory.values("losses"),
            theirs = try trajectory.values("losses_float32")
        func largest(_ a: [Double]) -> Double { zip(a, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } }
        #expect(largest(losses) <= 4 * largest(theirs), "\(name): \(largest(losses)), PyTorch \(largest(theirs))")
    }
}
