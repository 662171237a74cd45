import Derivations
import NeuralNetwork
import Support
import TestSupport
import Testing

/// How arrays are named and recognized, and what is said of what cannot be checked.
@Suite struct HomeworkCheckTests {
    private typealias Arrays = [(name: String, array: ShapedArray)]

    private func operation(_ title: String) throws -> CheckedOperation {
        try #require(CheckedOperation.all.first { $0.title == title })
    }

    /// Inputs and right results of an operation.
    private func homework(_ title: String) throws -> Arrays {
        let operation = try operation(title), inputs = operation.startingArrays(seed: 231)
        return inputs + (try #require(try operation.results(of: inputs)))
    }

    private func array(_ values: [Double], _ shape: [Int]? = nil, type: String = "float64") -> ShapedArray {
        ShapedArray(shape: shape ?? [values.count], values: values, type: type)
    }

    private func message(_ arrays: Arrays, words: [String: String] = [:], operation: String? = nil) -> String {
        do throws(Failure) {
            let check = try checkHomework(SavedArrays(arrays: arrays, words: words), operation: operation)
            return "no error: \(check.operation.title), \(check.findings)"
        } catch {
            return error.message
        }
    }

    @Test(arguments: CheckedOperation.all.indices) func operationsAreRecognized(place: Int) throws {
        let operation = CheckedOperation.all[place]
        let check = try checkHomework(SavedArrays(arrays: homework(operation.title)))
        #expect(check.operation.title == operation.title && !check.differs)
    }

    /// Names are unique, and every name of an equation is one of documentation's.
    @Test func tablesAreInOrder() {
        for operation in CheckedOperation.all {
            let names = operation.inputs.map(\.name) + operation.quantities.map(\.name)
            #expect(Set(names).count == names.count, "\(operation.title)")
            for (place, quantity) in operation.quantities.enumerated() {
                let known = Set(names.filter { name in !operation.quantities[place...].contains { $0.name == name } })
                #expect(
                    Set(quantity.sources).isSubset(of: known.union(["kept"])), "\(operation.title) \(quantity.name)")
            }
        }
    }

    @Test func namesOfTheCourseAreKnown() throws {
        let names = [
            "mean": "sample_mean", "variance": "sample_var", "x_hat": "X-hat", "out": "y", "dx": "dx1", "dx_alt": "dx2",
            "gamma": "GAMMA", "running_mean": "running_mean",
        ]
        let arrays = try homework("batchnorm").map { (name: names[$0.name] ?? $0.name, array: $0.array) }
        let check = try checkHomework(SavedArrays(arrays: arrays))
        #expect(!check.differs && check.findings.count == 22 && check.findings.first?.name == "sample_mean")
        let unknown = try checkHomework(
            SavedArrays(arrays: homework("batchnorm") + [("dgama", array([1, 2, 3, 4, 5]))]))
        #expect(
            unknown.notes.contains { $0.contains("'dgama' is no array of batchnorm") && $0.contains("mean dgamma?") })
        #expect(message(try homework("batchnorm") + [("mu", array([1]))]).contains("'mean' and 'mu' both mean mean"))
    }

    /// A running average is what it was before where the one after it has a name of its own; and so for a velocity.
    @Test func namesMayDependOnOthers() throws {
        let arrays: Arrays = [
            ("w", array([1, 2])), ("dw", array([1, -1])), ("v", array([0.5, 0.5])), ("learning_rate", array([0.1], [])),
            ("velocity", array([0.35, 0.55])), ("next_w", array([1.35, 2.55])),
        ]
        let check = try checkHomework(SavedArrays(arrays: arrays))
        #expect(check.operation.title == "sgd_momentum" && !check.differs && check.findings.count == 2)
    }

    @Test func groupsAreDivided() throws {
        let norm = try homework("batchnorm").map {
            (path: "bn1/" + ($0.name == "x_hat" ? "cache/x_hat" : $0.name), array: $0.array)
        }
        let linear = try homework("relu").map { (path: "other/" + $0.name, array: $0.array) }
        let parts = SavedArrays.divide(norm + linear, words: [("bn1/bn_param/mode", "train")])
        #expect(parts.map(\.group) == ["bn1", "other"] && parts[0].words["mode"] == "train" && parts[1].words.isEmpty)
        #expect(try parts.map { try checkHomework($0).operation.title } == ["batchnorm", "relu"])
        let prefixed = try homework("relu").map { (path: "relu_" + $0.name, array: $0.array) }
        #expect(try checkHomework(SavedArrays.divide(prefixed, words: [])[0]).findings.count == 2)
    }

    /// Several mistakes at once, each in an array of its own.
    @Test func severalMistakesAreToldApart() throws {
        let arrays = try homework("batchnorm").map { name, array in
            switch name {
            case "dgamma": (name: name, array: self.array(array.values.map { $0 / 4 }))
            case "out": (name: name, array: ShapedArray(shape: array.shape, values: array.values.map { $0 + 0.25 }))
            default: (name: name, array: array)
            }
        }
        let check = try checkHomework(SavedArrays(arrays: arrays))
        #expect(check.differences.map(\.quantity) == ["out", "dgamma"])
        #expect(check.differences.map(\.mistake) == [nil, "mean_not_sum"])
        #expect(check.differences[0].explanation == "not recognized")
        #expect(check.findings.filter { $0.verdict == .follows }.isEmpty)
    }

    /// Combined mistakes in one array have no name.
    @Test func unknownMistakesAreSaidToBe() throws {
        let right = try homework("affine")
        func check(_ change: (inout [Double]) -> Void) throws -> Finding? {
            let arrays = right.map { name, array in
                var values = array.values
                if name == "dw" { change(&values) }
                return (name: name, array: ShapedArray(shape: array.shape, values: values))
            }
            return try checkHomework(SavedArrays(arrays: arrays)).differences.first
        }
        let scaled = try #require(try check { for place in $0.indices { $0[place] *= 1.5 } })
        #expect(scaled.mistake == nil && scaled.explanation?.contains("1.5 times") == true && scaled.equation == "(16)")
        let oneRow = try #require(try check { $0[7] += 1 })
        #expect(oneRow.mistake == nil && oneRow.explanation == "not recognized: only rows 1 differ")
        let spoiled = try #require(try check { $0[3] = .nan })
        #expect(
            spoiled.relativeError?.isNaN == true
                && spoiled.explanation?.contains("1 of 30 values are not finite, the first at (0, 3)") == true)
    }

    /// dgamma and dbeta in each other's place.
    @Test func anotherArrayIsSeen() throws {
        let swapped = try homework("batchnorm").map { name, array in
            (name: ["dgamma": "dbeta", "dbeta": "dgamma"][name] ?? name, array: array)
        }
        let differences = try checkHomework(SavedArrays(arrays: swapped)).differences
        #expect(differences.map(\.quantity) == ["dbeta", "dgamma"])
        #expect(differences.first?.mistake == "other_array" && differences.first?.explanation == "it is dgamma (9)")
    }

    /// The file says one epsilon and its arrays were made with another.
    @Test(arguments: ["batchnorm", "layernorm"]) func anotherEpsilonIsSeen(title: String) throws {
        let arrays = try homework(title).filter { $0.name != "eps" } + [("eps", array([1e-3], []))]
        let check = try checkHomework(SavedArrays(arrays: arrays), operation: title)
        let difference = try #require(check.differences.first)
        #expect(difference.mistake == "other_epsilon")
        #expect(difference.explanation == "epsilon is 1e-05 in it; eps is 0.001 here")
    }

    @Test func integersAreSeen() throws {
        let arrays: Arrays = [
            ("x", array([1, 2, 4, 8, 3, 5], [3, 2], type: "int64")), ("gamma", array([1, 2])), ("beta", array([0, 0])),
            ("x_hat", array([-1, -1, 1, 1, 0, 0], [3, 2], type: "int64")),
        ]
        let difference = try checkHomework(SavedArrays(arrays: arrays), operation: "batchnorm").differences.first
        #expect(difference?.mistake == "integers")
    }

    @Test func repeatedUpdatesAreCounted() throws {
        let arrays = try homework("batchnorm").map { name, array in
            (
                name: name,
                array: name.hasPrefix("running") ? self.array(array.values.map { $0 * 10 * (1 - 0.59049) }) : array
            )
        }
        let check = try checkHomework(SavedArrays(arrays: arrays))
        #expect(check.differences.map(\.mistake) == ["updated_often", "updated_often"])
    }

    @Test func dropoutAtTestIsSeen() throws {
        let dropped = try homework("dropout").filter { $0.name == "x" || $0.name == "p" || $0.name == "out" }
        let check = try checkHomework(SavedArrays(arrays: dropped, words: ["mode": "test"]))
        #expect(check.differences.map(\.mistake) == ["dropped_at_test"])
    }

    /// float32 loses digits where values cancel, and passes; a mistake in it is named still.
    @Test func singlePrecisionPasses() throws {
        let right = try homework("batchnorm")
        let single = right.map { name, array in
            (
                name: name,
                array: ShapedArray(shape: array.shape, values: array.values.map { Double(Float($0)) }, type: "float32")
            )
        }
        #expect(try !checkHomework(SavedArrays(arrays: single)).differs)
        #expect(try checkHomework(SavedArrays(arrays: single), tolerance: 1e-30).findings.count == 22)
    }

    @Test func whatCannotBeCheckedIsSaid() throws {
        let x = array([1, 2, 3, 4, 5, 6], [3, 2])
        #expect(
            message([("x", x), ("gamma", array([1, 2, 3])), ("out", x)], operation: "batchnorm").contains(
                "gamma has the shape (3,); batchnorm expects (D,), which is (2,) here"))
        #expect(
            message([("x", array([1, .nan], [1, 2])), ("out", x)], operation: "relu").contains("x is nan at (0, 1)"))
        #expect(message([("x", array([], [0, 2])), ("out", x)], operation: "relu").contains("x is empty, (0, 2)"))
        #expect(message([("x", x), ("y", array([0, 1, 2])), ("loss", array([1]))]).contains("y is 2 at (2,)"))
        #expect(message([("q", x)]).contains("'q', which are the arrays of no operation"))
        #expect(
            message([("x", x), ("p", array([2], [])), ("out", x)], operation: "dropout").contains(
                "p is 2; expected 0 to 1"))
        #expect(message([("x", x)], operation: "batchnrm").contains("did you mean batchnorm?"))
        #expect(message([("x", x), ("out", x)], words: ["mode": "training"]).contains("mode is 'training'"))
        #expect(
            message([("x", x), ("gamma", array([1, 2]))], operation: "batchnorm").contains("nothing that was computed"))
        #expect(message([("x", x), ("out", x)], operation: "affine").contains("affine needs w too"))
        let lonely = try checkHomework(SavedArrays(arrays: [("x", x), ("out", x), ("dx", x)]), operation: "relu")
        #expect(lonely.findings.last?.verdict == .unchecked)
        #expect(lonely.findings.last?.explanation == "cannot be computed without dout")
    }

    /// Whatever arrays there are, the check ends with findings or with an error for the user.
    @Test func garbageIsSurvived() throws {
        var random = SeededGenerator(seed: 1), checkedCount = 0
        for _ in 0..<3000 {
            guard let operation = CheckedOperation.all.randomElement(using: &random) else { continue }
            let names = operation.inputs.map(\.name) + operation.quantities.map(\.name)
            let lengths = [Int.random(in: 1...4, using: &random), Int.random(in: 1...4, using: &random)]
            let arrays: Arrays = names.compactMap { name in
                guard Int.random(in: 0..<5, using: &random) > 0 else { return nil }
                // Mostly shapes that are right, so that computing begins.
                let letters =
                    operation.inputs.first { $0.name == name }?.shape
                    ?? operation.quantities.first { $0.name == name }?.shape ?? []
                var shape = letters.flatMap { letter -> [Int] in
                    letter.hasSuffix("*") ? lengths : [letter == "N" ? lengths[0] : lengths[1]]
                }
                switch Int.random(in: 0..<30, using: &random) {
                case 0: shape.append(2)
                case 1: shape.reverse()
                case 2: shape = shape.isEmpty ? [] : Array(shape.dropLast())
                case 3: shape = shape.map { _ in 0 }
                default: break
                }
                let special: [Double] = [0, 1, -1, 1e300, -1e-300, .nan, .infinity, 0.5, 710, 2]
                let isTame = Int.random(in: 0..<3, using: &random) > 0
                let values = (0..<shape.reduce(1, *)).map { _ in
                    isTame ? Double.random(in: 0...1, using: &random) : special.randomElement(using: &random) ?? 0
                }
                let type = ["float64", "float32", "int64", "float16", "bool"].randomElement(using: &random) ?? ""
                return (
                    name, ShapedArray(shape: shape, values: name == "y" ? values.map { _ in 0 } : values, type: type)
                )
            }
            do throws(Failure) {
                let named = Bool.random(using: &random) ? operation.name : nil
                _ = try checkHomework(SavedArrays(arrays: arrays), operation: named)
                checkedCount += 1
            } catch {
                #expect(!error.message.isEmpty && [.badInput, .usage].contains(error.exitStatus))
            }
        }
        #expect(checkedCount > 300, "\(checkedCount)")
    }

    /// What the notebook's cell prints after its 50 batches of warming up: means of (-0.03927354, -0.04349152, -0.10452688).
    @Test func averagesAreThoseOfTheNotebook() throws {
        let operation = try operation("batchnorm (test)"), inputs = operation.startingArrays(seed: 231)
        let results = try #require(try operation.results(of: inputs))
        let out = try #require(results.first { $0.name == "out" }).array
        let means = (0..<3).map { column in
            stride(from: column, to: out.values.count, by: 3).reduce(0) { $0 + out.values[$1] } / 200
        }
        for (mean, printed) in zip(means, [-0.03927354, -0.04349152, -0.10452688]) {
            #expect(abs(mean - printed) < 1e-8)
        }
    }

    /// The expected values that the notebook's cells for update rules and losses give, to the digits that it has.
    @Test func resultsAreThoseOfTheNotebook() throws {
        func result(_ title: String, _ name: String) throws -> [Double] {
            let operation = try operation(title)
            let results = try #require(try operation.results(of: operation.startingArrays(seed: 231)))
            return try #require(results.first { $0.name == name }).array.values
        }
        func compare(_ title: String, _ name: String, _ expected: [Double], within tolerance: Double = 1e-8) throws {
            for (value, expected) in zip(try result(title, name), expected) {
                #expect(abs(value - expected) < tolerance, "\(title) \(name): \(value)")
            }
        }
        try compare("rmsprop", "next_w", [-0.39223849, -0.34037513, -0.28849239])
        try compare("rmsprop", "next_cache", [0.5976, 0.6126277, 0.6277108])
        try compare("adam", "next_w", [-0.40094747, -0.34836187, -0.29577703, -0.24319299])
        try compare("adam", "next_v", [0.69966, 0.68908382, 0.67851319])
        try compare("adam", "next_m", [0.48, 0.49947368, 0.51894737])
        try compare("softmax_loss", "loss", [2.3025458445007376], within: 1e-14)
        try compare("svm_loss", "loss", [8.999602749096233], within: 1e-13)
    }
}
