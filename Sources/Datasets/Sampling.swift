/// How the rows of a batch are drawn from the training rows; the raw values are those of the config key
/// `data.sampling`.
package enum Sampling: String, CaseIterable, Codable, Sendable {
    case withoutReplacement = "without_replacement"
    case withReplacement = "with_replacement"
}
