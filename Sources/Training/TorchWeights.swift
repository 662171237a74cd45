import Datasets
import NeuralNetwork

/// The arrays of a network as an `nn.Sequential` of PyTorch calls them.
struct TorchLayout {
    struct Entry {
        /// The name in the module's state, such as `3.running_mean`.
        let name: String
        let layer: Int
        let array: LayerArray
    }
    /// The expressions that make the modules.
    private(set) var expressions: [String] = []
    /// The modules as arguments.
    var text: String { expressions.joined(separator: ", ") }
    /// By modules in their order, by names within a module.
    private(set) var entries: [[Entry]] = []

    init(_ network: NetworkDescription) throws(NoTorchModule) {
        for (index, layer) in network.layers.enumerated() {
            let modules: [TorchModule]
            do { modules = try layer.torchModules() } catch {
                throw NoTorchModule(reason: "layer \(index): \(error.reason)")
            }
            for module in modules {
                let number = expressions.count
                expressions.append(module.expression)
                let state = module.state.sorted { $0.key < $1.key }
                guard !state.isEmpty else { continue }
                entries.append(state.map { Entry(name: "\(number).\($0)", layer: index, array: $1) })
            }
        }
    }
}

extension LayerArray {
    /// The shape of the tensor for a layer.
    func shape(_ layer: LayerDescription) -> [Int] {
        switch self {
        case .parameter(.weight): [layer.outputs, layer.inputs]
        case .columnGain: [layer.outputs, 1]
        case .batchCount: []
        case .parameter, .runningMean, .runningVariance, .constant: [layer.outputs]
        }
    }

    /// The name in checkpoints, without the layer.
    fileprivate var checkpointName: String {
        switch self {
        case .parameter(let kind): kind.rawValue
        case .columnGain: ParameterKind.gain.rawValue
        case .runningMean: "running_mean"
        case .runningVariance: "running_variance"
        case .batchCount: "batch_count"
        case .constant: ""
        }
    }
}

/// A safetensors file that holds the state of an `nn.Sequential`, or arrays with the names of checkpoints.
///
/// Modules with state are found by their order, so that others, such as `nn.Flatten`, and a prefix of all names do
/// not matter.
struct TorchWeightFile: WeightFile {
    /// Where an array is: the tensor's name and shape, and whether it is transposed.
    private struct Place {
        let tensor: String
        let shape: [Int]
        let isTransposed: Bool
    }
    private let file: SafetensorsFile
    /// By the names of checkpoints; empty where the tensors themselves have these.
    private var places: [String: Place] = [:]
    private var batchCounts: [Int: String] = [:]

    var path: String { file.path }
    var names: Set<String> { places.isEmpty ? Set(file.shapes.keys) : Set(places.keys) }

    /// - Throws: `DataError` if the file has other modules than the network.
    init(_ file: SafetensorsFile, _ network: NetworkDescription) throws(DataError) {
        self.file = file
        for index in network.layers.indices {
            let name = "layer/\(index)/batch_count"
            if file.shapes[name] != nil { batchCounts[index] = name }
        }
        if file.shapes.keys.contains(where: { $0.hasPrefix("layer/") }) { return }
        let layout: TorchLayout
        do { layout = try TorchLayout(network) } catch {
            throw DataError(
                file: file.path,
                "It has no tensor layer/0/weight, and an nn.Sequential cannot be this network: \(error.reason).")
        }
        let modules = try TorchWeightFile.modules(of: file)
        for (module, entries) in zip(modules, layout.entries) {
            try connect(module, entries, network)
        }
        guard modules.count == layout.entries.count else {
            throw DataError(
                file: file.path,
                "It has \(modules.count) modules with parameters; the network is nn.Sequential(\(layout.text)), "
                    + "which has \(layout.entries.count).")
        }
    }

    /// The modules that a file holds the state of, in their order: a module's name, and its arrays' names below that.
    private static func modules(of file: SafetensorsFile) throws(DataError) -> [(name: String, arrays: Set<String>)] {
        var modules: [[String]: Set<String>] = [:]
        for name in file.shapes.keys {
            let parts = name.split(separator: ".").map(String.init)
            guard let number = parts.lastIndex(where: { Int($0) != nil }), number < parts.count - 1 else {
                throw DataError(
                    file: file.path,
                    "It has a tensor \"\(name)\"; expected names as nn.Sequential gives them, such as 0.weight and "
                        + "1.running_mean. Save the state of an nn.Sequential of the same modules.")
            }
            modules[Array(parts[...number]), default: []].insert(parts[(number + 1)...].joined(separator: "."))
        }
        func comesBefore(_ a: [String], _ b: [String]) -> Bool {
            for (x, y) in zip(a, b) where x != y {
                if let x = Int(x), let y = Int(y) { return x < y }
                return x < y
            }
            return a.count < b.count
        }
        return modules.sorted { comesBefore($0.key, $1.key) }.map { ($0.key.joined(separator: "."), $0.value) }
    }

    /// Remembers where the arrays of a module are, which must be those of `entries`.
    private mutating func connect(
        _ module: (name: String, arrays: Set<String>), _ entries: [TorchLayout.Entry], _ network: NetworkDescription
    ) throws(DataError) {
        let optional: [LayerArray] = [.batchCount, .runningMean, .runningVariance]
        func own(_ entry: TorchLayout.Entry) -> String {
            String(entry.name.split(separator: ".", maxSplits: 1)[1])
        }
        // A running variance of 1 stands for none.
        let needed = entries.filter { !optional.contains($0.array) && own($0) != "running_var" }.map(own)
        guard module.arrays.isSubset(of: entries.map(own)), module.arrays.isSuperset(of: needed) else {
            throw DataError(
                file: file.path,
                "Its module \(module.name) has \(module.arrays.sorted().joined(separator: ", ")), where layer "
                    + "\(entries[0].layer) of the network has \(entries.map(own).joined(separator: ", ")).")
        }
        for entry in entries where module.arrays.contains(own(entry)) {
            let tensor = "\(module.name).\(own(entry))", layer = network.layers[entry.layer]
            let shape = entry.array.shape(layer)
            switch entry.array {
            case .batchCount: batchCounts[entry.layer] = tensor
            case .constant(let value):
                let found = Matrix<Double>(rows: 1, columns: layer.outputs)
                try file.read(tensor, shape: shape, into: found)
                guard found.elements.allSatisfy({ $0 == value }) else {
                    throw DataError(
                        file: file.path, dataset: tensor,
                        own(entry) == "running_var"
                            ? "Its values are not all 1, and the network's normalization divides by no deviation; set "
                                + "divide_by_deviation to true."
                            : "Its values are not all \(value), and the network's normalization has no such parameter; "
                                + "set \(value == 1 ? "scale" : "shift") to true.")
                }
            case .parameter, .columnGain, .runningMean, .runningVariance:
                places["layer/\(entry.layer)/\(entry.array.checkpointName)"] = Place(
                    tensor: tensor, shape: shape, isTransposed: entry.array == .parameter(.weight))
            }
        }
    }

    func batchCount(ofLayer index: Int) throws(DataError) -> Int64? {
        guard let name = batchCounts[index] else { return nil }
        return try file.integer(name)
    }

    func read<S: Scalar>(_ arrays: [(name: String, matrix: Matrix<S>)]) throws(DataError) {
        for (name, matrix) in arrays {
            let place = places[name] ?? Place(tensor: name, shape: plainShape(name, matrix), isTransposed: false)
            try file.read(place.tensor, shape: place.shape, into: matrix, isTransposed: place.isTransposed)
        }
    }
}

/// The shape of an array with the name that checkpoints have: that of the matrix for a weight and for a whitening
/// matrix, else a vector.
private func plainShape<S: Scalar>(_ name: String, _ matrix: Matrix<S>) -> [Int] {
    name.hasSuffix("/weight") || name.hasSuffix("/running_whitening") ? [matrix.rows, matrix.columns] : [matrix.count]
}

extension SafetensorsWriter {
    /// Adds the arrays of a network as an `nn.Sequential` has them.
    mutating func add<S: Scalar>(_ network: Network<S>, as layout: TorchLayout) {
        let entries = layout.entries.flatMap { $0 }
        // The whole numbers first, so that all stand at multiples of their width.
        for entry in entries where entry.array == .batchCount {
            add(entry.name, network.layers[entry.layer].running?.batchCount ?? 0)
        }
        for entry in entries {
            let layer = network.layers[entry.layer], shape = entry.array.shape(layer.description)
            let matrix: Matrix<S>?
            switch entry.array {
            case .batchCount: matrix = nil
            case .parameter(let kind): matrix = layer.parameters.first { $0.kind == kind }?.value
            case .columnGain: matrix = layer.gain?.value
            case .runningMean: matrix = layer.running?.mean
            case .runningVariance: matrix = layer.running?.spread
            case .constant(let value):
                let outputs = layer.description.outputs
                matrix = Matrix(rows: 1, columns: outputs, [S](repeating: S(value), count: outputs))
            }
            if let matrix { add(entry.name, shape: shape, matrix, isTransposed: entry.array == .parameter(.weight)) }
        }
    }

    /// Adds the arrays of a network as checkpoints have them.
    mutating func addPlain<S: Scalar>(_ network: Network<S>) {
        for (index, layer) in network.layers.enumerated() {
            if let running = layer.running { add("layer/\(index)/batch_count", running.batchCount) }
        }
        for (index, layer) in network.layers.enumerated() {
            var arrays = layer.parameters.map { ($0.kind.rawValue, $0.value) }
            if let running = layer.running {
                arrays += running.arrays
            }
            for (kind, matrix) in arrays {
                let name = "layer/\(index)/\(kind)"
                add(name, shape: plainShape(name, matrix), matrix)
            }
        }
    }
}
