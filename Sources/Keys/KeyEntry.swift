import Support

/// All that is declared of the key at one dotted path: once, or once for each kind of the object around it.
///
/// Texts are Markdown, with words of the config in back quotes.
package struct KeyEntry: Sendable {
    package let path: String
    fileprivate var uses: [KeyUse]

    /// The kinds of the object around it that have the key; empty where that has no kinds.
    package var kinds: [String] { uses.compactMap(\.kind) }
    /// What the value may be.
    package var value: String { byKind(\.key.shape.summary) }
    /// What holds where the key is not given, and the object around it is.
    package var defaultText: String { byKind(\.key.defaultText) }
    package var meaning: String { byKind(\.key.documentation) }
    /// The words that stand for kinds, each with what it means, of a key that is called `kind`.
    package var choices: [(name: String, meaning: String)] { uses.first?.choices ?? [] }
    /// The keys of the same object and the dotted paths that its texts name.
    package var namedWords: [String] {
        [value, defaultText, meaning].flatMap { $0.matches(of: /`([a-z0-9_.]+)`/).map { String($0.output.1) } }
    }
    /// A value that may be given, as `--set` takes it.
    package var example: String {
        let example = uses[0].key.example
        return example.string.flatMap { $0.wholeMatch(of: /[a-z_]+/).map { String($0.output) } } ?? example.text()
    }

    /// A text of every use; where they differ, each with the kinds that it is of.
    private func byKind(_ text: (KeyUse) -> String) -> String {
        var groups: [(text: String, kinds: [String])] = []
        for use in uses {
            let own = text(use), kinds = [use.kind].compactMap { $0 }
            if let place = groups.firstIndex(where: { $0.text == own }) {
                groups[place].kinds += kinds
            } else {
                groups.append((own, kinds))
            }
        }
        guard groups.count > 1 else { return groups[0].text }
        return groups.map { group in
            "\(group.text.hasSuffix(".") ? String(group.text.dropLast()) : group.text) (\(group.kinds.joined(separator: ", ")))"
        }.joined(separator: "; ")
    }
}

/// One declaration of a key.
private struct KeyUse: Sendable {
    let path: String
    let kind: String?
    let key: Key
    var choices: [(name: String, meaning: String)] = []
}

extension Shape {
    /// Every key once, in the order of declaration; objects stand before their keys.
    package var keyEntries: [KeyEntry] {
        var entries: [KeyEntry] = []
        var places: [String: Int] = [:]
        for use in uses(path: "", kind: nil) {
            if let place = places[use.path] {
                entries[place].uses.append(use)
            } else {
                places[use.path] = entries.count
                entries.append(KeyEntry(path: use.path, uses: [use]))
            }
        }
        return entries
    }

    /// The declarations of the keys below a path.
    /// - Parameters:
    ///   - kind: the kind of an object around them.
    ///   - owner: the key of this value.
    private func uses(path: String, kind: String?, owner: Key? = nil) -> [KeyUse] {
        func uses(_ keys: [Key], _ kind: String?) -> [KeyUse] {
            keys.flatMap { key in
                let inner = join(path, key.name)
                return [KeyUse(path: inner, kind: kind, key: key)]
                    + key.shape.uses(path: inner, kind: kind, owner: key)
            }
        }
        switch self {
        case .object(let keys): return uses(keys, kind)
        case .kinds(let kinds):
            var standard = Key.Default.required
            if case .value(let value)? = owner?.defaultValue, let kind = value["kind"] { standard = .value(kind) }
            let tag = Key("kind", standard, owner?.documentation ?? "") { .choice(kinds.map(\.name)) }
            let choices = kinds.map { (name: $0.name, meaning: $0.documentation) }
            return [KeyUse(path: join(path, tag.name), kind: nil, key: tag, choices: choices)]
                + kinds.flatMap { uses($0.keys, "`\($0.name)`") }
        case .either(.object(let first), .object(let second)):
            // The key that each must have tells them apart.
            return [first, second].flatMap { keys in
                uses(keys, keys.first { $0.isRequired }.map { "with `\($0.name)`" })
            }
        case .either(let first, let second):
            return first.uses(path: path, kind: kind, owner: owner) + second.uses(path: path, kind: kind, owner: owner)
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .map, .any: return []
        }
    }

    fileprivate var isBlock: Bool {
        switch self {
        case .object, .kinds: true
        case .either(let first, let second): first.isBlock && second.isBlock
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .map, .any: false
        }
    }

    fileprivate var summary: String {
        switch self {
        case .object: "an object"
        case .kinds: "an object with `kind`"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let element), .set(let element): "list of: " + element.summary
        case .either(let first, .list): first.summary + "; or a list"
        case .either(.object, .object): "an object"
        case .either(let first, let second): first.summary + "; or " + second.summary
        case .integer(let range) where range.upperBound == Int.max: "a whole number, at least \(range.lowerBound)"
        case .boolean, .integer, .number, .string, .name, .path, .pattern, .map, .any: expectation
        }
    }

    /// A value of this shape.
    fileprivate var example: JSON {
        switch self {
        case .boolean: true
        case .integer(let range): JSON(.integer(range.lowerBound))
        case .number(let range):
            JSON(.number(range.least ?? range.above.map { min($0 + 1, range.below ?? .infinity) / 2 } ?? 0))
        case .choice(let words): JSON(.string(words[0]))
        case .list(let element), .set(let element): JSON(.array([element.example]))
        case .either(let first, _): first.example
        case .kinds(let kinds): kinds[0].example
        case .object, .map, .any: .emptyObject
        case .string, .name, .path, .pattern: "..."
        }
    }
}

extension Kind {
    /// An object of this kind, with the keys that must be given.
    fileprivate var example: JSON {
        let required = keys.filter(\.isRequired).map { JSON.Member($0.name, $0.shape.example) }
        return JSON(.object([JSON.Member("kind", JSON(.string(name)))] + required))
    }
}

extension Key {
    fileprivate var isRequired: Bool { if case .required = defaultValue { true } else { false } }

    fileprivate var defaultText: String {
        switch defaultValue {
        case .value(let value): "`\(value.text())`"
        case .required: "required"
        case .none(let meaning): shape.isBlock ? "absent: \(meaning)" : meaning
        case .computed(let meaning): meaning
        }
    }

    /// The default, or where words may be chosen another one.
    fileprivate var example: JSON {
        guard case .value(let standard) = defaultValue else { return shape.example }
        if case .choice(let words) = shape, let other = words.first(where: { $0 != standard.string }) {
            return JSON(.string(other))
        }
        return standard
    }
}
