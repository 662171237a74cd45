import NeuralNetwork

/// An array as a file has it: its shape, its numbers and the type that they are stored as.
package struct ShapedArray: Equatable, Sendable {
    package let shape: [Int]
    package let values: [Double]
    /// The name that NumPy gives to the type.
    package let type: String

    package init(shape: [Int], values: [Double], type: String = "float64") {
        precondition(values.count == shape.reduce(1, *))
        self.shape = shape
        self.values = values
        self.type = type
    }

    package var isInteger: Bool { type.hasPrefix("int") || type.hasPrefix("uint") || type == "bool" }
}

/// The arrays of a cell of the course's notebooks, drawn in the cell's order after `numpy.random.seed(seed)`.
struct NotebookArrays {
    private(set) var arrays: [(name: String, array: ShapedArray)] = []
    private var stream: NumpyLegacyStream

    init(seed: UInt32) { stream = NumpyLegacyStream(seed: seed) }

    /// `numpy.random.randn(*shape)`, not kept.
    mutating func drawn(_ shape: [Int]) -> Grid {
        Grid(folding: stream.normals(shape.reduce(1, *)), shape: shape)
    }

    /// `factor * numpy.random.randn(*shape) + summand`.
    mutating func normal(_ name: String, _ shape: [Int], times factor: Double = 1, plus summand: Double = 0) {
        let values = stream.normals(shape.reduce(1, *)).map { factor * $0 + summand }
        arrays.append((name, ShapedArray(shape: shape, values: values)))
    }

    /// `numpy.random.randint(bound, size=count)`.
    mutating func classes(_ name: String, _ count: Int, below bound: Int) {
        let values = (0..<count).map { _ in Double(stream.nextIndex(below: bound)) }
        arrays.append((name, ShapedArray(shape: [count], values: values, type: "int64")))
    }

    /// `numpy.linspace(first, last, count).reshape(shape)`.
    mutating func linear(_ name: String, _ shape: [Int], from first: Double, to last: Double) {
        let count = shape.reduce(1, *), step = (last - first) / Double(count - 1)
        let values = (0..<count).map { $0 == count - 1 ? last : Double($0) * step + first }
        arrays.append((name, ShapedArray(shape: shape, values: values)))
    }

    mutating func set(_ name: String, _ shape: [Int], _ grid: Grid, isInteger: Bool = false) {
        arrays.append((name, ShapedArray(shape: shape, values: grid.values, type: isInteger ? "int64" : "float64")))
    }
}

extension Grid {
    /// An array of any number of dimensions with all but the first folded into the columns.
    init(folding values: [Double], shape: [Int]) {
        let rows = shape.first ?? 1
        self.init(rows: rows, columns: rows == 0 ? 0 : values.count / rows, values)
    }
}

extension CheckedOperation {
    /// The arrays that a student begins with, those of the notebook's cell if the seed is the notebook's, 231.
    package func startingArrays(seed: UInt32) -> [(name: String, array: ShapedArray)] {
        var arrays = NotebookArrays(seed: seed)
        template(&arrays)
        return arrays.arrays
    }
}
