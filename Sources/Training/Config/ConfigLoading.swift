import Foundation
import Keys
import Support

/// What the command line says about a config.
package struct ConfigRequest: Sendable {
    /// A file, or "-" for standard input.
    package var path: String
    /// The config itself, where it is not in a file; `path` then only names it.
    package var text: String?
    /// "key.path=VALUE" each, applied in order.
    package var overrides: [String] = []
    /// What other options change, after `overrides`.
    package var options: [ConfigOverride] = []
    package var name: String?
    package var seed: Int?
    package var tags: [String] = []

    package init(path: String) { self.path = path }

    /// Refuses options that set one key twice, as a JSON object may not have one twice.
    package func checkRepetition() throws(ConfigError) {
        var seen: [(path: [String], source: String)] = []
        if let name { seen.append((["name"], "--name \(name)")) }
        if let seed { seen.append((["seed"], "--seed \(seed)")) }
        for text in overrides {
            let override = try ConfigOverride(text)
            // An object that is set as a whole may be changed afterwards; the other way round what was set is lost.
            if let other = seen.first(where: { $0.path.starts(with: override.path) }) {
                throw ConfigError(
                    at: SourcePosition(source: override.source), path: override.path.joined(separator: "."),
                    "is given by \(other.source) already; give one of the two")
            }
            seen.append((override.path, override.source))
        }
    }
}

/// A config that was read, merged, checked and completed.
package struct LoadedConfig: Sendable {
    package let config: Config
    /// Every key with its value, defaults included; what `config` was decoded from.
    package let resolved: JSON
    /// What the user should know: keys that an override dropped.
    package let notes: [String]
}

/// Reads the config, merges what it extends, applies the overrides, checks the whole and fills in the defaults.
package func loadConfig(_ request: ConfigRequest) throws(ConfigError) -> LoadedConfig {
    try ConfigDraft(request).completed()
}

/// Returns the config of a run without names that earlier versions took and this one takes no longer, so that it can be
/// read; no result depends on them.
private func withShortNames(_ stored: JSON) -> JSON {
    func isLong(_ text: String?) -> Bool { (text?.utf8.count ?? 0) > Shape.longestName }
    var config = stored
    if isLong(stored["name"]?.string) { config["name"] = nil }
    if let tags = stored["tags"], let list = tags.array, list.contains(where: { isLong($0.string) }) {
        config["tags"] = JSON(.array(list.filter { !isLong($0.string) }), at: tags.position)
    }
    return config
}

/// A config as it was written: merged and overridden, not yet checked.
package struct ConfigDraft: Sendable {
    package private(set) var tree: JSON
    package private(set) var notes: [String] = []

    package init(_ request: ConfigRequest) throws(ConfigError) {
        // Merging onto nothing drops keys that are null, as merging onto a base does.
        let written: JSON
        if let text = request.text {
            written = withShortNames(try JSONReader.read(text, source: request.path))
        } else {
            (written, notes) = try readConfigFile(request.path, extendedBy: [])
        }
        tree = JSON.emptyObject.merging(written)
        for override in request.overrides { try apply(ConfigOverride(override)) }
        for option in request.options { try apply(option) }
        if let name = request.name { tree["name"] = JSON(.string(name), at: SourcePosition(source: "--name")) }
        if let seed = request.seed { tree["seed"] = JSON(.integer(seed), at: SourcePosition(source: "--seed")) }
        if !request.tags.isEmpty {
            let own = tree["tags"]?.array ?? []
            tree["tags"] = JSON(
                .array(own + request.tags.map { JSON(.string($0), at: SourcePosition(source: "--tag")) }),
                at: tree["tags"]?.position)
        }
        if tree["name"] == nil {
            let file =
                request.path == "-"
                ? "standard-input" : URL(fileURLWithPath: request.path).deletingPathExtension().lastPathComponent
            tree["name"] = JSON(.string(file))
        }
    }

    package var name: String {
        get { tree["name"]?.string ?? "" }
        set { tree["name"] = JSON(.string(newValue)) }
    }

    package mutating func apply(_ override: ConfigOverride) throws(ConfigError) {
        notes += try override.apply(to: &tree)
    }

    /// Checks the whole and fills in the defaults.
    ///
    /// - Parameter cache: what was read of the objects of other configs; positions in the result are then theirs.
    package func completed(cache: ReadingCache? = nil) throws(ConfigError) -> LoadedConfig {
        let (config, resolved) = try Form<Config>.read(tree, cache: cache)
        try checkRange(of: resolved)
        return LoadedConfig(config: config, resolved: resolved, notes: notes)
    }
}

/// Reads a config file as a tree: merged into what it extends, its paths made relative to the working directory.
///
/// - Returns: the tree, and notes on what it keeps of a file that it extends.
private func readConfigFile(
    _ path: String, extendedBy chain: [String]
) throws(ConfigError) -> (tree: JSON, notes: [String]) {
    let source = path == "-" ? "standard input" : path
    // One file may be named in several ways.
    let file = withLinksResolved(path)
    if chain.contains(file) {
        throw ConfigError(
            at: SourcePosition(source: source), "extends itself: \((chain + [file]).joined(separator: " -> "))")
    }
    var tree = try JSONReader.read(try text(of: path, mayBePipe: chain.isEmpty), source: source)
    guard tree.members != nil else {
        throw ConfigError(at: tree.position, "found \(tree.found), expected a JSON object")
    }
    if tree["config"]?.string != nil, tree["data"] == nil {
        throw ConfigError(
            at: tree.position,
            "is a sweep file, not the config of one run; run it with bnexp sweep, or name the config that it names")
    }
    tree["$schema"] = nil
    tree["description"] = nil
    for keyPath in Config.shape.filePaths {
        guard let value = tree[keyPath[...]], let named = value.string, !named.isEmpty else { continue }
        tree[keyPath[...]] = JSON(.string(located(named, namedBy: path)), at: value.position)
    }
    guard let base = tree["extends"] else { return (tree, []) }
    guard let basePath = base.string else {
        throw ConfigError(
            at: base.position, path: "extends", "found \(base.found), expected a config file's path in double quotes")
    }
    tree["extends"] = nil
    do {
        let (baseTree, notes) = try readConfigFile(located(basePath, namedBy: path), extendedBy: chain + [file])
        return (
            baseTree.merging(tree), notes + keptKeys(of: baseTree, basePath, where: tree, source, Config.shape, at: [])
        )
    } catch {
        throw base.position.map { position in
            ConfigError(at: nil, "\(error.message) (named by \"extends\" in \(position.description))")
        } ?? error
    }
}

/// A path that a file names, relative to that file, as one relative to the working directory.
/// - Parameter file: "-" for standard input, whose paths are relative to the working directory already.
package func located(_ path: String, namedBy file: String) -> String {
    let directory = file == "-" ? "" : (file as NSString).deletingLastPathComponent
    return path.hasPrefix("/") || directory.isEmpty
        ? path : ((directory as NSString).appendingPathComponent(path) as NSString).standardizingPath
}

/// Says where a config gives an object of its base another kind, which keys the object keeps.
///
/// - Parameter path: the key path of the object that both trees are.
private func keptKeys(
    of base: JSON, _ baseName: String, where tree: JSON, _ name: String, _ shape: Shape, at path: [String]
) -> [String] {
    if case .kinds(let kinds)? = shape.inside(path[...]) {
        guard let kind = tree["kind"]?.string, let before = base["kind"]?.string ?? kinds.first?.name, kind != before,
            let known = kinds.first(where: { $0.name == kind })
        else { return [] }
        let kept = (base.members ?? []).filter { $0.key != "kind" && tree[$0.key] == nil }.map { member -> String in
            let value = "\(member.key) \(member.value.text())"
            guard let key = known.keys.first(where: { $0.name == member.key }) else {
                return "\(value) (unknown to \(kind))"
            }
            if case .value(let usual) = key.defaultValue { return "\(value) (\(kind)'s default is \(usual.text()))" }
            return value
        }
        guard !kept.isEmpty else { return [] }
        let place = path.joined(separator: ".")
        return [
            "\(name): \(place) of kind \(kind) keeps of \(baseName): \(kept.joined(separator: ", ")). A key that is null in "
                + "\(name) is left out, and --set \(place)={...} replaces the whole object"
        ]
    }
    return (tree.members ?? []).flatMap { member -> [String] in
        guard member.value.members != nil, let inner = base[member.key], inner.members != nil else { return [] }
        return keptKeys(of: inner, baseName, where: member.value, name, shape, at: path + [member.key])
    }
}

/// The text of a file, or of standard input.
/// - Parameter mayBePipe: whether it may be something else than a regular file, such as the output of a program.
package func text(of path: String, mayBePipe: Bool = true) throws(ConfigError) -> String {
    let position = SourcePosition(source: path == "-" ? "standard input" : path)
    var status = stat()
    if !mayBePipe, stat(path, &status) == 0, ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) {
        throw ConfigError(at: position, "is no regular file; expected a config file")
    }
    let data: Data
    do {
        // Read as a stream, for it may be a pipe.
        let file = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        data = try file.read(upToCount: largestConfigSize + 1) ?? Data()
    } catch {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        throw ConfigError(
            at: position,
            isDirectory.boolValue
                ? "is a directory, expected a config file"
                : exists ? "cannot be read; check its permissions" : "no such config file")
    }
    guard data.count <= largestConfigSize else {
        throw ConfigError(at: position, "has more than \(largestConfigSize / 1_000_000) MB; expected a config file")
    }
    guard let text = String(data: data, encoding: .utf8) else {
        throw ConfigError(at: position, "is not UTF-8 text; expected JSON")
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}

/// In bytes; no config comes near.
private let largestConfigSize = 64_000_000

/// Float32 must hold the network's numbers: not as infinity, and a positive one not as 0.
private func checkRange(of config: JSON) throws(ConfigError) {
    guard config["precision"]?.string == "float32" else { return }
    func isBeyond(_ number: Double) -> Bool { !Float(number).isFinite || (number != 0 && Float(number) == 0) }
    for section in ["model", "loss", "optimizer", "schedule", "evaluation"] {
        guard let (path, value, number) = config[section]?.firstNumber(where: isBeyond) else { continue }
        throw ConfigError(
            at: value.position, path: section + path,
            "found \(value.found), which float32 holds as \(Float(number)); choose another value, or "
                + "precision \"float64\""
        )
    }
}

extension JSON {
    /// The first number that meets a condition, also of lists, with what a path from here to it ends with.
    fileprivate func firstNumber(
        where condition: (Double) -> Bool
    ) -> (path: String, value: JSON, number: Double)? {
        switch value {
        case .object(let members):
            for member in members {
                guard let found = member.value.firstNumber(where: condition) else { continue }
                return (".\(member.key)\(found.path)", found.value, found.number)
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                guard let found = element.firstNumber(where: condition) else { continue }
                return ("[\(index)]\(found.path)", found.value, found.number)
            }
        case .integer, .number:
            if let double, condition(double) { return ("", self, double) }
        case .null, .boolean, .string: break
        }
        return nil
    }
}
