import Datasets
import Support

/// The names of arrays that a user gives.
package struct ArrayNames: Sendable {
    let inputs: String?
    let target: String?
    let testInputs: String?
    let testTarget: String?

    package init(inputs: String?, target: String?, testInputs: String?, testTarget: String?) {
        self.inputs = inputs
        self.target = target
        self.testInputs = testInputs
        self.testTarget = testTarget
    }
}

/// The inputs and targets of one split.
struct ArrayPair {
    let inputs: StoredArray
    let targets: StoredArray?
}

/// Which arrays of a file are the inputs and targets of which split: as the user says, or as their names do.
struct ArrayRoles {
    let train: ArrayPair
    let test: ArrayPair?
    /// What the user should know of the choice.
    private(set) var notes: [String] = []

    /// - Throws: an error that lists the arrays, if names are unknown or do not tell.
    init(_ names: ArrayNames, of arrays: [StoredArray], file: String) throws(DataError) {
        func find(_ name: String) throws(DataError) -> StoredArray {
            let found = arrays.filter { $0.name == name }
            guard found.count < 2 else {
                throw DataError(
                    file: file, "There are \(found.count) arrays '\(name)'; expected one. Write the file again.")
            }
            if let array = found.first { return array }
            let meant = nearest(to: name, among: arrays.map(\.name)).map { " Did you mean '\($0)'?" } ?? ""
            throw DataError(file: file, "There is no array '\(name)'.\(meant) It holds \(ArrayRoles.list(arrays)).")
        }
        func pair(_ inputs: String, _ target: String?) throws(DataError) -> ArrayPair {
            ArrayPair(inputs: try find(inputs), targets: try target.map { name throws(DataError) in try find(name) })
        }
        if let inputs = names.inputs {
            train = try pair(inputs, names.target)
            test = try names.testInputs.map { name throws(DataError) in try pair(name, names.testTarget) }
            return
        }
        let roles = arrays.map { (role: ArrayRole($0.name), array: $0) }
        func candidates(_ split: ArrayRole.Split, _ part: ArrayRole.Part) -> [StoredArray] {
            roles.filter { $0.role.split == split && $0.role.part == part }.map(\.array)
        }
        func recognized(_ split: ArrayRole.Split) -> ArrayPair? {
            let inputs = candidates(split, .inputs), targets = candidates(split, .targets)
            return inputs.count == 1 && targets.count == 1 ? ArrayPair(inputs: inputs[0], targets: targets[0]) : nil
        }
        guard let train = recognized(.train) ?? (candidates(.train, .inputs).isEmpty ? recognized(.none) : nil) else {
            throw DataError(
                file: file,
                "Names do not tell which arrays are inputs and targets. It holds \(ArrayRoles.list(arrays)). Give "
                    + "--inputs NAME and --target NAME.")
        }
        self.train = train
        test = recognized(.test)
        let pairs = [train, test].compactMap { $0 }
        let used = pairs.flatMap { [$0.inputs.name, $0.targets?.name ?? ""] }
        notes = zip(["train", "test"], pairs).map { split, pair in
            "\(split): inputs are '\(pair.inputs.name)', targets '\(pair.targets?.name ?? "")'"
        }
        let others = arrays.map(\.name).filter { !used.contains($0) }
        if !others.isEmpty { notes.append("left out: \(quotedList(others))") }
    }

    /// Names with types and shapes, for messages.
    private static func list(_ arrays: [StoredArray]) -> String {
        let shown = arrays.prefix(20).map { "'\($0.name)' (\($0.summary))" }.joined(separator: ", ")
        return arrays.count > 20 ? shown + " and \(arrays.count - 20) more" : shown
    }
}
