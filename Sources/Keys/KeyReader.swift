import Support

/// A type that reads the keys of a JSON object, and declares them in reading.
package protocol Keyed: Sendable {
    /// Reads every key that the object may have, each exactly once and under all circumstances: the same calls, in a
    /// pass without an object, are the declaration of the keys.
    /// - Throws: where a value is not what it may be, or where keys contradict each other.
    init(_ keys: KeyReader) throws(ConfigError)
}

/// Reads the keys of one object: `epsilon = try keys("epsilon", .number(.positive), 1e-5, "Added to the variance.")`.
///
/// A key cannot be read without being declared, for reading it is its declaration: name, form, default and
/// documentation. From the same calls come the checks and their messages, the JSON Schema, the tables of keys and
/// completion.
package final class KeyReader {
    /// The object; nil in the pass that only declares.
    private let object: JSON?
    private let path: String
    private(set) var keys: [Key] = []
    /// The keys with their values, defaults included.
    private var members: [JSON.Member] = []
    private let cache: ReadingCache?

    init(_ object: JSON?, path: String, cache: ReadingCache? = nil) {
        self.object = object
        self.path = path
        self.cache = cache
    }

    /// Reads a key that has a default.
    /// - Parameters:
    ///   - standard: the default.
    ///   - meaning: what documentation says of the default where it follows from other keys.
    package func callAsFunction<Value>(
        _ name: String, _ form: Form<Value>, _ standard: JSON, shownAs meaning: String? = nil, _ documentation: String
    ) throws(ConfigError) -> Value {
        declare(name, form, meaning.map { .computed($0) } ?? .value(standard), documentation)
        guard let object else { return form.sample() }
        guard var given = object[name] else { return try take(name, form, standard, at: nil) }
        // What is of some kind by default is of that kind unless it says otherwise.
        if given.members != nil, given["kind"] == nil, let kind = standard["kind"] {
            given["kind"] = JSON(kind.value, at: given.position)
        }
        return try take(name, form, given, at: given.position)
    }

    /// Reads a key that must be given.
    package func required<Value>(
        _ name: String, _ form: Form<Value>, _ documentation: String
    ) throws(ConfigError) -> Value {
        declare(name, form, .required, documentation)
        guard let object else { return form.sample() }
        guard let given = object[name] else {
            throw ConfigError(
                at: object.position, path: join(path, name),
                "this key is missing; expected \(form.shape.expectation). \(documentation)")
        }
        return try take(name, form, given, at: given.position)
    }

    /// Reads a key that may be left out.
    /// - Parameter absence: what it means that the key is left out, for documentation.
    package func optional<Value>(
        _ name: String, _ form: Form<Value>, _ absence: String, _ documentation: String
    ) throws(ConfigError) -> Value? {
        declare(name, form, .none(absence), documentation)
        guard let given = object?[name] else { return nil }
        return try take(name, form, given, at: given.position)
    }

    /// Declares what documentation shows as an example of a key, where what single keys declare does not tell it.
    /// - Parameters:
    ///   - name: a key that was declared, or a dotted path below one.
    ///   - settings: everything that is to be set, relative to this object.
    package func example(of name: String, _ settings: KeyValuePairs<String, JSON>) {
        guard object == nil, let index = keys.firstIndex(where: { name == $0.name || name.hasPrefix($0.name + ".") })
        else { return }
        let rest = name.dropFirst(keys[index].name.count + 1)
        keys[index].examples[String(rest)] = settings.map { KeySetting($0, $1) }
    }

    /// Checks what single keys cannot show: that they do not contradict each other.
    /// - Parameters:
    ///   - condition: what must hold; it is not asked in the pass that only declares.
    ///   - name: the key that the error is about, which may be a dotted path; nil for the object.
    package func require(
        _ condition: @autoclosure () -> Bool, _ name: String? = nil, _ message: @autoclosure () -> String
    ) throws(ConfigError) {
        guard object != nil, !condition() else { return }
        throw error(name, message())
    }

    /// An error about a key of this object, which may be a dotted path, or about the object.
    ///
    /// Where the key was not written, its place is that of the object around it.
    package func error(_ name: String?, _ message: String) -> ConfigError {
        let path = name?.split(separator: ".").map(String.init) ?? []
        let place = path.indices.reversed().lazy.compactMap { self.object?[path[...$0]]?.position }.first
        return ConfigError(
            at: place ?? object?.position, path: name.map { join(self.path, $0) } ?? self.path, message)
    }

    /// What messages call the value of a key that was read.
    package func found(_ name: String) -> String { members.first { $0.key == name }?.value.found ?? "nothing" }

    /// Whether the object gives a key, which may be a dotted path.
    package func isWritten(_ name: String) -> Bool {
        object?[name.split(separator: ".").map(String.init)[...]] != nil
    }

    /// The keys that the object gives, in the order in which they were written.
    package var writtenKeys: [String] { object?.members?.map(\.key) ?? [] }

    /// Where a key was written.
    package func position(_ name: String) -> SourcePosition? { object?.members?.first { $0.key == name }?.keyPosition }

    private func declare<Value>(_ name: String, _ form: Form<Value>, _ standard: Key.Default, _ documentation: String) {
        keys.append(Key(name, standard, documentation, shape: form.describe))
    }

    private func take<Value>(
        _ name: String, _ form: Form<Value>, _ json: JSON, at position: SourcePosition?
    ) throws(ConfigError) -> Value {
        func read() throws(ConfigError) -> Reading<Value> { try form.read(json, join(path, name)) }
        let reading = if let cache { try cache.reading(of: name, json, read) } else { try read() }
        members.append(JSON.Member(name, reading.json, at: position))
        return reading.value
    }
}

extension KeyReader {
    /// Reads an object with a type's initializer, and refuses keys that it has not asked for.
    /// - Parameter refusal: the error for a key that is not among those declared.
    static func read<Value>(
        _ json: JSON, path: String, cache: ReadingCache? = nil, with make: (KeyReader) throws(ConfigError) -> Value,
        refusal: (JSON.Member, [Key]) -> ConfigError
    ) throws(ConfigError) -> Reading<Value> {
        func checkNames(_ keys: [Key]) throws(ConfigError) {
            for member in json.members ?? [] where !keys.contains(where: { $0.name == member.key }) {
                throw refusal(member, keys)
            }
        }
        let reader = KeyReader(json, path: path, cache: cache)
        let value: Value
        do {
            value = try make(reader)
        } catch {
            // A slip in a name may be why another key is missing, so it is told first.
            try checkNames(declaredKeys(make))
            throw error
        }
        try checkNames(reader.keys)
        return Reading(value: value, json: JSON(.object(reader.members), at: json.position))
    }

    /// The keys that an initializer declares.
    static func declaredKeys<Value>(_ make: (KeyReader) throws(ConfigError) -> Value) -> [Key] {
        let reader = KeyReader(nil, path: "")
        _ = sample(make, reader)
        return reader.keys
    }

    /// Some value, made without an object.
    static func sample<Value>(
        _ make: (KeyReader) throws(ConfigError) -> Value, _ reader: KeyReader = KeyReader(nil, path: "")
    ) -> Value {
        do { return try make(reader) } catch { preconditionFailure("declaring keys cannot fail: \(error.message)") }
    }
}

extension Form where Value: Keyed {
    /// An object whose keys a type reads.
    package static var object: Form {
        @Sendable func keys() -> [Key] { KeyReader.declaredKeys(Value.init) }
        return Form(
            describe: { .object(keys()) },
            fits: { json in
                json.members.map { members in members.contains { member in keys().contains { $0.name == member.key } } }
                    ?? false
            },
            read: { json, path throws(ConfigError) in try readObject(json, path: path) },
            sample: { KeyReader.sample(Value.init) })
    }

    private static func readObject(
        _ json: JSON, path: String, cache: ReadingCache? = nil
    ) throws(ConfigError) -> Reading<Value> {
        guard json.members != nil else { throw mismatch(json, object.shape, path) }
        return try KeyReader.read(json, path: path, cache: cache, with: Value.init) { member, keys in
            unknownKey(member, among: keys.map(\.name), path: path, owner: "")
        }
    }

    /// Checks and decodes a whole file's value.
    ///
    /// - Parameter cache: what was read of the objects of other such files; what is new is added.
    /// - Returns: the value, and the JSON with every default filled in.
    package static func read(_ json: JSON, cache: ReadingCache? = nil) throws(ConfigError) -> (
        value: Value, resolved: JSON
    ) {
        let reading = try readObject(json, path: "", cache: cache)
        return (reading.value, reading.json)
    }
}

/// The error for a key that nothing knows, with the nearest known one.
/// - Parameter owner: what the key would belong to, such as ` of kind "sgd"`.
func unknownKey(_ member: JSON.Member, among names: [String], path: String, owner: String) -> ConfigError {
    ConfigError(
        at: member.keyPosition, path: join(path, member.key),
        "unknown key\(owner.isEmpty ? "" : " of \(path)" + owner); "
            + (nearest(to: member.key, among: names).map { "did you mean \"\($0)\"? " } ?? "")
            + "Known keys: \(names.joined(separator: ", "))")
}
