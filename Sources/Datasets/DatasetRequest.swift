/// The values of a file that are asked for.
package struct DatasetRequest: Codable, Hashable, Sendable {
    /// Which rows.
    package enum Rows: Codable, Hashable, Sendable {
        /// From the first number to the one before the second, counted from 0.
        case range(Int, Int)
        /// The rows whose numbers a dataset of the file has, in its order, or that a dataset of booleans marks.
        case listed(in: String)
    }
    /// Which features of each row.
    package enum Columns: Codable, Hashable, Sendable {
        /// From the first number to the one before the second, counted from 0.
        case range(Int, Int)
        /// Of a matrix whose last column is the target: the inputs.
        case allButLast
        /// Of a matrix whose last column is the target: the targets.
        case last
    }

    /// The path of a dataset, or of a group that stands for a matrix or a column; with a `*` between slashes, of one
    /// dataset for each example.
    package var name: String
    /// nil for all.
    package var rows: Rows?
    /// nil for all.
    package var columns: Columns?
    /// Fields of a compound type, each of which gives features; empty for other types.
    package var fields: [String] = []
    /// Whether the last dimension counts the examples; nil where the file tells, as MATLAB's do.
    package var examplesAreLast: Bool?

    package init(
        name: String, rows: Rows? = nil, columns: Columns? = nil, fields: [String] = [], examplesAreLast: Bool? = nil
    ) {
        self.name = name
        self.rows = rows
        self.columns = columns
        self.fields = fields
        self.examplesAreLast = examplesAreLast
    }
}

extension DatasetRequest: ExpressibleByStringInterpolation {
    package init(stringLiteral name: String) { self.init(name: name) }
}

extension DatasetRequest.Columns {
    /// The features that are meant of so many.
    func checked(of count: Int, _ dataset: HDF5Dataset) throws(DataError) -> Range<Int> {
        switch self {
        case .allButLast where count > 1: return 0..<count - 1
        case .last: return count - 1..<count
        case .range(let first, let end) where first >= 0 && first < end && end <= count: return first..<end
        case .allButLast:
            throw dataset.error(
                "It has one column; where inputs and targets are one matrix it must have two or more, the last of "
                    + "which is the target.")
        case .range(let first, let end):
            throw dataset.error(
                "columns are [\(first), \(end)]; expected [from, to] with 0 <= from < to <= \(count), the number of "
                    + "its features.")
        }
    }
}
