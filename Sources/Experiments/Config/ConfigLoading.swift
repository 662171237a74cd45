import Foundation

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
    // Merging onto nothing drops keys that are null, as merging onto a base does.
    let written: JSON
    if let text = request.text { written = try JSONReader.read(text, source: request.path) } else { written = try readConfigFile(request.path, extendedBy: []) }
    var tree = JSON.emptyObject.merging(written)
    var notes: [String] = []
    for override in request.overrides { notes += try apply(override, to: &tree) }
    if let name = request.name { tree["name"] = JSON(.string(name), at: SourcePosition(source: "--name")) }
    if let seed = request.seed { tree["seed"] = JSON(.integer(seed), at: SourcePosition(source: "--seed")) }
    if !request.tags.isEmpty {
        let own = tree["tags"]?.array ?? []
        tree["tags"] = JSON(.array(own + request.tags.map { JSON(.string($0), at: SourcePosition(source: "--tag")) }), at: tree["tags"]?.position)
    }
    if tree["name"] == nil {
        let file = request.path == "-" ? "standard-input" : URL(fileURLWithPath: request.path).deletingPathExtension().lastPathComponent
        tree["name"] = JSON(.string(file))
    }
    let resolved = try resolve(tree, as: .config, path: "")
    try checkConsistency(of: resolved)
    try checkRange(of: resolved)
    return LoadedConfig(config: try Config(resolved), resolved: resolved, notes: notes)
}

/// The keys whose values are paths, relative to the file that names them.
let pathKeys = [["data", "file"], ["model", "initial_weights"], ["checkpoint", "directory"]]

/// A config file as a tree: merged into what it extends, its paths made relative to the working directory.
private func readConfigFile(_ path: String, extendedBy chain: [String]) throws(ConfigError) -> JSON {
    let source = path == "-" ? "standard input" : path
    // One file may be named in several ways.
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    if chain.contains(file) {
        throw ConfigError(at: SourcePosition(source: source), "extends itself: \((chain + [file]).joined(separator: " -> "))")
    }
    var tree = try JSONReader.read(try text(of: path), source: source)
    guard tree.members != nil else { throw ConfigError(at: tree.position, "found \(tree.found), expected a JSON object") }
    tree["$schema"] = nil
    tree["description"] = nil
    let directory = path == "-" ? "" : (path as NSString).deletingLastPathComponent
    func located(_ path: String) -> String {
        path.hasPrefix("/") || directory.isEmpty ? path : ((directory as NSString).appendingPathComponent(path) as NSString).standardizingPath
    }
    for keyPath in pathKeys {
        guard let value = tree[keyPath[...]], let path = value.string, !path.isEmpty else { continue }
        tree[keyPath[...]] = JSON(.string(located(path)), at: value.position)
    }
    guard let base = tree["extends"] else { return tree }
    guard let basePath = base.string else {
        throw ConfigError(at: base.position, path: "extends", "found \(base.found), expected a config file's path in double quotes")
    }
    tree["extends"] = nil
    do {
        return try readConfigFile(located(basePath), extendedBy: chain + [file]).merging(tree)
    } catch {
        throw base.position.map { position in ConfigError(at: nil, "\(error.message) (named by \"extends\" in \(position.description))") } ?? error
    }
}

private func text(of path: String) throws(ConfigError) -> String {
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
            isDirectory.boolValue ? "is a directory, expected a config file" : exists ? "cannot be read; check its permissions" : "no such config file")
    }
    guard let text = String(data: data, encoding: .utf8) else { throw ConfigError(at: position, "is not UTF-8 text; expected JSON") }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}

/// Applies one "key.path=VALUE" and returns notes on keys that it dropped.
private func apply(_ override: String, to tree: inout JSON) throws(ConfigError) -> [String] {
    let source = "--set \(override)"
    guard let separator = override.firstIndex(of: "="), separator > override.startIndex else {
        throw ConfigError(at: SourcePosition(source: source), "expected key.path=VALUE, such as optimizer.learning_rate=0.1")
    }
    let path = override[..<separator].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy({ !$0.isEmpty }) else {
        throw ConfigError(at: SourcePosition(source: source), "the key path has an empty part; expected key.path=VALUE")
    }
    let text = String(override[override.index(after: separator)...])
    var value: JSON
    do {
        value = try JSONReader.read(text, source: source)
    } catch {
        // A bare word is a string; what starts like a list, an object or a quoted string was meant as JSON.
        if text.isEmpty { throw ConfigError(at: SourcePosition(source: source), "the value is empty; expected key.path=VALUE, or null to remove the key") }
        if "[{\"".contains(text.prefix(1)) { throw error }
        value = JSON(.string(text))
    }
    value = value.placed(at: SourcePosition(source: "--set \(path.joined(separator: "."))"))
    for length in 1..<max(1, path.count) {
        if let parent = tree[path.prefix(length)], parent.members == nil {
            throw ConfigError(
                at: SourcePosition(source: source), path: path.prefix(length).joined(separator: "."),
                "is \(parent.found) in the config, not an object; set it as a whole")
        }
    }
    var notes: [String] = []
    if path.last == "kind", let name = value.string, case .kinds(let kinds)? = Shape.config.inside(path.dropLast()),
        let kind = kinds.first(where: { $0.name == name }), let siblings = tree[path.dropLast()]?.members
    {
        let known = ["kind"] + kind.keys.map(\.name)
        let dropped = siblings.filter { !known.contains($0.key) }.map(\.key)
        for key in dropped { tree[path.dropLast() + [key]] = nil }
        if !dropped.isEmpty {
            notes.append("\(source) drops \(dropped.joined(separator: ", ")), which kind \"\(name)\" does not have")
        }
    }
    if case .null = value.value { tree[path[...]] = nil } else { tree[path[...]] = value }
    return notes
}

extension JSON {
    /// The same value, every part of it at one position.
    fileprivate func placed(at position: SourcePosition) -> JSON {
        switch value {
        case .array(let elements): JSON(.array(elements.map { $0.placed(at: position) }), at: position)
        case .object(let members):
            JSON(.object(members.map { Member($0.key, $0.value.placed(at: position), at: position) }), at: position)
        default: JSON(value, at: position)
        }
    }
}

extension Shape {
    /// The shape at a dotted path, where an `either` counts as the alternative that is an object.
    func inside(_ path: ArraySlice<String>) -> Shape? {
        switch self {
        case .either(let first, let second): return first.inside(path) ?? second.inside(path)
        case .kinds, .object:
            guard let name = path.first else { return self }
            guard case .object(let keys) = self else { return nil }
            return keys.first { $0.name == name }?.shape.inside(path.dropFirst())
        default: return nil
        }
    }
}

/// Float32 must hold the network's numbers: not as infinity, and a positive one not as 0.
private func checkRange(of config: JSON) throws(ConfigError) {
    guard config["precision"]?.string == "float32" else { return }
    for section in ["model", "loss", "optimizer", "schedule"] {
        for leaf in config[section]?.leaves(under: section) ?? [] {
            guard let number = leaf.value.double, !Float(number).isFinite || (number != 0 && Float(number) == 0) else { continue }
            throw ConfigError(
                at: leaf.value.position, path: leaf.path,
                "found \(leaf.value.found), which float32 holds as \(Float(number)); choose another value, or precision \"float64\"")
        }
    }
}

/// Checks what single keys cannot show: settings that contradict each other.
private func checkConsistency(of config: JSON) throws(ConfigError) {
    let layers = config["model"]?["hidden"]?.array?.count ?? 0
    for key in ["activation", "normalization"] {
        guard let list = config["model"]?[key], let elements = list.array, elements.count != layers else { continue }
        throw ConfigError(
            at: list.position, path: "model.\(key)",
            "found a list of \(elements.count), but model.hidden has \(layers) layers; give one for all, or one per hidden layer")
    }
    if config["model"]?["normalize_logits"]?.boolean == true {
        let normalization = config["model"]?["normalization"]
        let last = normalization?.array.map { $0.last } ?? normalization
        if last == nil || last?["kind"]?.string == "none" {
            throw ConfigError(
                at: config["model"]?["normalize_logits"]?.position, path: "model.normalize_logits",
                "true, but model.normalization is \(last == nil ? "an empty list" : "of kind \"none\""); give the kind that the logits are to have")
        }
    }
    if config["model"]?["weight_normalization"]?.string == "weight_norm", config["model"]?["initialization"]?["kind"]?.string == "zeros",
        config["model"]?["initial_weights"] == nil
    {
        throw ConfigError(
            at: config["model"]?["weight_normalization"]?.position, path: "model.weight_normalization",
            "found \"weight_norm\", which divides by the weights' norm, but model.initialization is of kind \"zeros\"; choose another kind")
    }
    for normalization in config["model"]?["normalization"]?.array ?? [config["model"]?["normalization"]].compactMap({ $0 }) {
        for (flag, value, standard) in [("scale", "initial_gamma", 1.0), ("shift", "initial_beta", 0)]
        where normalization[flag]?.boolean == false && normalization[value]?.double != standard {
            throw ConfigError(
                at: normalization[value]?.position, path: "model.normalization.\(value)",
                "found \(normalization[value]?.found ?? ""), but \(flag) is false, which leaves it out; remove one of the two")
        }
    }
    for normalization in config["model"]?["normalization"]?.array ?? [config["model"]?["normalization"]].compactMap({ $0 }) {
        guard normalization["backward"].map({ $0.string != "closed_form" }) == true, normalization["subtract_mean"]?.boolean == false else { continue }
        throw ConfigError(
            at: normalization["backward"]?.position, path: "model.normalization.backward",
            "found \(normalization["backward"]?.found ?? ""), but subtract_mean is false; only closed_form works without centering")
    }
    let training = config["training"]
    switch (training?["steps"], training?["epochs"]) {
    case (nil, nil):
        throw ConfigError(at: training?.position, path: "training", "neither \"steps\" nor \"epochs\" is given; say how long to train")
    case (let steps?, let epochs?):
        throw ConfigError(
            at: steps.position, path: "training",
            "both steps (\(steps.found)) and epochs (\(epochs.found)) are given; remove one, for instance with --set training.epochs=null")
    default: break
    }
    if let histograms = config["logging"]?["histograms"], let low = histograms["minimum"]?.double, let high = histograms["maximum"]?.double, low >= high {
        throw ConfigError(
            at: histograms.position, path: "logging.histograms", "found minimum \(low) and maximum \(high); the minimum must be below the maximum")
    }
    if let rule = training?["stop_when"] {
        let given = ["above", "below", "patience"].filter { rule[$0] != nil }
        guard given.count == 1 else {
            throw ConfigError(
                at: rule.position, path: "training.stop_when",
                "expected one of above, below and patience; found \(given.isEmpty ? "none" : given.joined(separator: " and "))")
        }
    }
    if config["optimizer"]?["nesterov"]?.boolean == true, config["optimizer"]?["momentum"]?.double == 0 {
        throw ConfigError(
            at: config["optimizer"]?["nesterov"]?.position, path: "optimizer.nesterov",
            "true, but optimizer.momentum is 0; Nesterov's form needs a momentum above 0, such as 0.9")
    }
    if let threshold = config["data"]?["binarize_above"], let scaling = config["data"]?["scaling"], scaling.string != "none" {
        throw ConfigError(
            at: threshold.position, path: "data.binarize_above",
            "is given together with scaling \(scaling.found); binarized inputs are 0 or 1 already, so leave out one of the two")
    }
}
