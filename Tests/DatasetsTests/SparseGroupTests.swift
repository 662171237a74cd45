import Datasets
import Foundation
import TestSupport
import Testing

/// Sparse matrices and cell arrays in the forms of other tools: `Fixtures/sparse.h5`, made by `make_sparse.py`.
@Suite struct SparseGroupTests {
    private let file = fixtureFolder.appendingPathComponent("sparse.h5").path

    @Test(arguments: ["tenx", "h5sparse/csr", "h5sparse/csc", "scipy/csr", "scipy/csc", "matlab/x"])
    func oneMatrixInManyForms(name: String) throws {
        let matrix = try Examples(file: file, "\(name)"), dense = try Examples(file: file, "x")
        #expect(matrix.shape == [4] && matrix.values == dense.values)
        let some = try Examples(file: file, DatasetRequest(name: name, rows: .range(2, 5)))
        #expect(some.values == Array(dense.values[8..<20]))
    }

    @Test func matlabsColumnsMayBeExamples() throws {
        let dense = try Examples(file: file, "x").values
        let turned = try Examples(file: file, DatasetRequest(name: "matlab/x", examplesAreLast: false))
        #expect(turned.rowCount == 4 && turned.values == (0..<24).map { dense[$0 % 6 * 4 + $0 / 6] })
        let row = try Examples(file: file, "matlab/row")
        #expect(row.rowCount == 6 && row.values == [0, 1, 0, 1, 0, 1])
    }

    @Test(arguments: [("tenx", "4 features x 6 barcodes"), ("matlab/x", "MATLAB's, whose rows, 6, count the examples")])
    func whatCountsExamplesIsTold(name: String, words: String) throws {
        let data = try LabelledData.load(file: file, inputs: "\(name)", targets: "y", as: .classes)
        #expect(data.notes.contains { $0.contains(words) }, "\(data.notes)")
    }

    @Test(arguments: ["cells/row", "cells/column"]) func cellArraysAreNames(name: String) throws {
        let data = try LabelledData.load(file: file, inputs: "x", targets: "\(name)", as: .classes)
        let labels = classes(data)
        #expect(labels.names == ["a😀", "köln", "ox"] && Array(labels.classes.prefix(4)) == [1, 2, 0, 1])
        #expect(data.notes.contains { $0.contains("cell array of MATLAB, of 6 names") }, "\(data.notes)")
    }

    @Test(arguments: [
        ("cells/square", "It is a cell array of 2 x 3; expected N x 1 or 1 x N names"),
        ("cells/empty", "Row 3 (counted from 0) has an empty label"),
        ("cells/number", "Row 3, counted from 0, is no array of characters"),
        ("cells/null", "Row 3, counted from 0, is an empty reference"),
    ])
    func cellsThatAreNoNamesAreRefused(name: String, words: String) {
        let problem = message { try LabelledData.load(file: file, inputs: "x", targets: "\(name)", as: .classes) }
        #expect(problem.contains(words), "\(problem)")
    }

    @Test(arguments: [
        ("h5sparse/coo", "in the format coo; expected csr or csc"),
        ("scipy/square", "does not tell whether it is stored by rows or by columns"),
        ("scipy/overfull", "do not fit together"), ("matlab/claims", "without a size in MATLAB_sparse and jc"),
        ("matlab/outside", "expected 0 to 2"), ("matlab/empty", "without an entry that is not 0"),
        ("cells/row", "names in a cell array of MATLAB may be targets"),
    ])
    func matricesThatAreNoneAreRefused(name: String, words: String) {
        let problem = message { try Examples(file: file, "\(name)") }
        #expect(problem.contains(words) && problem.contains(name), "\(problem)")
    }

    /// A group that is a matrix is one candidate, whose parts are none.
    @Test func groupsAreFoundAsInputs() throws {
        let splits = try DiscoveredSplits(FileSummary(file: file), inputs: "tenx", target: "y")
        #expect(splits.train == DiscoveredSplit(inputs: "tenx", targets: "y"))
        let problem = message { try DiscoveredSplits(FileSummary(file: file), inputs: "nope", target: "y") }
        #expect(problem.contains("'matlab/x' (sparse matrix)") && !problem.contains("matlab/x/ir"), "\(problem)")
    }
}
