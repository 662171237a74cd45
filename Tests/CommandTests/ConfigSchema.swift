import Foundation
import Support
import TestSupport

/// The JSON Schema of configs, as `bnexp config schema` prints it: what the product itself says that a config may hold.
struct ConfigSchema {
    let root: JSON

    init() throws {
        let result = try withTemporaryFolder { try bnexp(["config", "schema"], in: $0) }
        root = try JSONReader.read(result.output, source: "schema")
    }

    /// The schema of one key; of an object in the form that has it.
    subscript(path: String) -> JSON? {
        path.split(separator: ".").reduce(root) { schema, key in
            schema.flatMap { alternatives(of: $0).lazy.compactMap { $0["properties"]?[String(key)] }.first }
        }
    }

    /// The kinds of an object such as `optimizer`, in the order in which they are declared.
    func kinds(of path: String) -> [String] {
        self[path].map(alternatives)?.flatMap { choices(of: $0["properties"]?["kind"]) } ?? []
    }

    /// The words that a key may be, such as those of `model.activation`.
    func words(of path: String) -> [String] { self[path].map(alternatives)?.flatMap { choices(of: $0) } ?? [] }

    private func choices(of schema: JSON?) -> [String] { schema?["enum"]?.array?.compactMap(\.string) ?? [] }
}

/// The forms among which `anyOf` and `oneOf` give the choice, at every depth; else the schema itself.
func alternatives(of schema: JSON) -> [JSON] {
    guard let forms = (schema["anyOf"] ?? schema["oneOf"])?.array else { return [schema] }
    return forms.flatMap(alternatives)
}
