/// How a group keeps a compressed sparse matrix, by its parts and attributes.
struct SparseGroup {
    /// N x D.
    let size: [Int]
    /// Whether the entries of an example lie beside each other, and not those of a feature.
    let isByRow: Bool
    /// The names of its parts: the values, the places of these, and where rows or columns begin.
    let parts: (values: String, indices: String, starts: String)
    /// What the user should know of how it is read.
    var note: String?
}

extension HDF5File {
    /// The sparse matrix that a group is in one of the forms that are known; nil for other groups.
    ///
    /// - AnnData: `encoding-type` csr_matrix or csc_matrix, and `shape`.
    /// - h5sparse: `h5sparse_format` csr or csc, and `h5sparse_shape`.
    /// - MATLAB 7.3: `MATLAB_sparse`, the number of rows; always by columns.
    /// - 10x Genomics: parts of the names that SciPy gives them, with `shape` features x barcodes and `barcodes`, by
    ///   barcodes, which are the examples.
    /// - The same parts without barcodes: `shape` N x D, by rows or by columns as the number of beginnings tells.
    /// - Parameter examplesAreLast: of MATLAB's, as of dense ones; nil or true where its rows count the examples.
    /// - Throws: an error if a group says that it is a sparse matrix, and is none.
    func sparseGroup(_ name: String, examplesAreLast: Bool?) throws(DataError) -> SparseGroup? {
        let attributes = try attributes(of: name)
        func damaged(_ problem: String) -> DataError { DataError(file: path, dataset: name, problem) }
        func checked(_ size: [Int]?, _ source: String) throws(DataError) -> [Int] {
            guard let size, size.count == 2, size.allSatisfy({ $0 > 0 && $0 <= 1 << 32 }),
                !size[0].multipliedReportingOverflow(by: size[1]).overflow
            else {
                throw damaged(
                    "It is a sparse matrix without a size in \(source): \(size.map { describe(shape: $0) } ?? "none"); expected "
                        + "two numbers from 1 to 2^32.")
            }
            return size
        }
        let parts = ("data", "indices", "indptr")
        if let encoding = attributes["encoding-type"]?.description,
            encoding == "csr_matrix" || encoding == "csc_matrix"
        {
            let size = try checked(integers(ofAttribute: "shape", of: name), "its attribute shape")
            return SparseGroup(size: size, isByRow: encoding == "csr_matrix", parts: parts)
        }
        if let format = attributes["h5sparse_format"]?.description {
            guard format == "csr" || format == "csc" else {
                throw damaged(
                    "It is a sparse matrix in the format \(format); expected csr or csc. Convert it: tocsr().")
            }
            let size = try checked(integers(ofAttribute: "h5sparse_shape", of: name), "its attribute h5sparse_shape")
            return SparseGroup(size: size, isByRow: format == "csr", parts: parts)
        }
        if let rows = attributes["MATLAB_sparse"] {
            return try matlabMatrix(name, rows, examplesAreLast: examplesAreLast, checked)
        }
        guard ["data", "indices", "indptr", "shape"].allSatisfy({ kind(of: "\(name)/\($0)") == "dataset" }) else {
            return nil
        }
        return try sciPyMatrix(name, checked)
    }

    private func matlabMatrix(
        _ name: String, _ rows: AttributeValue, examplesAreLast: Bool?,
        _ checked: ([Int]?, String) throws(DataError) -> [Int]
    ) throws(DataError) -> SparseGroup {
        guard kind(of: "\(name)/data") == "dataset", kind(of: "\(name)/ir") == "dataset" else {
            throw DataError(
                file: path, dataset: name,
                "It is a sparse matrix of MATLAB without an entry that is not 0. Name another.")
        }
        let columnCount = (try dataset("\(name)/jc").shape.first ?? 0) - 1
        let rowCount: Int? = if case .integer(let count) = rows { Int(count) } else { nil }
        let stored = try checked(rowCount.map { [$0, columnCount] }, "MATLAB_sparse and jc")
        let parts = ("data", "ir", "jc")
        // MATLAB has no vectors: 1 x N is N examples of one number.
        let columnsAreExamples = examplesAreLast == false || (examplesAreLast == nil && stored[0] == 1)
        guard columnsAreExamples else {
            return SparseGroup(
                size: stored, isByRow: false, parts: parts,
                note:
                    "'\(name)' is MATLAB's, whose rows, \(stored[0]), count the examples (examples \"first\" would "
                    + "take the columns)")
        }
        return SparseGroup(
            size: stored.reversed(), isByRow: true, parts: parts,
            note: "'\(name)' is MATLAB's, whose columns, \(stored[1]), count the examples")
    }

    private func sciPyMatrix(
        _ name: String, _ checked: ([Int]?, String) throws(DataError) -> [Int]
    ) throws(DataError) -> SparseGroup {
        let shape = try dataset("\(name)/shape")
        guard shape.shape == [2] else {
            throw shape.error("It is \(describe(shape: shape.shape)); expected 2 lengths.")
        }
        let size = try checked(shape.read(Double.self).map { Int(exactly: $0) ?? 0 }, "its part shape")
        let parts = ("data", "indices", "indptr")
        if kind(of: "\(name)/barcodes") == "dataset" {
            return SparseGroup(
                size: size.reversed(), isByRow: true, parts: parts,
                note: "'\(name)' is 10x Genomics', \(size[0]) features x \(size[1]) barcodes, which are the examples")
        }
        let startCount = try dataset("\(name)/indptr").shape.first ?? 0
        guard size[0] != size[1] else {
            throw DataError(
                file: path, dataset: name,
                "It is a sparse matrix of \(describe(shape: size)), which does not tell whether it is stored by rows "
                    + "or by columns. Give it the attributes h5sparse_format, csr or csc, and h5sparse_shape.")
        }
        return SparseGroup(size: size, isByRow: startCount == size[0] + 1, parts: parts)
    }
}
