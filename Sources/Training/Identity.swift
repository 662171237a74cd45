import Datasets
import Foundation
import RunStore
import Support

/// Raised only when a change of bnexp changes results.
package let numericsVersion = 1

/// The version of bnexp, as `run.version` holds it.
package let productVersion = "1.0.0-rc.1"

/// Returns the SHA-256 of a file's bytes, in hexadecimal.
func hexadecimalSHA256(ofFile path: String) throws(DataError) -> String {
    SHA256.hexadecimal(try contents(ofFile: path))
}

/// What identities of many runs have in common, so that it is computed once: hashes of files with initial weights, and
/// the texts of the parts of configs.
package final class IdentityCache {
    fileprivate var weightHashes: [String: String] = [:]
    private var texts: [JSON.Member: String] = [:]
    private static let limit = 4096

    package init() {}

    /// Returns the config as `canonicalText` has it.
    ///
    /// That is in the order of the outermost keys, none of which is the beginning of another.
    fileprivate func canonicalText(of config: JSON) -> String {
        (config.members ?? []).sorted { $0.key < $1.key }.map { member in
            guard member.value.members != nil else { return member.canonicalText }
            if let known = texts[member] { return known }
            if texts.count >= IdentityCache.limit { texts = [:] }
            let text = member.canonicalText
            texts[member] = text
            return text
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

/// What makes two runs the same experiment: the resolved config without what cannot change results (name, tags, paths,
/// logging, checkpoint), the data, and the numerics version.
package func identity(
    ofResolved config: JSON, dataHash: String, initialWeightsHash: String? = nil, cache: IdentityCache = IdentityCache()
) -> String {
    var config = config
    for key in ["name", "tags", "logging", "checkpoint"] { config[key] = nil }
    // Where rows are read from shows in the hash of the data.
    for path in (dataFilePaths + ["data.residency"]).map({ $0.split(separator: ".").map(String.init) }) {
        if config[path[...]] != nil { config[path[...]] = nil }
    }
    if config["model"]?["initial_weights"] != nil {
        config[["model", "initial_weights"][...]] = JSON(.string(initialWeightsHash ?? ""))
    }
    return SHA256.hexadecimal("\(numericsVersion)\n\(dataHash)\n\(cache.canonicalText(of: config))")
}

extension RunPlan {
    /// - Parameter cache: of other runs; what is new is added.
    package func identity(cache: IdentityCache = IdentityCache()) throws(DataError) -> String {
        if let file = config.model.initialWeights, cache.weightHashes[file] == nil {
            cache.weightHashes[file] = try hexadecimalSHA256(ofFile: file)
        }
        return Training.identity(
            ofResolved: resolved, dataHash: data.hash,
            initialWeightsHash: config.model.initialWeights.flatMap { cache.weightHashes[$0] }, cache: cache)
    }
}

extension JSON {
    /// Leaves by sorted path, one a line, so that the order of keys makes no difference.
    package var canonicalText: String {
        leaves().sorted { $0.path < $1.path }.map { "\($0.path)=\($0.value.text())" }.joined(separator: "\n")
    }
}

extension JSON.Member {
    fileprivate var canonicalText: String { JSON(.object([self])).canonicalText }
}
