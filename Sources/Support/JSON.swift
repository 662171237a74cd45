/// A JSON value with the position where it was written, which equality ignores.
package struct JSON: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case null
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        case array([JSON])
        case object([Member])
    }
    package struct Member: Hashable, Sendable {
        package var key: String
        package var keyPosition: SourcePosition?
        package var value: JSON

        package init(_ key: String, _ value: JSON, at keyPosition: SourcePosition? = nil) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
        package static func == (a: Member, b: Member) -> Bool { a.key == b.key && a.value == b.value }
        package func hash(into hasher: inout Hasher) {
            hasher.combine(key)
            hasher.combine(value)
        }
    }

    package var value: Value
    package var position: SourcePosition?

    package init(_ value: Value, at position: SourcePosition? = nil) {
        self.value = value
        self.position = position
    }
    package static func == (a: JSON, b: JSON) -> Bool { a.value == b.value }
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }

    package static let emptyObject = JSON(.object([]))

    package var members: [Member]? {
        get { if case .object(let members) = value { members } else { nil } }
        set { value = .object(newValue ?? []) }
    }

    /// The member of an object; setting nil removes it.
    package subscript(key: String) -> JSON? {
        get { members?.first { $0.key == key }?.value }
        set {
            var all = members ?? []
            if let index = all.firstIndex(where: { $0.key == key }) {
                if let newValue { all[index].value = newValue } else { all.remove(at: index) }
            } else if let newValue {
                all.append(Member(key, newValue, at: newValue.position))
            }
            members = all
        }
    }

    /// The value at a path of keys; setting it creates the objects on the way, at the place of the value.
    package subscript(path: ArraySlice<String>) -> JSON? {
        get { path.isEmpty ? self : self[path[path.startIndex]]?[path.dropFirst()] }
        set {
            guard let first = path.first else { return }
            if path.count == 1 {
                self[first] = newValue
            } else {
                var child = self[first] ?? JSON(.object([]), at: newValue?.position)
                child[path.dropFirst()] = newValue
                self[first] = child
            }
        }
    }

    /// Returns the value with a JSON merge patch (RFC 7396) applied: objects merge member by member, null removes,
    /// anything else replaces.
    package func merging(_ patch: JSON) -> JSON {
        guard case .object(let changes) = patch.value else { return patch }
        var result = members == nil ? .emptyObject : self
        result.position = result.position ?? patch.position
        for change in changes {
            if case .null = change.value.value {
                result[change.key] = nil
            } else if let existing = result[change.key] {
                result[change.key] = existing.merging(change.value)
            } else {
                result.members?.append(
                    Member(change.key, JSON.emptyObject.merging(change.value), at: change.keyPosition))
            }
        }
        return result
    }

    /// Returns every leaf with its dotted path; arrays are leaves.
    package func leaves(under prefix: String = "") -> [(path: String, value: JSON)] {
        guard case .object(let members) = value else { return [(prefix, self)] }
        return members.flatMap { $0.value.leaves(under: prefix.isEmpty ? $0.key : prefix + "." + $0.key) }
    }

    /// The name that an error message gives to the value: the value itself, or what it is where it is long.
    package var found: String {
        switch value {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let text):
            text.utf8.count <= 300
                ? "\"\(text.escapedForTerminal())\""
                : "\"\(String(text.prefix(40)).escapedForTerminal())...\" of \(text.utf8.count) bytes"
        case .array(let elements):
            elements.count <= 8 && text().count <= 60 ? "the list \(text())" : "a list of \(elements.count)"
        case .object: "an object"
        }
    }
}

extension JSON {
    /// The value as a whole number, also where it is written as 1e3 or 60.0; nil for other values.
    package var integer: Int? {
        switch value {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }
    package var double: Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
    package var string: String? { if case .string(let text) = value { text } else { nil } }
    package var boolean: Bool? { if case .boolean(let flag) = value { flag } else { nil } }
    package var array: [JSON]? { if case .array(let elements) = value { elements } else { nil } }
}

extension JSON {
    package init(_ members: KeyValuePairs<String, JSON>) {
        self.init(.object(members.map { Member($0.key, $0.value) }))
    }
    package init(_ text: String) { self.init(.string(text)) }
    package init(_ texts: [String]) { self.init(.array(texts.map { JSON($0) })) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral
{
    package init(stringLiteral text: String) { self.init(.string(text)) }
    package init(integerLiteral number: Int) { self.init(.integer(number)) }
    package init(floatLiteral number: Double) { self.init(.number(number)) }
    package init(booleanLiteral flag: Bool) { self.init(.boolean(flag)) }
    package init(arrayLiteral elements: JSON...) { self.init(.array(elements)) }
}
