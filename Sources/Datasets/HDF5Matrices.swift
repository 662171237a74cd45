import NeuralNetwork

extension HDF5Writer {
    /// Writes a matrix as a dataset of its shape, or as a vector if `isVector` says that its single row is one.
    package func write<S: Scalar>(_ matrix: Matrix<S>, to name: String, isVector: Bool = false) throws(DataError) {
        precondition(!isVector || matrix.rows == 1, "a vector has one row, not \(matrix.rows)")
        let shape = isVector ? [matrix.columns] : [matrix.rows, matrix.columns]
        if let matrix = matrix as? Matrix<Float> {
            try write(UnsafeBufferPointer(matrix.elements), shape: shape, to: name)
        } else if let matrix = matrix as? Matrix<Double> {
            try write(UnsafeBufferPointer(matrix.elements), shape: shape, to: name)
        } else {
            preconditionFailure("\(S.self) has no HDF5 type")
        }
    }
}

extension HDF5File {
    /// Fills `matrix` from a dataset of its shape (a vector counts as one row), converted to its precision.
    ///
    /// - Parameter progress: called before each block of rows.
    package func read<S: Scalar>(
        _ name: String, into matrix: Matrix<S>, progress: () -> Void = {}
    ) throws(DataError) {
        let dataset = try dataset(name)
        let shape = [matrix.rows, matrix.columns]
        guard dataset.shape == shape || (matrix.rows == 1 && dataset.shape == [matrix.columns]) else {
            throw dataset.error(
                "It is \(describe(shape: dataset.shape)); expected \(describe(shape: shape)), as the network has it.")
        }
        if let matrix = matrix as? Matrix<Float> {
            try dataset.read(into: matrix.elements, progress: progress)
        } else if let matrix = matrix as? Matrix<Double> {
            try dataset.read(into: matrix.elements, progress: progress)
        } else {
            preconditionFailure("\(S.self) has no HDF5 type")
        }
    }
}
