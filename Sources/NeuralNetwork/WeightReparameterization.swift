/// How the weight W that multiplies the inputs is computed from the trained weight V, unit by unit.
///
/// V is D x H, with one column for each unit.
package enum WeightReparameterization: String, CaseIterable, Sendable {
    /// The trained weight multiplies the inputs: W = V.
    case none
    /// The direction and the length of each column are trained apart: W_j = g_j V_j / norm(V_j), with a trained gain g
    /// that starts at norm(V_j).
    ///
    /// Source: Salimans & Kingma 2016, equation 2.
    case weightNorm = "weight_norm"
    /// Each column is normalized: W_j = (V_j - mean(V_j)) (variance(V_j) + epsilon)^(-1/2), with the biased variance
    /// over the D inputs and epsilon 1e-5.
    ///
    /// Source: Qiao et al. 2019, "Micro-batch training with batch-channel normalization and weight standardization".
    case weightStandardization = "weight_standardization"

    static let epsilon = 1e-5
}
