import Crypto
import Datasets
import Foundation

/// Raised only when a change of bnexp changes results.
package let numericsVersion = 1

/// The version of bnexp, as `run.version` holds it.
package let productVersion = "0.1.0"

/// SHA-256 of a text's UTF-8, in hexadecimal.
func hexadecimalSHA256(_ text: String) -> String {
    hexadecimal(SHA256.hash(data: Data(text.utf8)))
}

/// SHA-256 of a file's bytes, in hexadecimal.
func hexadecimalSHA256(ofFile path: String) throws(DataError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw DataError(file: path, "There is no such file, or it cannot be read.")
    }
    return hexadecimal(SHA256.hash(data: data))
}

private func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

/// What makes two runs the same experiment: the resolved config without what cannot change results (name, tags, paths,
/// logging, checkpoint), the data, and the numerics version.
package func identity(ofResolved config: JSON, dataHash: String, initialWeightsHash: String? = nil) -> String {
    var config = config
    for key in ["name", "tags", "logging", "checkpoint"] { config[key] = nil }
    config[["data", "file"][...]] = nil
    if config["model"]?["initial_weights"] != nil {
        config[["model", "initial_weights"][...]] = JSON(.string(initialWeightsHash ?? ""))
    }
    return hexadecimalSHA256("\(numericsVersion)\n\(dataHash)\n\(config.canonicalText)")
}

extension RunPlan {
    /// - Parameter weightHashes: hashes of files with initial weights that are known already; one that is asked for is
    ///   added.
    func identity(weightHashes: inout [String: String]) throws(DataError) -> String {
        if let file = config.model.initialWeights, weightHashes[file] == nil {
            weightHashes[file] = try hexadecimalSHA256(ofFile: file)
        }
        return Experiments.identity(
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
