import Datasets
import Foundation
import Importers
import TestSupport
import Testing

/// NaN in arrays; `Fixtures/make_odd_arrays.py` says what is in `gaps.npz`: two gaps, in the rows 1 and 3 of 4.
@Suite struct ArrayGapTests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }

    init() throws { folder = try TemporaryFolder() }

    private func write(
        _ inputs: String, _ target: String?, _ missing: TableOptions.MissingValues? = nil, test: String? = nil
    ) throws -> [String] {
        var source = ArchiveImport(
            .npz, path: fixture("gaps.npz"),
            names: ArrayNames(inputs: inputs, target: target, testInputs: test, testTarget: test == nil ? nil : target))
        source.missing = missing
        return try source.write(ImportOptions(), to: output)
    }

    @Test(
        arguments: [
            (
                "gaps", "labels", nil,
                "array 'gaps': Row 1, column 2, counted from 0, is NaN, a missing value, one of 2 in 2 of 4"
            ),
            ("infinite", "labels", .drop, "array 'infinite': Row 2, column 1, counted from 0, is -inf"),
            ("x", "missing", nil, "array 'missing': Row 1, column 0, counted from 0, is NaN, a missing target"),
            ("x", "missing", .mean, "A target is not filled"), ("every", "labels", .drop, "in every row"),
            ("every", "labels", .mean, "has no value in any training row"),
        ] as [(String, String, TableOptions.MissingValues?, String)])
    func gapsAreRefused(inputs: String, target: String, missing: TableOptions.MissingValues?, words: String) {
        let problem = message { try write(inputs, target, missing) }
        #expect(problem.contains(words), "\(problem)")
    }

    @Test(arguments: ["labels", "names"]) func rowsAreLeftOut(target: String) throws {
        let lines = try write("gaps", target, .drop)
        #expect(lines[0] == "train: left out 2 of 4 rows, in which a value is missing")
        #expect(try values("train/inputs", of: output) == [0, 1, 2, 6, 7, 8])
        #expect(try values("train/targets", of: output) == (target == "labels" ? [1, 2] : [0, 2]))
        #expect(try write("x", "missing", .drop)[0].contains("left out 1 of 4 rows"))
        #expect(try values("train/targets", of: output) == [1, 2, 1])
    }

    @Test(arguments: ["gaps", "halves"]) func meansAreFilledIn(inputs: String) throws {
        #expect(try write(inputs, "labels", .mean)[0].contains("missing in 2 of 4 rows, 2 in all"))
        #expect(
            try values("train/inputs", of: output).map { Float($0) } == [0, 1, 2, 3, 4, Float(7), 6, 7, 8, 3, 10, 11])
        // The other split is filled with the means of the training rows.
        _ = try write("x", "labels", .mean, test: inputs)
        #expect(try values("test/inputs", of: output)[5] == 6.5)
    }
}
