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
    /// Whether the value may be a list.
    package var isList: Bool { uses.contains { $0.key.shape.isList } }
    /// What may be set to give the key a value: the value, before it the kind that has the key, and what else its
    /// object needs.
    package var example: [KeySetting] { uses[0].example }

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
    var example: [KeySetting]
    var choices: [(name: String, meaning: String)] = []

    /// The same after other settings.
    func after(_ settings: [KeySetting]) -> KeyUse {
        var use = self
        use.example = settings + example
        return use
    }

    /// The same as a part of an object that replaces what a config has there: the value of a key, or, where the path of
    /// the object ends in `[]`, the only element of a list.
    func replacing(_ path: String) -> KeyUse {
        var use = self, object = JSON.emptyObject
        for setting in example {
            object[setting.path.dropFirst(path.count + 1).split(separator: ".").map(String.init)[...]] = setting.value
        }
        use.example = [
            path.hasSuffix("[]")
                ? KeySetting(String(path.dropLast(2)), JSON(.array([object]))) : KeySetting(path, object)
        ]
        return use
    }
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
    ///   - around: what objects around them need to be what they are.
    private func uses(path: String, kind: String?, owner: Key? = nil, around: [KeySetting] = []) -> [KeyUse] {
        /// - Parameter mayBeMissing: whether a config may lack the object, so that the keys that it must have are set too.
        func uses(_ keys: [Key], _ kind: String?, _ around: [KeySetting], mayBeMissing: Bool) -> [KeyUse] {
            keys.flatMap { key in
                let inner = join(path, key.name)
                let needed = keys.filter { mayBeMissing && $0.isRequired && $0.name != key.name }
                let around = around + needed.map { KeySetting(join(path, $0.name), $0.shape.example) }
                let own = KeyUse(path: inner, kind: kind, key: key, example: around + [KeySetting(inner, key.example)])
                let below = key.shape.uses(path: inner, kind: kind, owner: key, around: around)
                return ([own] + below).map { use in
                    guard let shown = key.examples[String(use.path.dropFirst(inner.count + 1))] else { return use }
                    let settings = shown.map { KeySetting(join(path, $0.path), $0.value) }
                    var use = use
                    use.example = around.filter { needed in !settings.contains { $0.path == needed.path } } + settings
                    return use
                }
            }
        }
        switch self {
        case .object(let keys):
            return uses(keys, kind, around, mayBeMissing: !path.isEmpty && owner?.isRequired != true)
        case .kinds(let kinds):
            var standard = Key.Default.required
            if case .value(let value)? = owner?.defaultValue, let kind = value["kind"] { standard = .value(kind) }
            let tag = Key("kind", standard, owner?.documentation ?? "") { .choice(kinds.map(\.name)) }
            let choices = kinds.map { (name: $0.name, meaning: $0.documentation) }
            func settings(of kind: Kind) -> [KeySetting] {
                (kind.example.members ?? []).map { KeySetting(join(path, $0.key), $0.value) }
            }
            let shown = kinds.first { $0.name == tag.example.string } ?? kinds[0]
            let first = KeyUse(
                path: join(path, tag.name), kind: nil, key: tag, example: around + settings(of: shown), choices: choices
            )
            return [first]
                + kinds.flatMap { kind in
                    kind.keys.flatMap { key in
                        // What every kind has is set without changing the kind, where there is one.
                        let isOfAll = kinds.allSatisfy { $0.keys.contains { $0.name == key.name } }
                        let others = settings(of: kind).filter { $0.path != join(path, key.name) }
                        let needed = isOfAll && !tag.isRequired ? [] : others
                        return uses([key], "`\(kind.name)`", around + needed, mayBeMissing: false)
                    }
                }
        case .either(.object(let first), .object(let second)):
            // The key that each must have tells them apart.
            return [first, second].flatMap { keys in
                uses(keys, keys.first { $0.isRequired }.map { "with `\($0.name)`" }, around, mayBeMissing: true)
            }
        // Of a list of what may stand alone all is said already.
        case .either(let first, .list) where first.isBlock:
            return first.uses(path: path, kind: kind, owner: owner, around: around)
        case .either(let first, let second):
            // An object that may stand in the place of a word or a list is not merged with it.
            return first.uses(path: path, kind: kind, owner: owner, around: around)
                + second.uses(path: path, kind: kind).map { $0.replacing(path).after(around) }
        case .list(let element), .set(let element):
            let each = Key("[]", .none(""), owner?.documentation ?? "") { element }
            return element.uses(path: path + "[]", kind: kind, owner: each).map {
                $0.replacing(path + "[]").after(around)
            }
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .map, .any: return []
        }
    }

    fileprivate var isBlock: Bool {
        switch self {
        case .object, .kinds: true
        case .either(let first, let second): first.isBlock && second.isBlock
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .map, .any: false
        }
    }

    fileprivate var isList: Bool {
        switch self {
        case .list, .set: true
        case .either(let first, let second): first.isList || second.isList
        case .object, .kinds, .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .map, .any: false
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
        case .number(let range): JSON(.number(range.example))
        case .choice(let words): JSON(.string(words[0]))
        case .list(let element), .set(let element): JSON(.array([element.example]))
        case .either(let first, _): first.example
        case .kinds(let kinds): kinds[0].example
        case .object(let keys): JSON(.object(keys.requiredExamples))
        case .map, .any: .emptyObject
        case .string, .name, .path, .pattern: "..."
        }
    }
}

extension NumberRange {
    /// A number between the ends.
    fileprivate var example: Double {
        switch (above ?? least, below ?? most) {
        case (let low?, let high?): (low + high) / 2
        case (let low?, nil): low + 0.1
        case (nil, let high?): high - 0.1
        case (nil, nil): 0
        }
    }
}

extension KeySetting {
    /// "key.path=VALUE", as `--set` takes it.
    package var text: String {
        let word = value.string.flatMap { $0.wholeMatch(of: /[a-z_]+/).map { String($0.output) } }
        return "\(path)=\(word ?? value.text())"
    }
}

extension Kind {
    /// An object of this kind, with the keys that must be given.
    fileprivate var example: JSON {
        JSON(.object([JSON.Member("kind", JSON(.string(name)))] + keys.requiredExamples))
    }
}

extension [Key] {
    /// Values of the keys that must be given.
    fileprivate var requiredExamples: [JSON.Member] {
        filter(\.isRequired).map { JSON.Member($0.name, $0.shape.example) }
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
