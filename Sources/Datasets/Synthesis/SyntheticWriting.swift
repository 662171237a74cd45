import NeuralNetwork
import Support

/// The rows of one split of a synthetic problem.
package struct SyntheticSplit: Sendable {
    /// N x D.
    package var inputs: [Float] = []
    /// N; empty where targets are values.
    package var labels: [Int32] = []
    /// N x K; empty where targets are classes.
    package var values: [Float] = []

    /// Draws the first `rows` rows.
    /// - Parameter split: the number of the split in the streams of random numbers: 1 for training, 2 for test.
    package init(_ recipe: some SyntheticRecipe, rows: Int, split: Int, seed: UInt64) {
        var row = [Double](repeating: 0, count: recipe.featureCount)
        inputs.reserveCapacity(rows * recipe.featureCount)
        for index in 0..<rows {
            let origin = recipe.origin(of: index)
            var stream = SyntheticStream.row(origin, split: split, seed: seed)
            let target = recipe.draw(row: origin, &stream, into: &row)
            inputs += row.lazy.map { Float($0) }
            switch target {
            case .label(let label): labels.append(Int32(label))
            case .values(let numbers): values += numbers.lazy.map { Float($0) }
            }
        }
    }
}

/// The rows that a synthetic file is to have.
package struct SyntheticSize: Sendable {
    package let rows: Int
    /// 0 for a file without a test split.
    package let testRows: Int

    package init(rows: Int, testRows: Int) { (self.rows, self.testRows) = (rows, testRows) }

    /// The bytes that drawing and writing need: the numbers themselves, the file that is built of them in memory, and
    /// the copy of it that goes to the disk.
    ///
    /// - Returns: nil if that is more than this process may use.
    package func byteCount(of recipe: some SyntheticRecipe) -> Int? {
        let (rowCount, hasOverflow) = rows.addingReportingOverflow(testRows)
        guard !hasOverflow else { return nil }
        let width = recipe.featureCount + recipe.targets.width
        return elementCount(of: [rowCount, width, 3], bytesEach: 4).map { $0 * 4 }
    }
}

/// Draws a synthetic problem and writes it to an HDF5 file, which the same options give the same bytes.
///
/// The datasets are `train/inputs` (N x D, float32) and `train/targets` (N, int32, or N x K, float32), and those of
/// `test`, if it has rows. Attributes of the file have the kind, its version, the seed, the numbers of rows and every
/// option; those of the inputs say what each column is, where columns differ.
/// - Throws: an error if the file cannot be written.
package func write(
    _ recipe: some SyntheticRecipe, _ size: SyntheticSize, seed: UInt64, toHDF5 path: String
) throws(DataError) {
    let writer = try HDF5Writer(path: path)
    for (name, number, rows) in [("train", 1, size.rows), ("test", 2, size.testRows)] where rows > 0 {
        let data = SyntheticSplit(recipe, rows: rows, split: number, seed: seed)
        try writer.write(data.inputs, shape: [rows, recipe.featureCount], to: "\(name)/inputs")
        switch recipe.targets {
        case .classes: try writer.write(data.labels, shape: [rows], to: "\(name)/targets")
        case .values(let count): try writer.write(data.values, shape: [rows, count], to: "\(name)/targets")
        }
        for (column, text) in recipe.columns.enumerated() {
            try writer.setAttribute("column_\(column)", .string(text), of: "\(name)/inputs")
        }
    }
    let fixed: [(name: String, value: AttributeValue)] = [
        ("kind", .string(type(of: recipe).kind)), ("recipe_version", .integer(Int64(type(of: recipe).version))),
        ("seed", .integer(Int64(bitPattern: seed))), ("rows", .integer(Int64(size.rows))),
        ("test_rows", .integer(Int64(size.testRows))),
    ]
    for (name, value) in fixed + recipe.options { try writer.setAttribute(name, value) }
    try writer.finish()
}
