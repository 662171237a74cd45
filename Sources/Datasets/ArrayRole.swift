/// What the name of an array says of it, such as `x_train`, `trainLabels`, `train/images`, `X` or `gnd`.
package struct ArrayRole: Equatable, Sendable {
    package enum Split: Sendable { case none, train, validation, test }
    package enum Part: Sendable { case inputs, targets }

    package let split: Split
    /// nil if the name does not tell.
    package let part: Part?
    /// The name in lower case without separators and without what tells the split; that of two splits' inputs is the
    /// same.
    package let stem: String

    private static let inputs: Set<String> = [
        "x", "data", "input", "inputs", "image", "images", "feature", "features", "fea",
    ]
    private static let targets: Set<String> = ["y", "target", "targets", "label", "labels", "class", "classes", "gnd"]
    private static let affixes: [(String, Split)] = [
        ("training", .train), ("train", .train), ("testing", .test), ("test", .test), ("validation", .validation),
        ("valid", .validation), ("val", .validation),
    ]

    /// - Parameter name: of an array, or the path of a dataset.
    package init(_ name: String) {
        var word = name.lowercased().filter { !"_-. /".contains($0) }
        let words = name.lowercased().split { "_-. /".contains($0) }
        var split = Split.none
        for (affix, meaning) in ArrayRole.affixes where split == .none && word != affix {
            guard word.hasPrefix(affix) || word.hasSuffix(affix) else { continue }
            let rest = String(word.hasPrefix(affix) ? word.dropFirst(affix.count) : word.dropLast(affix.count))
            // Other words begin with val too, such as values.
            guard meaning != .validation || words.contains(affix[...]) || ArrayRole.part(rest) != nil else { continue }
            word = rest
            split = meaning
        }
        self.split = split
        stem = word
        part = ArrayRole.part(word)
    }

    private static func part(_ word: String) -> Part? {
        inputs.contains(word) ? .inputs : targets.contains(word) ? .targets : nil
    }

    /// Whether a field or a column is called as targets often are.
    package static func isTargetColumn(_ name: String) -> Bool {
        ["target", "label", "class", "y", "species"].contains(name.lowercased())
    }
}
