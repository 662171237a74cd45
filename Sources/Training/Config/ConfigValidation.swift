import Datasets
import Foundation
import NeuralNetwork
import Support

/// Checks a value against its shape and returns it with every default filled in.
///
/// Errors carry position, dotted path, what was found, what is allowed and, for an unknown key, the nearest known one.
package func resolve(_ json: JSON, as shape: Shape, path: String) throws(ConfigError) -> JSON {
    func mismatch() -> ConfigError {
        ConfigError(at: json.position, path: path, "found \(json.found), expected \(shape.expectation)")
    }
    switch shape {
    case .boolean:
        guard case .boolean = json.value else { throw mismatch() }
        return json
    case .integer(let range):
        guard let number = json.integer, range.contains(number) else { throw mismatch() }
        return JSON(.integer(number), at: json.position)
    case .number(let range):
        guard let number = json.double, range.contains(number) else { throw mismatch() }
        return JSON(.number(number), at: json.position)
    case .string, .path:
        guard case .string(let text) = json.value, !text.isEmpty else { throw mismatch() }
        return json
    case .choice(let words):
        guard case .string(let word) = json.value, words.contains(word) else { throw mismatch() }
        return json
    case .parameter:
        guard case .string(let text) = json.value, let match = text.wholeMatch(of: /([0-9]{1,9}\/)?([a-z]+)/),
            ParameterKind(rawValue: String(match.2)) != nil
        else { throw mismatch() }
        return json
    case .list(let element):
        guard case .array(let elements) = json.value else { throw mismatch() }
        var resolved: [JSON] = []
        for (index, value) in elements.enumerated() {
            resolved.append(try resolve(value, as: element, path: "\(path)[\(index)]"))
        }
        return JSON(.array(resolved), at: json.position)
    case .set(let element):
        let list = try resolve(json, as: .list(of: element), path: path)
        for (index, value) in (list.array ?? []).enumerated() where list.array?[..<index].contains(value) == true {
            throw ConfigError(
                at: value.position ?? json.position, path: "\(path)[\(index)]",
                "found \(value.found) a second time; remove it")
        }
        return list
    case .object(let keys):
        guard json.members != nil else { throw mismatch() }
        return try resolveMembers(of: json, keys: keys, path: path)
    case .kinds(let kinds):
        guard json.members != nil else { throw mismatch() }
        let names = kinds.map(\.name)
        guard let tag = json["kind"] else {
            throw ConfigError(
                at: json.position, path: path,
                "the key \"kind\" is missing; expected one of \(names.joined(separator: ", "))")
        }
        let checked = try resolve(tag, as: .choice(names), path: join(path, "kind"))
        guard case .string(let name) = checked.value, let kind = kinds.first(where: { $0.name == name }) else {
            throw mismatch()
        }
        let keys = [Key("kind", .choice(names), .required, "")] + kind.keys
        return try resolveMembers(of: json, keys: keys, path: path, owner: " of kind \"\(name)\"", kinds: kinds)
    case .map(let element, _, let mayBeEmpty):
        guard let members = json.members, mayBeEmpty || !members.isEmpty else { throw mismatch() }
        var resolved: [JSON.Member] = []
        for member in members {
            resolved.append(
                JSON.Member(
                    member.key, try resolve(member.value, as: element, path: join(path, member.key)),
                    at: member.keyPosition))
        }
        return JSON(.object(resolved), at: json.position)
    case .any: return json
    case .either(let first, let second):
        // What resembles neither is told of both.
        if json.members == nil, json.array == nil, !first.fits(json), !second.fits(json) { throw mismatch() }
        return try resolve(
            json, as: first.fits(json) || !second.fits(json) && first.isStructure ? first : second, path: path)
    }
}

private func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }

private func resolveMembers(of json: JSON, keys: [Key], path: String, owner: String = "", kinds: [Kind] = [])
    throws(ConfigError) -> JSON
{
    for member in json.members ?? [] where !keys.contains(where: { $0.name == member.key }) {
        let names = keys.map(\.name)
        let owners = kinds.filter { kind in kind.keys.contains { $0.name == member.key } }.map { "\"\($0.name)\"" }
        if !owners.isEmpty {
            throw ConfigError(
                at: member.keyPosition, path: join(path, member.key),
                "contradicts the kind: only \(owners.joined(separator: ", ")) \(owners.count == 1 ? "has" : "have") "
                    + "this key, and the kind is"
                    + owner.replacingOccurrences(of: " of kind", with: "")
                    + ". Remove it or change the kind. Known keys: \(names.joined(separator: ", "))")
        }
        let nearest = nearest(to: member.key, among: names)
        throw ConfigError(
            at: member.keyPosition, path: join(path, member.key),
            "unknown key\(owner.isEmpty ? "" : " of \(path)" + owner); "
                + (nearest.map { "did you mean \"\($0)\"? " } ?? "") + "Known keys: \(names.joined(separator: ", "))")
    }
    let convention: NormalizationConvention
    if case .string(let name)? = json["convention"]?.value {
        convention = NormalizationConvention(rawValue: name) ?? .pytorch
    } else {
        convention = .pytorch
    }
    var members: [JSON.Member] = []
    for key in keys {
        let inner = join(path, key.name)
        if var given = json[key.name] {
            // A key whose default is of some kind is of that kind unless it says otherwise.
            if given.members != nil, given["kind"] == nil, case .value(let standard) = key.defaultValue,
                let kind = standard["kind"]
            {
                given["kind"] = JSON(kind.value, at: given.position)
            }
            members.append(JSON.Member(key.name, try resolve(given, as: key.shape, path: inner), at: given.position))
            continue
        }
        switch key.defaultValue {
        case .value(let value): members.append(JSON.Member(key.name, try resolve(value, as: key.shape, path: inner)))
        case .byConvention(let value): members.append(JSON.Member(key.name, value(convention)))
        case .none: break
        case .required:
            throw ConfigError(
                at: json.position, path: inner,
                "this key is missing; expected \(key.shape.expectation). \(key.documentation)")
        }
    }
    return JSON(.object(members), at: json.position)
}

extension Shape {
    /// What a value of this shape is called in an error.
    var expectation: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let range):
            range.upperBound == 1_000_000_000_000
                ? "a whole number from 0 to 10^12"
                : range.upperBound >= Int(Int32.max)
                    ? (range.lowerBound == 0
                        ? "a whole number, 0 or more" : "a whole number, at least \(range.lowerBound)")
                    : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): range.description
        case .string: "a text in double quotes"
        case .path: "a file's path in double quotes"
        case .choice(let words):
            words.count == 1 ? "\"\(words[0])\"" : "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
        case .list(let element): "a list, each element \(element.expectation)"
        case .set(let element): "a list without repetition, each element \(element.expectation)"
        case .object(let keys): "an object with the keys " + keys.map(\.name).joined(separator: ", ")
        case .kinds(let kinds):
            "an object with the key \"kind\", one of " + kinds.map { "\"\($0.name)\"" }.joined(separator: ", ")
        case .parameter:
            "a parameter such as \"gamma\" or \"0/weight\", of the kinds "
                + ParameterKind.allCases.map(\.rawValue).joined(separator: ", ")
        case .map(let element, let name, _): "an object with a member for each \(name), each \(element.expectation)"
        case .any: "any value"
        case .either(let first, let second): first.expectation + "; or " + second.expectation
        }
    }

    fileprivate var isStructure: Bool {
        switch self {
        case .object, .kinds, .map: true
        default: false
        }
    }

    /// Whether a value looks meant as this shape, so that the errors of the right alternative are shown.
    fileprivate func fits(_ json: JSON) -> Bool {
        switch (self, json.value) {
        case (.boolean, .boolean), (.list, .array), (.set, .array), (.kinds, .object), (.map, .object), (.any, _): true
        case (.choice, .string), (.string, .string), (.path, .string), (.parameter, .string): true
        case (.integer, .integer), (.number, .integer), (.number, .number): true
        case (.object(let keys), .object(let members)):
            members.contains { member in keys.contains { $0.name == member.key } }
        default: false
        }
    }
}
