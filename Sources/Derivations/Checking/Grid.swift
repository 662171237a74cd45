/// An array of float64 with rows and columns, and the arithmetic of NumPy: an operand of one row, of one column or of
/// one element is repeated along the other operand.
///
/// The mathematics of `bnexp check` is written in it, formula by formula as in docs/batch-norm-gradient.md; speed is of
/// no concern there. X is N x D, a value of each column (mean, gamma, ...) is 1 x D, one of each row N x 1, a number 1
/// x 1.
package struct Grid: Equatable, Sendable {
    package let rows: Int
    package let columns: Int
    package var values: [Double]

    package init(rows: Int, columns: Int, _ values: [Double]) {
        precondition(values.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    package init(_ number: Double) { self.init(rows: 1, columns: 1, [number]) }

    init(rows: Int, columns: Int, repeating number: Double = 0) {
        self.init(rows: rows, columns: columns, Array(repeating: number, count: rows * columns))
    }

    package subscript(_ i: Int, _ j: Int) -> Double {
        get { values[i * columns + j] }
        set { values[i * columns + j] = newValue }
    }

    /// The first element, which is all of a number.
    var number: Double { values.first ?? .nan }

    func hasShape(of other: Grid) -> Bool { rows == other.rows && columns == other.columns }

    /// Whether the two can be combined element by element.
    func repeats(along other: Grid) -> Bool {
        (rows == other.rows || rows == 1 || other.rows == 1)
            && (columns == other.columns || columns == 1 || other.columns == 1)
    }

    /// An array of the same shape.
    func filled(with number: Double) -> Grid { Grid(rows: rows, columns: columns, repeating: number) }

    func map(_ transform: (Double) -> Double) -> Grid { Grid(rows: rows, columns: columns, values.map(transform)) }

    /// Combines two arrays element by element.
    func combined(with other: Grid, _ combine: (Double, Double) -> Double) -> Grid {
        precondition(repeats(along: other))
        var result = Grid(rows: max(rows, other.rows), columns: max(columns, other.columns))
        for i in 0..<result.rows {
            let mine = rows == 1 ? 0 : i, its = other.rows == 1 ? 0 : i
            for j in 0..<result.columns {
                result[i, j] = combine(self[mine, columns == 1 ? 0 : j], other[its, other.columns == 1 ? 0 : j])
            }
        }
        return result
    }

    static func + (a: Grid, b: Grid) -> Grid { a.combined(with: b, +) }
    static func - (a: Grid, b: Grid) -> Grid { a.combined(with: b, -) }
    static func * (a: Grid, b: Grid) -> Grid { a.combined(with: b, *) }
    static func / (a: Grid, b: Grid) -> Grid { a.combined(with: b, /) }
    static prefix func - (a: Grid) -> Grid { a.map(-) }

    var squared: Grid { map { $0 * $0 } }
    var root: Grid { map { $0.squareRoot() } }
    var isPositive: Grid { map { $0 > 0 ? 1 : 0 } }

    /// Along which elements are summed, as NumPy's axis: 0 over the rows, 1 over the columns, or over all.
    package enum Axis: Sendable {
        case rows, columns, all

        /// The other one of rows and columns.
        var other: Axis { self == .rows ? .columns : .rows }
    }

    func sum(over axis: Axis) -> Grid { reduced(over: axis, 0, +) }
    func largest(over axis: Axis) -> Grid { reduced(over: axis, -.infinity) { $0 < $1 || $1.isNaN ? $1 : $0 } }

    /// How many elements one sum over the axis has.
    func count(over axis: Axis) -> Double {
        switch axis {
        case .rows: Double(rows)
        case .columns: Double(columns)
        case .all: Double(values.count)
        }
    }

    func mean(over axis: Axis) -> Grid { sum(over: axis) / Grid(count(over: axis)) }

    private func reduced(over axis: Axis, _ start: Double, _ combine: (Double, Double) -> Double) -> Grid {
        var result = Grid(
            rows: axis == .columns ? rows : 1, columns: axis == .rows ? columns : 1, repeating: start)
        for i in 0..<rows {
            for j in 0..<columns {
                let row = axis == .columns ? i : 0, column = axis == .rows ? j : 0
                result[row, column] = combine(result[row, column], self[i, j])
            }
        }
        return result
    }

    var transposed: Grid {
        var result = Grid(rows: columns, columns: rows)
        for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
        return result
    }

    func row(_ i: Int) -> Grid { Grid(rows: 1, columns: columns, Array(values[i * columns..<(i + 1) * columns])) }

    /// The matrix product.
    func times(_ other: Grid) -> Grid {
        precondition(columns == other.rows)
        var result = Grid(rows: rows, columns: other.columns)
        for i in 0..<rows {
            for k in 0..<columns {
                let factor = self[i, k]
                for j in 0..<other.columns { result[i, j] += factor * other[k, j] }
            }
        }
        return result
    }
}

extension Grid: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    package init(floatLiteral number: Double) { self.init(number) }
    package init(integerLiteral number: Int) { self.init(Double(number)) }
}
