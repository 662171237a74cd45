import Foundation
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
        let resolved = try resolve(tree, as: .config, path: "")
        try checkConsistency(of: resolved)
        try checkRange(of: resolved)
        return LoadedConfig(config: try Config(resolved), resolved: resolved, notes: notes)
    }
}

/// The keys whose values are paths, relative to the file that names them.
package let pathKeys = [["data", "file"], ["model", "initial_weights"], ["checkpoint", "directory"]]

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
    for keyPath in pathKeys {
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

/// Checks what single keys cannot show: settings that contradict each other.
private func checkConsistency(of config: JSON) throws(ConfigError) {
    let layers = config["model"]?["hidden"]?.array?.count ?? 0
    for key in ["activation", "normalization"] {
        guard let list = config["model"]?[key], let elements = list.array, elements.count != layers else { continue }
        throw ConfigError(
            at: list.position, path: "model.\(key)",
            "found a list of \(elements.count), but model.hidden has \(layers) layers; give one for all, or one per "
                + "hidden layer"
        )
    }
    if config["model"]?["normalize_logits"]?.boolean == true {
        let normalization = config["model"]?["normalization"]
        let last = normalization?.array.map { $0.last } ?? normalization
        if last == nil || last?["kind"]?.string == "none" {
            throw ConfigError(
                at: config["model"]?["normalize_logits"]?.position, path: "model.normalize_logits",
                "true, but model.normalization is \(last == nil ? "an empty list" : "of kind \"none\""); give the kind "
                    + "that the logits are to have"
            )
        }
    }
    if config["model"]?["weight_normalization"]?.string == "weight_norm",
        config["model"]?["initialization"]?["kind"]?.string == "zeros",
        config["model"]?["initial_weights"] == nil
    {
        throw ConfigError(
            at: config["model"]?["weight_normalization"]?.position, path: "model.weight_normalization",
            "found \"weight_norm\", which divides by the weights' norm, but model.initialization is of kind \"zeros\"; "
                + "choose another kind"
        )
    }
    for normalization in config["model"]?["normalization"]?.array
        ?? [config["model"]?["normalization"]].compactMap({ $0 })
    {
        for (flag, value, standard) in [("scale", "initial_gamma", 1.0), ("shift", "initial_beta", 0)]
        where normalization[flag]?.boolean == false && normalization[value]?.double != standard {
            throw ConfigError(
                at: normalization[value]?.position, path: "model.normalization.\(value)",
                "found \(normalization[value]?.found ?? ""), but \(flag) is false, which leaves it out; remove one of "
                    + "the two"
            )
        }
    }
    for normalization in config["model"]?["normalization"]?.array
        ?? [config["model"]?["normalization"]].compactMap({ $0 })
    {
        guard normalization["backward"].map({ $0.string != "closed_form" }) == true,
            normalization["subtract_mean"]?.boolean == false
        else { continue }
        throw ConfigError(
            at: normalization["backward"]?.position, path: "model.normalization.backward",
            "found \(normalization["backward"]?.found ?? ""), but subtract_mean is false; only closed_form works "
                + "without centering"
        )
    }
    let training = config["training"]
    switch (training?["steps"], training?["epochs"]) {
    case (nil, nil):
        throw ConfigError(
            at: training?.position, path: "training", "neither \"steps\" nor \"epochs\" is given; say how long to train"
        )
    case (let steps?, let epochs?):
        throw ConfigError(
            at: steps.position, path: "training",
            "both steps (\(steps.found)) and epochs (\(epochs.found)) are given; remove one, for instance with --set "
                + "training.epochs=null"
        )
    default: break
    }
    if let histograms = config["logging"]?["histograms"], let low = histograms["minimum"]?.double,
        let high = histograms["maximum"]?.double, low >= high
    {
        throw ConfigError(
            at: histograms.position, path: "logging.histograms",
            "found minimum \(low) and maximum \(high); the minimum must be below the maximum")
    }
    if let rule = training?["stop_when"] {
        let given = ["above", "below", "patience"].filter { rule[$0] != nil }
        guard given.count == 1 else {
            throw ConfigError(
                at: rule.position, path: "training.stop_when",
                "expected one of above, below and patience; found "
                    + "\(given.isEmpty ? "none" : given.joined(separator: " and "))"
            )
        }
    }
    if config["optimizer"]?["nesterov"]?.boolean == true, config["optimizer"]?["momentum"]?.double == 0 {
        throw ConfigError(
            at: config["optimizer"]?["nesterov"]?.position, path: "optimizer.nesterov",
            "true, but optimizer.momentum is 0; Nesterov's form needs a momentum above 0, such as 0.9")
    }
    if let threshold = config["data"]?["binarize_above"], let scaling = config["data"]?["scaling"],
        scaling.string != "none"
    {
        throw ConfigError(
            at: threshold.position, path: "data.binarize_above",
            "is given together with scaling \(scaling.found); binarized inputs are 0 or 1 already, so leave out one of "
                + "the two"
        )
    }
}
