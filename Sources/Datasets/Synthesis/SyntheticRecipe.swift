import NeuralNetwork

/// What the targets of a synthetic problem are.
package enum SyntheticTargets: Equatable, Sendable {
    /// Labels 0, 1, ..., one a row.
    case classes(Int)
    /// Numbers, so many a row.
    case values(Int)

    /// The numbers that are stored for one row.
    var width: Int { if case .values(let count) = self { count } else { 1 } }
}

/// The target of one row.
package enum SyntheticTarget: Equatable, Sendable {
    case label(Int)
    case values([Double])
}

/// A synthetic problem: a distribution of inputs with their targets, of which rows are drawn.
///
/// Rows are independent of each other and of their number: each has a stream of random numbers of its own, so that a
/// larger file of the same options begins with the rows of a smaller one. What all rows share, such as the weights of a
/// teacher, is drawn when a recipe is made, from the stream of parameters.
package protocol SyntheticRecipe: Sendable {
    /// The name of the problem.
    static var kind: String { get }
    /// Raised when the same options give other rows than before.
    static var version: Int { get }
    /// D, the number of inputs of a row.
    var featureCount: Int { get }
    var targets: SyntheticTargets { get }
    /// The options that it was made with, by their names on the command line with underscores.
    var options: [(name: String, value: AttributeValue)] { get }
    /// What each feature is, where they differ.
    var columns: [String] { get }

    /// The row that a row repeats; mostly itself.
    func origin(of row: Int) -> Int
    /// Draws a row.
    ///
    /// - Parameters:
    ///   - row: its number in its split; classes alternate by it, so that they are equally frequent.
    ///   - stream: the random numbers of the row.
    ///   - inputs: D numbers, which are overwritten.
    func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget
}

extension SyntheticRecipe {
    package static var version: Int { 1 }
    package var columns: [String] { [] }
    package func origin(of row: Int) -> Int { row }
}

/// The streams of random numbers of a synthetic problem.
enum SyntheticStream {
    /// The numbers that all rows share.
    static func parameters(seed: UInt64) -> RandomStream { RandomStream(seed: seed, purpose: .recipe) }

    /// The numbers of one row; `split` is 1 for training, 2 for test, 3 for rows that are stored nowhere.
    static func row(_ row: Int, split: Int, seed: UInt64) -> RandomStream {
        RandomStream(seed: seed, purpose: .recipe, index: split, step: row)
    }
}

extension RandomStream {
    /// Returns independent standard normal values.
    mutating func normals(_ count: Int) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(count + 1)
        while values.count < count {
            let pair = nextNormalPair()
            values += [pair.0, pair.1]
        }
        return Array(values.prefix(count))
    }

    /// Adds independent normal values of mean 0 and standard deviation `scale` to `values`.
    mutating func addNormals(_ scale: Double, to values: inout [Double]) {
        var index = 0
        while index < values.count {
            let pair = nextNormalPair()
            values[index] += scale * pair.0
            if index + 1 < values.count { values[index + 1] += scale * pair.1 }
            index += 2
        }
    }
}
