import NeuralNetwork
import Support

/// The schema of a file, which may always name a schema and carry a description.
package func fileSchema(_ shape: Shape, title: String) -> JSON {
    var schema = shape.jsonSchema
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = JSON(.string(title))
    schema["properties"]?["$schema"] = JSON(.object([JSON.Member("type", "string")]))
    schema["properties"]?["description"] = JSON(.object([JSON.Member("type", "string")]))
    return schema
}

/// The config's schema for editors, as JSON Schema 2020-12, from the same declarations that the decoder uses.
package func configJSONSchema() -> String {
    var schema = fileSchema(.config, title: "bnexp config")
    schema["properties"]?["extends"] = JSON(
        .object([
            JSON.Member("type", "string"),
            JSON.Member("description", "A base config that is merged first (JSON merge patch)."),
        ]))
    schema["required"] = nil  // a base config may leave anything to those that extend it
    return schema.text(indented: true)
}

/// README's table of keys: dotted path, what it may be, its default, its meaning.
package func configTable() -> String {
    "| key | value | default | meaning |\n|---|---|---|---|\n"
        + Shape.config.rows(path: "").map { "| `\($0.path)` | \($0.value) | \($0.defaultText) | \($0.meaning) |" }
        .joined(separator: "\n") + "\n"
}

extension Shape {
    fileprivate var jsonSchema: JSON {
        func object(_ members: [(String, JSON)]) -> JSON { JSON(.object(members.map { JSON.Member($0.0, $0.1) })) }
        func properties(_ keys: [Key]) -> [(String, JSON)] {
            let required = keys.compactMap {
                if case .required = $0.defaultValue { JSON(.string($0.name)) } else { nil }
            }
            return [
                ("type", "object"), ("properties", object(keys.map { ($0.name, $0.schema) })),
                ("additionalProperties", false),
            ] + (required.isEmpty ? [] : [("required", JSON(.array(required)))])
        }
        switch self {
        case .boolean: return object([("type", "boolean")])
        case .integer(let range):
            return object(
                [("type", "integer"), ("minimum", JSON(.integer(range.lowerBound)))]
                    + (range.upperBound == Int.max ? [] : [("maximum", JSON(.integer(range.upperBound)))]))
        case .number(let range):
            let bounds = [
                ("exclusiveMinimum", range.above), ("minimum", range.least), ("exclusiveMaximum", range.below),
                ("maximum", range.most),
            ]
            return object(
                [("type", "number")] + bounds.compactMap { name, bound in bound.map { (name, JSON(.number($0))) } })
        case .string, .path: return object([("type", "string"), ("minLength", 1)])
        case .parameter:
            let kinds = ParameterKind.allCases.map(\.rawValue).joined(separator: "|")
            return object([("type", "string"), ("pattern", JSON(.string("^([0-9]+/)?(\(kinds))$")))])
        case .choice(let words): return object([("enum", JSON(.array(words.map { JSON(.string($0)) })))])
        case .list(let element): return object([("type", "array"), ("items", element.jsonSchema)])
        case .set(let element):
            return object([("type", "array"), ("items", element.jsonSchema), ("uniqueItems", true)])
        case .object(let keys): return object(properties(keys))
        case .kinds(let kinds):
            let alternatives = kinds.map { kind in
                object(
                    [("description", JSON(.string(kind.documentation)))]
                        + properties([Key("kind", .choice([kind.name]), .required, kind.documentation)] + kind.keys))
            }
            return object([("oneOf", JSON(.array(alternatives)))])
        case .map(let element, _, let mayBeEmpty):
            return object(
                [("type", "object"), ("additionalProperties", element.jsonSchema)]
                    + (mayBeEmpty ? [] : [("minProperties", 1)]))
        case .any: return .emptyObject
        case .either(let first, let second):
            return object([("anyOf", JSON(.array([first.jsonSchema, second.jsonSchema])))])
        }
    }

    fileprivate func rows(path: String) -> [(path: String, value: String, defaultText: String, meaning: String)] {
        func rows(_ keys: [Key], suffix: String = "") -> [(
            path: String, value: String, defaultText: String, meaning: String
        )] {
            keys.flatMap { key in
                let inner = path.isEmpty ? key.name : path + "." + key.name
                let own = (inner, key.shape.summary, key.defaultText, key.documentation + suffix)
                var below = key.shape.rows(path: inner)
                if case .none(let meaning) = key.defaultValue {
                    for index in below.indices { below[index].defaultText = meaning }
                }
                return below.isEmpty || key.shape.hasKinds ? [own] + below : below
            }
        }
        switch self {
        case .object(let keys): return rows(keys)
        case .kinds(let kinds): return kinds.flatMap { kind in rows(kind.keys, suffix: " (kind `\(kind.name)`)") }
        case .either(.object, let second):
            return second.rows(path: path).map { ($0.path, $0.value, "", $0.meaning) }
                + [
                    (
                        path + ".fraction", "a number above 0 and below 1", "",
                        "Or: share of the training rows set aside."
                    )
                ]
        case .either(let first, _): return first.rows(path: path)
        default: return []
        }
    }

    private var hasKinds: Bool {
        switch self {
        case .kinds: true
        case .either(let first, let second): first.hasKinds || second.hasKinds
        default: false
        }
    }

    private var summary: String {
        switch self {
        case .kinds(let kinds): "`kind`: " + kinds.map { "`\($0.name)`" }.joined(separator: ", ")
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let element), .set(let element): "list of: " + element.summary
        case .either(let first, .list): first.summary + "; or a list"
        case .either(let first, let second): first.summary + "; or " + second.summary
        default: expectation
        }
    }
}

extension Key {
    fileprivate var schema: JSON {
        var schema = shape.jsonSchema
        if !documentation.isEmpty { schema["description"] = JSON(.string(documentation)) }
        if case .value(let value) = defaultValue { schema["default"] = value }
        return schema
    }

    fileprivate var defaultText: String {
        switch defaultValue {
        case .value(let value): "`\(value["kind"]?.text() ?? value.text())`"
        case .required: "required"
        case .none(let meaning): meaning
        case .byConvention: "by `convention`"
        }
    }
}
