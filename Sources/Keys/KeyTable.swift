import Support

extension Shape {
    /// A Markdown table of all keys: dotted path, what the value may be, default, meaning.
    package var keyTable: String {
        "| key | value | default | meaning |\n|---|---|---|---|\n"
            + rows(path: "").map { "| `\($0.path)` | \($0.value) | \($0.defaultText) | \($0.meaning) |" }
            .joined(separator: "\n") + "\n"
    }

    private func rows(path: String) -> [KeyRow] {
        func rows(_ keys: [Key], suffix: String = "") -> [KeyRow] {
            keys.flatMap { key in
                let inner = join(path, key.name), shape = key.shape
                let own = KeyRow(
                    path: inner, value: shape.summary, defaultText: key.defaultText, meaning: key.documentation + suffix
                )
                var below = shape.rows(path: inner)
                if case .none(let meaning) = key.defaultValue {
                    for index in below.indices { below[index].defaultText = meaning }
                }
                return below.isEmpty || shape.hasKinds ? [own] + below : below
            }
        }
        switch self {
        case .object(let keys): return rows(keys)
        case .kinds(let kinds):
            return kinds.flatMap { kind in rows(kind.keys, suffix: " (kind `\(kind.name)`)") }
        case .either(.object(let keys), let second):
            // Two objects: the second one's keys, or the first one's.
            let alternatives = rows(keys).map { row in
                var row = row
                row.defaultText = ""
                row.meaning = "Or: " + row.meaning.prefix(1).lowercased() + row.meaning.dropFirst()
                return row
            }
            return second.rows(path: path).map { row in
                var row = row
                row.defaultText = ""
                return row
            } + alternatives
        case .either(let first, _): return first.rows(path: path)
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .map, .any: return []
        }
    }

    private var hasKinds: Bool {
        switch self {
        case .kinds: true
        case .either(let first, let second): first.hasKinds || second.hasKinds
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .object, .map, .any:
            false
        }
    }

    private var summary: String {
        switch self {
        case .kinds(let kinds): "`kind`: " + kinds.map { "`\($0.name)`" }.joined(separator: ", ")
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let element), .set(let element): "list of: " + element.summary
        case .either(let first, .list): first.summary + "; or a list"
        case .either(let first, let second): first.summary + "; or " + second.summary
        case .boolean, .integer, .number, .string, .name, .path, .pattern, .object, .map, .any: expectation
        }
    }
}

private struct KeyRow {
    var path: String
    var value: String
    var defaultText: String
    var meaning: String
}

extension Key {
    fileprivate var defaultText: String {
        switch defaultValue {
        case .value(let value): "`\(value["kind"]?.text() ?? value.text())`"
        case .required: "required"
        case .none(let meaning), .computed(let meaning): meaning
        }
    }
}
