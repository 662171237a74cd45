import Foundation
import Keys
import Support

/// Blocks of hidden layers with skip connections around them: the key `model.residual`.
///
/// The first hidden layer is the blocks' input; every `every` layers behind it are a block. Where the last layer of a
/// block has h = X W + b, the sum s = x + factor h takes its place before normalization and activation; see `Placement`
/// for x. docs/architecture.md has the equations. Sources: He et al. 2016, "Deep residual learning for image
/// recognition" and "Identity mappings in deep residual networks".
package struct ResidualBlocks: Keyed, Equatable {
    /// What the skip connection carries, which decides whether normalization and activation stand in the branch.
    package enum Placement: String, CaseIterable, Sendable {
        /// The sum s of the block before (or h of the first layer): each layer of a branch normalizes and activates
        /// what it then multiplies, and nothing but sums is done on the way from block to block.
        case pre
        /// The output of the block before: what is normalized and activated is the sum.
        case post
    }
    package var every: Int
    package var factor: Double
    package var trainsFactor: Bool
    package var placement: Placement
    package var isFixup: Bool

    package init(
        every: Int, factor: Double = 1, trainsFactor: Bool = false, placement: Placement = .pre, isFixup: Bool = false
    ) {
        self.every = every
        self.factor = factor
        self.trainsFactor = trainsFactor
        self.placement = placement
        self.isFixup = isFixup
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        every = try keys(
            "every", .integer(1...10_000), 2, "Hidden layers of a block; the first hidden layer is the blocks' input.")
        factor = try keys("factor", .number(.any), 1.0, "What multiplies every branch; at the start, if it is trained.")
        trainsFactor = try keys(
            "train_factor", .boolean, false,
            "Whether every block trains its factor; `factor` 0 is then SkipInit (De & Smith 2020).")
        placement = try keys(
            "placement", .choice, "pre",
            "`pre`: normalization and activation before the weights of a branch; `post`: behind the sum.")
        isFixup = try keys(
            "fixup", .boolean, false, "Whether weights start as Fixup has them (Zhang, Dauphin & Ma 2019).")
    }

    /// What is wrong with blocks of these hidden layers, if something is.
    package func problem(hidden: [Int]) -> (key: String, message: String)? {
        let behind = hidden.count - 1, fitting = max(1, behind / every) * every + 1
        guard behind > 0, behind % every == 0 else {
            return (
                "residual.every",
                "found \(every), but model.hidden has \(counted(hidden.count, "layer")): one for the blocks' input and "
                    + "\(max(0, behind)) for blocks of \(every); give \(fitting) layers or \(fitting + every)"
            )
        }
        for end in stride(from: every, through: behind, by: every) where hidden[end] != hidden[end - every] {
            return (
                "hidden",
                "layer \(end), which ends a residual block, has \(hidden[end]) units and layer \(end - every), from "
                    + "which the skip connection comes, \(hidden[end - every]); give them one width, whose sum is taken"
            )
        }
        return nil
    }

    /// The skip connection that ends in a layer; nil where it ends no block.
    package func skip(endingIn layer: Int, hiddenCount: Int) -> SkipConnection? {
        guard layer > 0, layer < hiddenCount, layer % every == 0 else { return nil }
        return SkipConnection(
            source: layer - every, placement: placement, factor: factor, trainsFactor: trainsFactor)
    }

    /// What multiplies the weights that a layer would otherwise start with.
    ///
    /// Fixup's rules 1 and 2: 0 in the output layer and the last layer of each block, L^(-1/(2m - 2)) in the other
    /// layers of L blocks of m layers. Source: Zhang, Dauphin & Ma 2019, "Fixup initialization", section 3.
    package func initialScale(ofLayer layer: Int, hiddenCount: Int) -> Double {
        guard isFixup, layer > 0 else { return 1 }
        guard layer < hiddenCount, layer % every != 0 else { return 0 }
        return pow(Double((hiddenCount - 1) / every), -1 / Double(2 * every - 2))
    }
}

/// A skip connection from one layer to the layer that ends its block.
package struct SkipConnection: Equatable, Sendable {
    /// The layer that x comes from.
    package var source: Int
    package var placement: ResidualBlocks.Placement
    /// The factor of the branch; what it starts at where it is trained.
    package var factor: Double
    package var trainsFactor: Bool

    package init(source: Int, placement: ResidualBlocks.Placement, factor: Double = 1, trainsFactor: Bool = false) {
        self.source = source
        self.placement = placement
        self.factor = factor
        self.trainsFactor = trainsFactor
    }
}
