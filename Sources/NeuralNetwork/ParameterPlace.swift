/// Where a parameter is in its network, and its shape: what an optimizer knows of it before training.
package struct ParameterPlace: Sendable {
    package let kind: ParameterKind
    /// The layer, from 0, of `layerCount`.
    package let layer: Int
    package let layerCount: Int
    /// D x H for a weight; 1 x H, or 1 x 1, for every other parameter.
    package let rows: Int
    package let columns: Int
}
