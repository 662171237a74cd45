import Support

/// A type whose keys make one of the kinds that an object may be of.
package protocol KeyedKind: Keyed {
    /// The value of `kind` that stands for it.
    static var kind: String { get }
    /// One sentence for the JSON Schema, with the source where there is one.
    static var documentation: String { get }
}

/// One of the kinds that an object may be of: its name, its documentation and how its keys become a value.
///
/// The list of these forms is the only place that names the kinds, so that a kind cannot be declared and not decoded.
package struct KindForm<Value>: Sendable {
    let name: String
    let documentation: String
    let make: @Sendable (KeyReader) throws(ConfigError) -> Value

    package init(
        _ name: String, _ documentation: String,
        _ make: @escaping @Sendable (KeyReader) throws(ConfigError) -> Value
    ) {
        self.name = name
        self.documentation = documentation
        self.make = make
    }

    /// The kind that a type reads.
    /// - Parameter convert: makes the value that all kinds have in common.
    package init<Kind: KeyedKind>(_: Kind.Type, _ convert: @escaping @Sendable (Kind) -> Value) {
        self.init(Kind.kind, Kind.documentation) { keys throws(ConfigError) in convert(try Kind(keys)) }
    }

    fileprivate var keys: [Key] { KeyReader.declaredKeys(make) }
}

extension JSON {
    /// An object of some kind with all of its defaults.
    package static func kind(_ name: String) -> JSON { JSON(.object([JSON.Member("kind", JSON(.string(name)))])) }
}

extension Form {
    /// An object of one of some kinds, named by its key `kind`.
    package static func kinds(_ kinds: [KindForm<Value>]) -> Form {
        let names = kinds.map(\.name)
        return Form(
            describe: {
                .kinds(kinds.map { Kind(name: $0.name, documentation: $0.documentation, keys: $0.keys) })
            },
            fits: { $0.members != nil },
            read: { json, path throws(ConfigError) in
                guard json.members != nil else {
                    throw mismatch(json, .kinds(names.map { Kind(name: $0, documentation: "", keys: []) }), path)
                }
                guard let tag = json["kind"] else {
                    throw ConfigError(
                        at: json.position, path: path,
                        "the key \"kind\" is missing; expected one of \(names.joined(separator: ", "))")
                }
                guard let kind = kinds.first(where: { $0.name == tag.string }) else {
                    throw mismatch(tag, .choice(names), join(path, "kind"))
                }
                return try KeyReader.read(
                    json, path: path,
                    with: { keys throws(ConfigError) in
                        _ = try keys.required("kind", Form<String>.choice(names), "")
                        return try kind.make(keys)
                    },
                    refusal: { member, keys in
                        refusal(of: member, known: keys.map(\.name), kind: kind, kinds: kinds, path: path)
                    })
            }, sample: { KeyReader.sample(kinds[0].make) })
    }
}

/// The error for a key that the kind does not have: another kind's, or unknown.
private func refusal<Value>(
    of member: JSON.Member, known names: [String], kind: KindForm<Value>, kinds: [KindForm<Value>], path: String
) -> ConfigError {
    let owners = kinds.filter { $0.keys.contains { $0.name == member.key } }.map { "\"\($0.name)\"" }
    guard !owners.isEmpty else {
        return unknownKey(member, among: names, path: path, owner: " of kind \"\(kind.name)\"")
    }
    return ConfigError(
        at: member.keyPosition, path: join(path, member.key),
        "contradicts the kind: only \(owners.joined(separator: ", ")) \(owners.count == 1 ? "has" : "have") this key, "
            + "and the kind is \"\(kind.name)\". Remove it or change the kind. Known keys: \(names.joined(separator: ", "))"
    )
}
