import Support

/// What a value of a config may be: one declaration that checks it, decodes it and describes it.
///
/// Simple forms are made by the functions below; an object's form comes from the type that reads its keys (`Keyed`),
/// and a closed choice of objects from its kinds (`KindForm`).
package struct Form<Value>: Sendable {
    /// The description of the form.
    let describe: @Sendable () -> Shape
    /// Whether a value looks meant as this form, so that of two alternatives the right one's errors are shown.
    let fits: @Sendable (JSON) -> Bool
    /// Checks a value and decodes it.
    ///
    /// `path` names it in errors.
    let read: @Sendable (JSON, _ path: String) throws(ConfigError) -> Reading<Value>
    /// Some value, for a pass that only declares keys.
    let sample: @Sendable () -> Value

    package var shape: Shape { describe() }

    /// The form of what a function makes of this form's values.
    package func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Form<Other> {
        Form<Other>(
            describe: describe, fits: fits,
            read: { json, path throws(ConfigError) in
                let reading = try self.read(json, path)
                return Reading(value: transform(reading.value), json: reading.json)
            }, sample: { transform(self.sample()) })
    }
}

/// A decoded value, and the JSON that it was decoded from with every default filled in.
struct Reading<Value> {
    var value: Value
    var json: JSON
}

extension Form {
    /// A form of single values, each of which `parse` accepts, with the JSON to keep, or refuses.
    init(
        _ shape: Shape, sample: @escaping @autoclosure @Sendable () -> Value, fits: @escaping @Sendable (JSON) -> Bool,
        parse: @escaping @Sendable (JSON) -> (Value, JSON.Value)?
    ) {
        self.init(
            describe: { shape }, fits: fits,
            read: { json, path throws(ConfigError) in
                guard let (value, kept) = parse(json) else { throw mismatch(json, shape, path) }
                return Reading(value: value, json: JSON(kept, at: json.position))
            }, sample: sample)
    }

    /// A text that stands for a value; `parse` returns nil for one that does not.
    package static func text(
        pattern: String, expectation: String, sample: @escaping @autoclosure @Sendable () -> Value,
        parse: @escaping @Sendable (String) -> Value?
    ) -> Form {
        Form(
            .pattern(pattern, expectation: expectation), sample: sample(), fits: { $0.string != nil },
            parse: { json in json.string.flatMap(parse).map { ($0, json.value) } })
    }

    /// A list of any length, `[]` included.
    package static func list<Element>(of element: Form<Element>) -> Form where Value == [Element] {
        Form(
            describe: { .list(of: element.shape) }, fits: { $0.array != nil },
            read: { json, path throws(ConfigError) in
                guard let elements = json.array else { throw mismatch(json, .list(of: element.shape), path) }
                var values: [Element] = [], kept: [JSON] = []
                for (index, json) in elements.enumerated() {
                    let reading = try element.read(json, "\(path)[\(index)]")
                    values.append(reading.value)
                    kept.append(reading.json)
                }
                return Reading(value: values, json: JSON(.array(kept), at: json.position))
            }, sample: { [] })
    }

    /// A list in which no value occurs twice.
    /// - Parameter empty: what an empty list would leave nothing of, and what to do instead, where it is refused.
    package static func set<Element>(of element: Form<Element>, refusingEmpty empty: String? = nil) -> Form
    where Value == [Element] {
        let list = Form.list(of: element)
        return Form(
            describe: { .set(of: element.shape) }, fits: list.fits,
            read: { json, path throws(ConfigError) in
                let reading = try list.read(json, path), kept = reading.json.array ?? []
                for (index, value) in kept.enumerated() where kept[..<index].contains(value) {
                    throw ConfigError(
                        at: value.position ?? json.position, path: "\(path)[\(index)]",
                        "found \(value.found) a second time; remove it")
                }
                if kept.isEmpty, let empty {
                    throw ConfigError(at: json.position, path: path, "the list is empty; \(empty)")
                }
                return reading
            }, sample: { [] })
    }

    /// A value of either form.
    ///
    /// What resembles neither is told of both.
    package static func either(_ first: Form, _ second: Form) -> Form {
        Form(
            describe: { .either(first.shape, second.shape) }, fits: { first.fits($0) || second.fits($0) },
            read: { json, path throws(ConfigError) in
                let fitsFirst = first.fits(json)
                if fitsFirst || second.fits(json) { return try (fitsFirst ? first : second).read(json, path) }
                guard json.members != nil || json.array != nil else {
                    throw mismatch(json, .either(first.shape, second.shape), path)
                }
                return try (first.shape.isStructure ? first : second).read(json, path)
            }, sample: first.sample)
    }

    /// An object whose keys are names of the user's own.
    /// - Parameter name: what a key names, for messages.
    package static func map<Element: Sendable>(of element: Form<Element>, name: String, mayBeEmpty: Bool = false)
        -> Form
    where Value == [NamedValue<Element>] {
        Form(
            describe: { .map(of: element.shape, name: name, mayBeEmpty: mayBeEmpty) }, fits: { $0.members != nil },
            read: { json, path throws(ConfigError) in
                guard let members = json.members, mayBeEmpty || !members.isEmpty else {
                    throw mismatch(json, .map(of: element.shape, name: name, mayBeEmpty: mayBeEmpty), path)
                }
                var values: Value = [], kept: [JSON.Member] = []
                for member in members {
                    guard !member.key.hasControlCharacters else {
                        throw ConfigError(
                            at: member.keyPosition, path: path,
                            "\(quotedForJSON(member.key)) has control characters; expected a plain name")
                    }
                    let reading = try element.read(member.value, join(path, member.key))
                    values.append(NamedValue(name: member.key, value: reading.value, position: member.keyPosition))
                    kept.append(JSON.Member(member.key, reading.json, at: member.keyPosition))
                }
                return Reading(value: values, json: JSON(.object(kept), at: json.position))
            }, sample: { [] })
    }
}

/// A member of an object whose keys are the user's own.
package struct NamedValue<Value: Sendable>: Sendable {
    package let name: String
    package let value: Value
    /// Where the name was written.
    package let position: SourcePosition?

    package init(name: String, value: Value, position: SourcePosition?) {
        self.name = name
        self.value = value
        self.position = position
    }
}

extension Form where Value == Bool {
    package static var boolean: Form {
        Form(
            .boolean, sample: false, fits: { $0.boolean != nil },
            parse: { json in json.boolean.map { ($0, json.value) } })
    }
}

extension Form where Value == Int {
    /// A whole number, which may be written as 1e3 or 60.0.
    package static func integer(_ range: ClosedRange<Int>) -> Form {
        Form(
            .integer(range), sample: range.lowerBound,
            fits: { if case .integer = $0.value { true } else { false } },
            parse: { json in json.integer.flatMap { range.contains($0) ? ($0, .integer($0)) : nil } })
    }
    package static var positiveInteger: Form { integer(1...Int.max) }
    package static var naturalNumber: Form { integer(0...Int.max) }
    /// A number of steps: more than any run makes are refused.
    package static var stepCount: Form { integer(0...Shape.largestStepCount) }
    /// A number of rows or units, which 32 bits hold.
    package static var rowCount: Form { integer(1...Int(Int32.max)) }
}

extension Form where Value == Double {
    package static func number(_ range: NumberRange) -> Form {
        Form(
            .number(range), sample: range.least ?? (range.above.map { $0 + 0.5 } ?? 0), fits: { $0.double != nil },
            parse: { json in json.double.flatMap { range.contains($0) ? ($0, .number($0)) : nil } })
    }
}

extension Form where Value == String {
    /// A text that is not empty.
    package static var string: Form { text(.string) }
    /// A name: a text without control characters and not too long, which terminals, shells and lists of names take as
    /// it is.
    package static var name: Form { text(.name) }
    /// A file's path.
    package static var path: Form { text(.path) }

    private static func text(_ shape: Shape) -> Form {
        Form(
            shape, sample: "", fits: { $0.string != nil },
            parse: { json in
                guard let text = json.string, !text.isEmpty else { return nil }
                if case .name = shape, text.hasControlCharacters || text.utf8.count > Shape.longestName { return nil }
                return (text, json.value)
            })
    }

    /// One of some words.
    package static func choice(_ words: [String]) -> Form {
        Form(
            .choice(words), sample: words[0], fits: { $0.string != nil },
            parse: { json in json.string.flatMap { words.contains($0) ? ($0, json.value) : nil } })
    }
}

extension Form where Value: CaseIterable & RawRepresentable<String> & Sendable {
    /// One of the cases of an enumeration, by its raw value.
    package static var choice: Form { Form.choice(Array(Value.allCases)) }

    /// One of some cases of an enumeration, by its raw value.
    package static func choice(_ cases: [Value]) -> Form {
        Form(
            .choice(cases.map(\.rawValue)), sample: cases[0], fits: { $0.string != nil },
            parse: { json in
                json.string.flatMap { word in cases.first { $0.rawValue == word } }.map { ($0, json.value) }
            })
    }
}

extension Form where Value == JSON {
    /// Any value, which whoever reads it checks.
    package static var any: Form {
        Form(.any, sample: .emptyObject, fits: { _ in true }, parse: { ($0, $0.value) })
    }
}

/// The error that a value is not of the shape that is expected there.
func mismatch(_ json: JSON, _ shape: Shape, _ path: String) -> ConfigError {
    ConfigError(at: json.position, path: path, "found \(json.found), expected \(shape.expectation)")
}

/// A dotted path with one more key.
func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }

extension Shape {
    fileprivate var isStructure: Bool {
        switch self {
        case .object, .kinds, .map: true
        case .boolean, .integer, .number, .string, .name, .path, .choice, .pattern, .list, .set, .either, .any: false
        }
    }
}
