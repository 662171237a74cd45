import Datasets

/// Files of a single NumPy array each, whose roles the user says.
package struct NPYImport: Sendable {
    package var inputs: String
    package var targets: String?
    package var test: (inputs: String, targets: String?)?
    /// What is done about NaN; nil to refuse it.
    package var missing: TableOptions.MissingValues?

    package init(inputs: String, targets: String?, test: (inputs: String, targets: String?)?) {
        self.inputs = inputs
        self.targets = targets
        self.test = test
    }

    /// Writes the arrays to an HDF5 file.
    ///
    /// - Returns: what the user should know, a sentence each.
    package func write(_ options: ImportOptions, to output: String) throws(DataError) -> [String] {
        func pair(_ inputs: String, _ targets: String?) throws(DataError) -> ArrayPair {
            ArrayPair(
                inputs: try StoredArray(npyFile: inputs),
                targets: try targets.map { path throws(DataError) in try StoredArray(npyFile: path) })
        }
        var maker = ArraySplits(missing: missing, beside: output)
        let splits = try maker.make(
            train: try pair(inputs, targets),
            test: try test.map { test throws(DataError) in try pair(test.inputs, test.targets) })
        let sources = [inputs, targets, test?.inputs, test?.targets].compactMap { $0 }
        return maker.notes + (try Importers.write(splits, options, from: sources, format: "npy", to: output))
    }
}

/// A file of several arrays with names.
package struct ArchiveImport: Sendable {
    package enum Format: String, Sendable { case npz, mat }
    package var format: Format
    package var path: String
    package var names: ArrayNames
    /// Which dimension of the inputs of a MATLAB file counts the examples; nil to decide by the number of targets.
    package var examples: ExampleDimension?
    /// What is done about NaN; nil to refuse it.
    package var missing: TableOptions.MissingValues?

    package init(_ format: Format, path: String, names: ArrayNames) {
        self.format = format
        self.path = path
        self.names = names
    }

    /// Writes the arrays that are inputs and targets to an HDF5 file.
    ///
    /// - Returns: what the user should know, a sentence each.
    package func write(_ options: ImportOptions, to output: String) throws(DataError) -> [String] {
        let arrays =
            switch format {
            case .npz: try npzArrays(path, beside: output)
            case .mat: try MATFile(path: path).arrays(beside: output)
            }
        let roles = try ArrayRoles(names, of: arrays, file: path)
        var maker = ArraySplits(
            examplesMayBeLast: format == .mat, examples: examples, missing: missing, beside: output)
        let splits = try maker.make(train: roles.train, test: roles.test)
        return roles.notes + maker.notes
            + (try Importers.write(splits, options, from: [path], format: format.rawValue, to: output))
    }
}
