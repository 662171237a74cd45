import NeuralNetwork

/// Columns and rows that are hard on batch normalization, for exercises; `columns` says what each is.
///
/// Column 0 alone tells the two classes apart, x_0 = +-1 + z / 2 with z ~ N(0, 1), so that at best 97.7 % of the rows
/// can be classified. Every eighth row repeats the row before it, with its label.
///
/// Source: what epsilon and two passes guard against, the division by a variance near 0 and the cancellation in
/// E[x^2] - E[x]^2; Ioffe & Szegedy 2015, algorithm 1, and Chan, Golub & LeVeque, "Algorithms for computing the sample
/// variance", American Statistician 37, 1983.
package struct Degenerate: SyntheticRecipe {
    package static let kind = "degenerate"

    package init() {}

    package var featureCount: Int { columns.count }
    package var targets: SyntheticTargets { .classes(2) }
    package var options: [(name: String, value: AttributeValue)] { [] }
    package let columns = [
        "the class: -1 or +1, plus z / 2",
        "constant 0: variance 0, and only epsilon in the denominator",
        "constant 1000: its mean square less its squared mean cancels all digits",
        "1 + 1e-6 z: equal up to 1e-6, a variance far below epsilon, in float32's steps of 1.2e-7",
        "10000 + z: an ordinary spread on a large mean",
        "z, and 1e6 in the rows 500, 1500, 2500, ...: one huge outlier, which sets the variance of its batch",
        "1 in every two-hundredth row, else 0: a single value in most batches",
        "column 0 again: perfectly correlated with it",
        "1e-20 z: its squares are below the smallest normal float32",
        "1e18 z: the sum of its squares over a batch comes near the largest float32",
    ]

    package func origin(of row: Int) -> Int { row % 8 == 7 ? row - 1 : row }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        // In turn, and the other way round in every second eight, since one of each eight is repeated.
        let label = (row + row / 8) % 2, z = stream.normals(6)
        let signal = Double(2 * label - 1) + z[0] / 2
        inputs = [
            signal, 0, 1000, 1 + 1e-6 * z[1], 10_000 + z[2], row % 1000 == 500 ? 1e6 : z[3], row % 200 == 50 ? 1 : 0,
            signal, 1e-20 * z[4], 1e18 * z[5],
        ]
        return .label(label)
    }
}
