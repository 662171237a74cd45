/// A key as the command line sets it, with its values where only certain ones are possible.
package struct SettableKey: Equatable, Sendable {
    /// The dotted path.
    package var path: String
    /// The possible values; empty where there are too many to list.
    package var values: [String]
}

extension Shape {
    /// Every key once, in the order of its declaration; one that several kinds have, with the values of all of them.
    ///
    /// An object has a key of its own only where it is left out by default, as in `checkpoint={}`.
    package var settableKeys: [SettableKey] {
        var keys: [SettableKey] = []
        var places: [String: Int] = [:]
        for key in settableKeys(path: "") {
            guard let place = places[key.path] else {
                places[key.path] = keys.count
                keys.append(key)
                continue
            }
            keys[place].values += key.values.filter { !keys[place].values.contains($0) }
        }
        return keys
    }

    private func settableKeys(path: String) -> [SettableKey] {
        func below(_ keys: [Key]) -> [SettableKey] {
            keys.flatMap { key in
                let inner = join(path, key.name)
                var found = key.shape.settableKeys(path: inner)
                if case .none = key.defaultValue, found.first?.path != inner {
                    found.insert(SettableKey(path: inner, values: []), at: 0)
                }
                return found
            }
        }
        switch self {
        case .object(let keys): return below(keys)
        case .kinds(let kinds):
            return [SettableKey(path: path + ".kind", values: kinds.map(\.name))] + kinds.flatMap { below($0.keys) }
        case .either(let first, let second):
            return first.settableKeys(path: path)
                + second.settableKeys(path: path).filter { $0.path != path || !$0.values.isEmpty }
        case .boolean: return [SettableKey(path: path, values: ["true", "false"])]
        case .choice(let words): return [SettableKey(path: path, values: words)]
        case .integer, .number, .string, .name, .path, .pattern, .list, .set, .map, .any:
            return [SettableKey(path: path, values: [])]
        }
    }
}
