import Support

extension Shape {
    /// The JSON Schema (2020-12) of a file whose value has this shape; it may always name a schema and carry a
    /// description.
    package func jsonSchema(title: String) -> JSON {
        var schema = jsonSchema
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = JSON(.string(title))
        schema["properties"]?["$schema"] = jsonObject([("type", "string")])
        schema["properties"]?["description"] = jsonObject([("type", "string")])
        return schema
    }

    private var jsonSchema: JSON {
        switch self {
        case .boolean: return jsonObject([("type", "boolean")])
        case .integer(let range):
            return jsonObject(
                [("type", "integer"), ("minimum", JSON(.integer(range.lowerBound)))]
                    + (range.upperBound == Int.max ? [] : [("maximum", JSON(.integer(range.upperBound)))]))
        case .number(let range):
            let bounds = [
                ("exclusiveMinimum", range.above), ("minimum", range.least), ("exclusiveMaximum", range.below),
                ("maximum", range.most),
            ]
            return jsonObject(
                [("type", "number")] + bounds.compactMap { name, bound in bound.map { (name, JSON(.number($0))) } })
        case .string, .name, .path: return jsonObject([("type", "string"), ("minLength", 1)])
        case .pattern(let pattern, _):
            return jsonObject([("type", "string"), ("pattern", JSON(.string("^\(pattern)$")))])
        case .choice(let words): return jsonObject([("enum", JSON(.array(words.map { JSON(.string($0)) })))])
        case .list(let element): return jsonObject([("type", "array"), ("items", element.jsonSchema)])
        case .set(let element):
            return jsonObject([("type", "array"), ("items", element.jsonSchema), ("uniqueItems", true)])
        case .object(let keys): return jsonObject(properties(keys))
        case .kinds(let kinds):
            let alternatives = kinds.map { kind in
                let tag = Key("kind", .required, kind.documentation) { .choice([kind.name]) }
                return jsonObject([("description", JSON(.string(kind.documentation)))] + properties([tag] + kind.keys))
            }
            return jsonObject([("oneOf", JSON(.array(alternatives)))])
        case .map(let element, _, let mayBeEmpty):
            return jsonObject(
                [("type", "object"), ("additionalProperties", element.jsonSchema)]
                    + (mayBeEmpty ? [] : [("minProperties", 1)]))
        case .any: return .emptyObject
        case .either(let first, let second):
            return jsonObject([("anyOf", JSON(.array([first.jsonSchema, second.jsonSchema])))])
        }
    }

    private func properties(_ keys: [Key]) -> [(String, JSON)] {
        let required = keys.compactMap { key in
            if case .required = key.defaultValue { JSON(.string(key.name)) } else { nil }
        }
        let schemas = keys.map { key in
            var schema = key.shape.jsonSchema
            if !key.documentation.isEmpty { schema["description"] = JSON(.string(key.documentation)) }
            if case .value(let value) = key.defaultValue { schema["default"] = value }
            return (key.name, schema)
        }
        return [("type", "object"), ("properties", jsonObject(schemas)), ("additionalProperties", false)]
            + (required.isEmpty ? [] : [("required", JSON(.array(required)))])
    }
}

private func jsonObject(_ members: [(String, JSON)]) -> JSON {
    JSON(.object(members.map { JSON.Member($0.0, $0.1) }))
}
