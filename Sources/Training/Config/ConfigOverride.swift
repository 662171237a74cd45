import Keys
import Support

/// One change of a config: a key and its new value.
package struct ConfigOverride: Sendable {
    package let path: [String]
    /// null removes the key.
    package let value: JSON
    /// What errors and notes call it.
    package let source: String

    package init(path: [String], value: JSON, source: String) {
        self.path = path
        self.value = value
        self.source = source
    }

    /// A change that an option of the command line makes.
    ///
    /// - Parameters:
    ///   - key: the dotted path.
    ///   - option: the option as it was given, such as `--batch-size 10`.
    package init(_ key: String, _ value: JSON, option: String) {
        self.init(
            path: key.split(separator: ".").map(String.init), value: value.placed(at: SourcePosition(source: option)),
            source: option)
    }

    /// "key.path=VALUE", as `--set` takes it; a bare word is a string.
    package init(_ text: String) throws(ConfigError) {
        source = "--set \(text)"
        let position = SourcePosition(source: source)
        guard let separator = text.firstIndex(of: "="), separator > text.startIndex else {
            throw ConfigError(
                at: position, "expected key.path=VALUE, such as optimizer.learning_rate=0.1", exitStatus: .usage)
        }
        path = text[..<separator].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }) else {
            throw ConfigError(
                at: position, "the key path has an empty part; expected key.path=VALUE", exitStatus: .usage)
        }
        let word = String(text[text.index(after: separator)...])
        var value: JSON
        do {
            value = try JSONReader.read(word, source: source)
        } catch {
            // What starts like a list, an object or a quoted string was meant as JSON.
            if word.isEmpty {
                throw ConfigError(
                    at: position, "the value is empty; expected key.path=VALUE, or null to remove the key",
                    exitStatus: .usage)
            }
            if "[{\"".contains(word.prefix(1)) { throw error }
            value = JSON(.string(word))
        }
        self.value = value.placed(at: SourcePosition(source: "--set \(path.joined(separator: "."))"))
    }

    /// Changes a config that is not completed yet.
    /// - Returns: notes on keys that were dropped, for the new kind does not have them.
    package func apply(to tree: inout JSON) throws(ConfigError) -> [String] {
        try refuseElement()
        for length in 1..<max(1, path.count) {
            if let parent = tree[path.prefix(length)], parent.members == nil {
                throw ConfigError(
                    at: SourcePosition(source: source), path: path.prefix(length).joined(separator: "."),
                    "is \(parent.found) in the config, not an object; set it as a whole")
            }
        }
        var notes: [String] = []
        if path.last == "kind", let name = value.string, case .kinds(let kinds)? = Config.shape.inside(path.dropLast()),
            let kind = kinds.first(where: { $0.name == name }), let siblings = tree[path.dropLast()]?.members
        {
            let known = ["kind"] + kind.keys.map(\.name)
            let dropped = siblings.filter { !known.contains($0.key) }.map(\.key)
            for key in dropped { tree[path.dropLast() + [key]] = nil }
            if !dropped.isEmpty {
                notes.append("\(source) drops \(dropped.joined(separator: ", ")), which kind \"\(name)\" does not have")
            }
        }
        if case .null = value.value { tree[path[...]] = nil } else { tree[path[...]] = value }
        return notes
    }
}

extension ConfigOverride {
    /// Refuses a path such as evaluation.perturbations[0].epsilon.
    private func refuseElement() throws(ConfigError) {
        guard let index = path.firstIndex(where: { $0.hasSuffix("]") }),
            let name = path[index].wholeMatch(of: /([^\[\]]+)\[\d*\]/)?.output.1
        else { return }
        let list = (path[..<index] + [String(name)]).joined(separator: ".")
        guard let entry = Config.shape.keyEntries.first(where: { $0.path == list }), entry.isList,
            let example = entry.example.last
        else { return }
        throw ConfigError(
            at: SourcePosition(source: source), path: path.joined(separator: "."),
            "names an element of a list, and a list is set as a whole; write --set \(quotedForShell(example.text)), and in a "
                + "sweep give the axis \(list) whole lists as values")
    }
}

extension JSON {
    /// The same value, every part of it at one position.
    package func placed(at position: SourcePosition) -> JSON {
        switch value {
        case .array(let elements): JSON(.array(elements.map { $0.placed(at: position) }), at: position)
        case .object(let members):
            JSON(.object(members.map { Member($0.key, $0.value.placed(at: position), at: position) }), at: position)
        default: JSON(value, at: position)
        }
    }
}
