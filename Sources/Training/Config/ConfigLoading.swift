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
    package var name: String?
    package var seed: Int?
    package var tags: [String] = []

    package init(path: String) { self.path = path }
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

/// A config as it was written: merged and overridden, not yet checked.
package struct ConfigDraft: Sendable {
    package private(set) var tree: JSON
    package private(set) var notes: [String] = []

    package init(_ request: ConfigRequest) throws(ConfigError) {
        // Merging onto nothing drops keys that are null, as merging onto a base does.
        let written: JSON
        if let text = request.text {
            written = try JSONReader.read(text, source: request.path)
        } else {
            written = try readConfigFile(request.path, extendedBy: [])
        }
        tree = JSON.emptyObject.merging(written)
        for override in request.overrides { try apply(ConfigOverride(override)) }
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
    package func completed() throws(ConfigError) -> LoadedConfig {
        let (config, resolved) = try Form<Config>.read(tree)
        try checkRange(of: resolved)
        return LoadedConfig(config: config, resolved: resolved, notes: notes)
    }
}

/// A config file as a tree: merged into what it extends, its paths made relative to the working directory.
private func readConfigFile(_ path: String, extendedBy chain: [String]) throws(ConfigError) -> JSON {
    let source = path == "-" ? "standard input" : path
    // One file may be named in several ways.
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    if chain.contains(file) {
        throw ConfigError(
            at: SourcePosition(source: source), "extends itself: \((chain + [file]).joined(separator: " -> "))")
    }
    var tree = try JSONReader.read(try text(of: path), source: source)
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
    guard let base = tree["extends"] else { return tree }
    guard let basePath = base.string else {
        throw ConfigError(
            at: base.position, path: "extends", "found \(base.found), expected a config file's path in double quotes")
    }
    tree["extends"] = nil
    do {
        return try readConfigFile(located(basePath, namedBy: path), extendedBy: chain + [file]).merging(tree)
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

/// The text of a file, or of standard input.
package func text(of path: String) throws(ConfigError) -> String {
    let position = SourcePosition(source: path == "-" ? "standard input" : path)
    let data: Data
    do {
        // Read as a stream, for it may be a pipe.
        let file = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        data = try file.readToEnd() ?? Data()
    } catch {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        throw ConfigError(
            at: position,
            isDirectory.boolValue
                ? "is a directory, expected a config file"
                : exists ? "cannot be read; check its permissions" : "no such config file")
    }
    guard let text = String(data: data, encoding: .utf8) else {
        throw ConfigError(at: position, "is not UTF-8 text; expected JSON")
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}

/// Float32 must hold the network's numbers: not as infinity, and a positive one not as 0.
private func checkRange(of config: JSON) throws(ConfigError) {
    guard config["precision"]?.string == "float32" else { return }
    for section in ["model", "loss", "optimizer", "schedule"] {
        for leaf in config[section]?.leaves(under: section) ?? [] {
            guard let number = leaf.value.double, !Float(number).isFinite || (number != 0 && Float(number) == 0) else {
                continue
            }
            throw ConfigError(
                at: leaf.value.position, path: leaf.path,
                "found \(leaf.value.found), which float32 holds as \(Float(number)); choose another value, or "
                    + "precision \"float64\""
            )
        }
    }
}
