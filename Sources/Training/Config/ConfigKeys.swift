/// A key as `--set` takes it, with its values where only certain ones can be.
package struct ConfigKey: Equatable, Sendable {
    package var path: String
    /// Empty where there are too many to list.
    package var values: [String]
}

/// Every key of a config once, in the order of the schema; a key that several kinds have, with the values of all of
/// them.
///
/// An object has a key of its own only where it is left out by default, as in `checkpoint={}`.
package func configKeys() -> [ConfigKey] {
    var keys: [ConfigKey] = []
    var places: [String: Int] = [:]
    for key in Shape.config.keys(path: "") {
        guard let place = places[key.path] else {
            places[key.path] = keys.count
            keys.append(key)
            continue
        }
        keys[place].values += key.values.filter { !keys[place].values.contains($0) }
    }
    return keys
}

extension Shape {
    fileprivate func keys(path: String) -> [ConfigKey] {
        func below(_ keys: [Key]) -> [ConfigKey] {
            keys.flatMap { key in
                let inner = path.isEmpty ? key.name : path + "." + key.name
                var found = key.shape.keys(path: inner)
                if case .none = key.defaultValue, found.first?.path != inner {
                    found.insert(ConfigKey(path: inner, values: []), at: 0)
                }
                return found
            }
        }
        switch self {
        case .object(let keys): return below(keys)
        case .kinds(let kinds):
            return [ConfigKey(path: path + ".kind", values: kinds.map(\.name))] + kinds.flatMap { below($0.keys) }
        case .either(let first, let second):
            return first.keys(path: path) + second.keys(path: path).filter { $0.path != path || !$0.values.isEmpty }
        case .boolean: return [ConfigKey(path: path, values: ["true", "false"])]
        case .choice(let words): return [ConfigKey(path: path, values: words)]
        case .integer, .number, .string, .path, .list, .set, .parameter, .map, .any:
            return [ConfigKey(path: path, values: [])]
        }
    }
}
