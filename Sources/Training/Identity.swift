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

/// What makes two runs the same experiment: the resolved config without what cannot change results (name, tags, paths,
/// logging, checkpoint), the data, and the numerics version.
package func identity(ofResolved config: JSON, dataHash: String, initialWeightsHash: String? = nil) -> String {
    var config = config
    for key in ["name", "tags", "logging", "checkpoint"] { config[key] = nil }
    // Where rows are read from shows in the hash of the data.
    for path in (dataFilePaths + ["data.residency"]).map({ $0.split(separator: ".").map(String.init) }) {
        if config[path[...]] != nil { config[path[...]] = nil }
    }
    if config["model"]?["initial_weights"] != nil {
        config[["model", "initial_weights"][...]] = JSON(.string(initialWeightsHash ?? ""))
    }
    return SHA256.hexadecimal("\(numericsVersion)\n\(dataHash)\n\(config.canonicalText)")
}

extension RunPlan {
    /// - Parameter weightHashes: hashes of files with initial weights that are known already; one that is asked for is
    ///   added.
    package func identity(weightHashes: inout [String: String]) throws(DataError) -> String {
        if let file = config.model.initialWeights, weightHashes[file] == nil {
            weightHashes[file] = try hexadecimalSHA256(ofFile: file)
        }
        return Training.identity(
            ofResolved: resolved, dataHash: data.hash,
            initialWeightsHash: config.model.initialWeights.flatMap { weightHashes[$0] })
    }
}

extension JSON {
    /// Leaves by sorted path, one a line, so that the order of keys makes no difference.
    package var canonicalText: String {
        leaves().sorted { $0.path < $1.path }.map { "\($0.path)=\($0.value.text())" }.joined(separator: "\n")
    }
}
