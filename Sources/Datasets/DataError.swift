import Support

/// What is wrong with a data file or with what was asked of it, and what to do about it.
package struct DataError: UserError, Equatable {
    /// One or more sentences: the file and dataset, what was found, what was expected, the remedy.
    package let message: String
    /// Whether a file could not be written, rather than read.
    package let isOutput: Bool

    package init(_ message: String, isOutput: Bool = false) {
        self.message = message
        self.isOutput = isOutput
    }

    /// An error whose message begins with the file and, if one is given, the dataset.
    package init(file: String, dataset: String? = nil, _ problem: String, isOutput: Bool = false) {
        self.init(place(file: file, dataset: dataset) + ": " + problem, isOutput: isOutput)
    }

    package var exitStatus: ExitStatus { isOutput ? .cannotWrite : .badInput }
}

/// How messages name a file or a dataset of it.
func place(file: String, dataset: String? = nil) -> String {
    dataset.map { "\(file), dataset '\($0)'" } ?? file
}

/// A shape as messages and tables show it: `4000 x 28 x 28`.
package func describe(shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " x ")
}
