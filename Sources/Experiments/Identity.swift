import Crypto
import Foundation

/// Raised only when a change of bnexp changes results.
package let numericsVersion = 1

/// The version of bnexp, as `run.version` holds it.
package let productVersion = "0.1.0"

/// SHA-256 of a text's UTF-8, in hexadecimal.
func hexadecimalSHA256(_ text: String) -> String {
    SHA256.hash(data: Data(text.utf8)).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
}

/// What makes two runs the same experiment: the resolved config without what cannot change results (name, tags, paths, logging,
/// checkpoint), the data, and the numerics version.
package func identity(ofResolved config: JSON, dataHash: String) -> String {
    var config = config
    for key in ["name", "tags", "logging", "checkpoint"] { config[key] = nil }
    config[["data", "file"][...]] = nil
    return hexadecimalSHA256("\(numericsVersion)\n\(dataHash)\n\(config.canonicalText)")
}

extension JSON {
    /// Leaves by sorted path, one a line, so that the order of keys makes no difference.
    package var canonicalText: String {
        leaves().sorted { $0.path < $1.path }.map { "\($0.path)=\($0.value.text())" }.joined(separator: "\n")
    }
}
