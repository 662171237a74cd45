import Derivations
import NeuralNetwork
import Testing

/// What `bnexp check` makes of right results, and of every mistake that it knows.
@Suite struct MistakeTests {
    /// Inputs of an operation in which each of its mistakes shows: zeros where ReLU bends, running averages that are not 0,
    /// as many rows as columns, a large epsilon, scores that overflow.
    static func tellingInputs(_ operation: CheckedOperation) -> [[(name: String, array: ShapedArray)]] {
        let plain = operation.startingArrays(seed: 7)
        func changed(_ changes: [(String, ShapedArray)], without dropped: Set<String> = []) -> [(
            name: String, array: ShapedArray
        )] {
            let names = Set(changes.map(\.0)).union(dropped)
            return plain.filter { !names.contains($0.name) } + changes.map { (name: $0.0, array: $0.1) }
        }
        func normal(_ shape: [Int], seed: UInt32, times factor: Double = 1, plus summand: Double = 0) -> ShapedArray {
            let values = normals(shape.reduce(1, *), seed: seed).map { factor * $0 + summand }
            return ShapedArray(shape: shape, values: values)
        }
        func number(_ value: Double) -> ShapedArray { ShapedArray(shape: [], values: [value]) }
        func withZeros(_ array: ShapedArray) -> ShapedArray {
            ShapedArray(shape: array.shape, values: array.values.enumerated().map { $0 % 3 == 0 ? 0 : $1 })
        }
        switch operation.title {
        case "affine", "affine_relu":
            let square = changed([
                ("x", normal([4, 3], seed: 1)), ("w", normal([3, 3], seed: 2)), ("b", normal([3], seed: 3)),
                ("dout", normal([4, 3], seed: 4)),
            ])
            // Rows of zeros without bias are at ReLU's bend.
            let bent = changed([
                ("x", withZeros(normal([9, 1], seed: 1))), ("w", normal([1, 3], seed: 2)),
                ("b", ShapedArray(shape: [3], values: [0, 0, 0])), ("dout", normal([9, 3], seed: 4)),
            ])
            return [plain, square, bent]
        case "relu":
            return [
                changed([("x", withZeros(normal([4, 5], seed: 1)))], without: ["dout"]).filter { _ in true }
                    + [("dout", normal([4, 5], seed: 2))]
            ]
        case "batchnorm":
            let averages = [
                ("eps", number(0.1)), ("running_mean_before", normal([5], seed: 5)),
                ("running_var_before", normal([5], seed: 6, times: 0.1, plus: 2)), ("momentum", number(0.8)),
            ]
            return [changed(averages), changed([("eps", number(0.1))])]
        case "batchnorm (test)":
            return [
                changed([
                    ("x", normal([6, 3], seed: 1, times: 2, plus: 3)), ("gamma", normal([3], seed: 2)),
                    ("beta", normal([3], seed: 3)), ("running_mean", normal([3], seed: 4, times: 0.1, plus: 2)),
                    ("running_var", normal([3], seed: 5, times: 0.1, plus: 3)), ("eps", number(0.1)),
                ])
            ]
        case "affine_batchnorm_relu":
            let square = changed([
                ("x", normal([6, 5], seed: 1)), ("w", normal([5, 5], seed: 2)), ("dout", normal([6, 5], seed: 3)),
                ("eps", number(0.1)),
            ])
            let dead = changed([
                ("gamma", ShapedArray(shape: [5], values: [0, 1, 2, 3, 4])),
                ("beta", ShapedArray(shape: [5], values: [0, 1, 1, 1, 1])),
            ])
            return [square, dead]
        case "layernorm": return [changed([("eps", number(0.1))])]
        case "softmax_loss", "svm_loss":
            let scores = normal([6, 4], seed: 1, times: 3)
            let labels = ShapedArray(shape: [6], values: [0, 1, 2, 3, 3, 0], type: "int64")
            let weights = [("reg", number(0.5)), ("w1", normal([4, 3], seed: 2)), ("w2", normal([3, 4], seed: 3))]
            let huge = scores.values.map { 400 * $0 }, large = scores.values.map { 25 * $0 }
            return [
                changed([("x", scores), ("y", labels)] + weights),
                changed([("x", ShapedArray(shape: [6, 4], values: huge)), ("y", labels)]),
                changed([("x", ShapedArray(shape: [6, 4], values: large, type: "float32")), ("y", labels)]),
            ]
        case "rmsprop", "adam": return [changed([("epsilon", number(0.1))])]
        default: return [plain]
        }
    }

    private static func normals(_ count: Int, seed: UInt32) -> [Double] {
        var stream = NumpyLegacyStream(seed: seed)
        return stream.normals(count)
    }

    /// Mistakes that depend on what was saved, which `CheckTests` makes, and one of db (17), which is 0 before batch
    /// normalization.
    private static func shownElsewhere(_ operation: CheckedOperation, _ label: String) -> Bool {
        label.hasSuffix(".updated_often") || label.hasSuffix(".dropped_at_test")
            || label == "db.mean_not_sum" && operation.name == "affine_batchnorm_relu"
    }

    private static func words(_ operation: CheckedOperation) -> [String: String] {
        operation.mode.map { ["mode": $0] } ?? [:]
    }

    private static func check(
        _ operation: CheckedOperation, _ arrays: [(name: String, array: ShapedArray)]
    ) throws -> OperationCheck {
        try checkHomework(SavedArrays(arrays: arrays, words: words(operation)), operation: operation.name)
    }

    @Test(arguments: CheckedOperation.all.indices) func rightResultsPass(place: Int) throws {
        let operation = CheckedOperation.all[place]
        for inputs in [operation.startingArrays(seed: 231)] + Self.tellingInputs(operation) {
            let results = try #require(try operation.results(of: inputs))
            let check = try Self.check(operation, inputs + results)
            #expect(!check.differs && check.findings.count == results.count, "\(operation.title): \(check.findings)")
            #expect(check.findings.allSatisfy { $0.verdict == .ok && ($0.relativeError ?? 1) < 1e-12 })
        }
    }

    /// Each mistake is named, in the array in which it is made; what comes after it is right for it.
    @Test(arguments: CheckedOperation.all.indices) func everyMistakeIsNamed(place: Int) throws {
        let operation = CheckedOperation.all[place], known = operation.knownMistakes
        let inputs = Self.tellingInputs(operation)
        // What stands for something else under the same name is no mistake before it is used.
        let alsoRight: Set = ["standard_deviation.drop_epsilon", "mask.forget_division"]
        for place in known.indices {
            let (quantity, _, mistake) = known[place]
            let label = "\(quantity).\(mistake.name)"
            guard !Self.shownElsewhere(operation, label) else { continue }
            var isNamed = false
            for inputs in inputs where !isNamed {
                guard let results = try operation.results(of: inputs, making: place) else { continue }
                let differences = try Self.check(operation, inputs + results).differences
                isNamed =
                    differences.first.map {
                        ($0.quantity == quantity || alsoRight.contains(label)) && $0.mistake == mistake.name
                    } == true && (differences.count <= 1 + mistake.also.count || alsoRight.contains(label))
            }
            #expect(isNamed, "\(operation.title), \(quantity): \(mistake.name)")
        }
    }

    /// The same where the file has only what the course's functions return: the mistake shows through.
    @Test(arguments: CheckedOperation.all.indices) func mistakesShowThrough(place: Int) throws {
        let returned: Set = [
            "out", "dx", "dw", "db", "dgamma", "dbeta", "dx_alt", "loss", "next_w", "next_v", "next_m", "next_cache",
            "running_mean", "running_var",
        ]
        // A bias before batch normalization changes nothing behind it, and no function returns these.
        let invisible: Set = [
            "h.forget_bias", "h.bias_subtracted", "dbeta_alt", "dgamma_alt",
        ]
        let operation = CheckedOperation.all[place], known = operation.knownMistakes
        for place in known.indices {
            let (quantity, _, mistake) = known[place], label = "\(quantity).\(mistake.name)"
            guard !invisible.contains(quantity), !(operation.name != "affine_relu" && invisible.contains(label)),
                !Self.shownElsewhere(operation, label)
            else { continue }
            var names: [String] = []
            for inputs in Self.tellingInputs(operation) {
                guard let results = try operation.results(of: inputs, making: place) else { continue }
                let check = try Self.check(operation, inputs + results.filter { returned.contains($0.name) })
                names += check.differences.prefix(1).map { $0.mistake ?? "not recognized" }
            }
            #expect(
                names.contains(mistake.name), "\(operation.title), \(quantity): \(mistake.name) is taken for \(names)")
        }
    }
}
