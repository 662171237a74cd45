import Support

/// What a student's file has for one computation: arrays by their names in the file, and words such as `mode`.
package struct SavedArrays: Sendable {
    /// The group that the arrays are in; empty for the file itself.
    package let group: String
    package var arrays: [(name: String, array: ShapedArray)] = []
    package var words: [String: String] = [:]

    package init(group: String = "", arrays: [(name: String, array: ShapedArray)] = [], words: [String: String] = [:]) {
        self.group = group
        self.arrays = arrays
        self.words = words
    }

    /// Groups of the course's own dictionaries and tuples, which mean the same as no group.
    private static let transparentGroups: Set<String> = [
        "cache", "bn_param", "ln_param", "dropout_param", "param", "params", "config", "optim_config", "grads",
    ]

    /// Divides what a file has between its computations.
    ///
    /// The arrays of one are in a group (`bn1/x`), or their names begin with that of its operation (`batchnorm_x`) if
    /// all names in the file begin so.
    package static func divide(
        _ arrays: [(path: String, array: ShapedArray)], words: [(path: String, word: String)]
    ) -> [SavedArrays] {
        let prefixes = CheckedOperation.names.sorted { $0.count > $1.count }
        func prefix(_ path: String) -> String? { prefixes.first { path.lowercased().hasPrefix($0 + "_") } }
        let areAllPrefixed = arrays.allSatisfy { !$0.path.contains("/") && prefix($0.path) != nil }
        func place(_ path: String) -> (group: String, name: String, wasInside: Bool) {
            if areAllPrefixed, let prefix = prefix(path) {
                return (prefix, String(path.dropFirst(prefix.count + 1)), false)
            }
            var parts = path.split(separator: "/").map(String.init)
            let name = parts.popLast() ?? path
            let kept = parts.filter { !transparentGroups.contains($0.lowercased()) }
            return (kept.joined(separator: "/"), name, kept.count < parts.count)
        }
        var result: [SavedArrays] = []
        func index(_ group: String) -> Int {
            if let index = result.firstIndex(where: { $0.group == group }) { return index }
            result.append(SavedArrays(group: group))
            return result.count - 1
        }
        // What `config` has beside an array of the same name is what the update left there.
        for isInside in [false, true] {
            for (path, array) in arrays where place(path).wasInside == isInside {
                let (group, name, _) = place(path), part = index(group)
                let isTaken = isInside && result[part].arrays.contains { $0.name == name }
                result[part].arrays.append((isTaken ? "next_" + name : name, array))
            }
        }
        for (path, word) in words {
            let (group, name, _) = place(path)
            // A word of the whole file, such as its operation, holds for each group.
            for part in result.indices where result[part].group == group || group.isEmpty {
                result[part].words[name.lowercased()] = result[part].words[name.lowercased()] ?? word
            }
        }
        return result.sorted { $0.group < $1.group }
    }

    /// The arrays by the names that an operation has for them.
    struct Resolved {
        var arrays: [String: (name: String, array: ShapedArray)] = [:]
        /// Names that mean nothing in the operation.
        var unknown: [String] = []
        /// Names that all mean one array.
        var doubled: [(meaning: String, names: [String])] = []
    }

    func resolved(for operation: CheckedOperation) -> Resolved {
        let known: [(name: String, names: [String])] =
            operation.quantities.map { ($0.name, [$0.name] + $0.otherNames) }
            + operation.inputs.map { ($0.name, [$0.name] + $0.otherNames) }
        func meanings(_ name: String) -> [String] {
            let word = name.lowercased().replacing("-", with: "_")
            return known.filter { $0.name == word }.map(\.name)
                + known.filter { $0.name != word && $0.names.contains(word) }.map(\.name)
        }
        var result = Resolved()
        // A name of a single meaning comes before one that could mean another array too.
        let order = arrays.indices.sorted {
            (meanings(arrays[$0].name).count, $0) < (meanings(arrays[$1].name).count, $1)
        }
        for index in order {
            let (name, array) = arrays[index], meanings = meanings(name)
            if let free = meanings.first(where: { result.arrays[$0] == nil }) {
                result.arrays[free] = (name, array)
            } else if let meaning = meanings.first {
                result.doubled.append((meaning, [result.arrays[meaning]?.name ?? meaning, name]))
            } else {
                result.unknown.append(name)
            }
        }
        return result
    }
}

extension CheckedOperation {
    /// The operation that a word names, as an option, a group or an array does: `batchnorm`, `bn1`.
    package static func named(_ word: String) -> String? {
        let name = word.split(separator: "/").last.map(String.init) ?? word
        let plain = name.lowercased().replacing("-", with: "_")
        if names.contains(plain) { return plain }
        let stem = String(plain.reversed().drop { $0.isNumber || $0 == "_" }.reversed())
        if names.contains(stem) { return stem }
        return shortNames[stem]
    }

    private static let shortNames = [
        "bn": "batchnorm", "batch_norm": "batchnorm", "ln": "layernorm", "layer_norm": "layernorm", "fc": "affine",
        "linear": "affine", "softmax": "softmax_loss", "svm": "svm_loss", "hinge": "svm_loss",
        "momentum": "sgd_momentum", "affine_bn_relu": "affine_batchnorm_relu",
    ]
}
