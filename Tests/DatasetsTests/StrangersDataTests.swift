import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// What other tools and accidents leave: `Fixtures/strangers.h5`, made by `make_strangers.py`.
@Suite struct StrangersDataTests {
    private let file = fixtureFolder.appendingPathComponent("strangers.h5").path

    private func values(_ name: DatasetRequest, _ permissions: HDF5Permissions = .init()) throws -> [Double] {
        let examples = try Examples(file: file, name, permissions)
        var rowCount = 24
        if case .range(let first, let end)? = name.rows { rowCount = end - first }
        #expect(examples.rowCount == rowCount)
        return examples.values
    }

    private func load(_ inputs: DatasetRequest = "x", _ targets: DatasetRequest, as use: TargetUse = .classes) throws
        -> LabelledData
    {
        try LabelledData.load(file: file, inputs: inputs, targets: targets, as: use)
    }

    @Test(arguments: [
        ("unwritten", "12 of 24 rows were never written: 3 of 6 chunks are not in the file, and 14 rows hold nothing"),
        ("never", "all 24 rows were never written"), ("gone", "gone.h5, which has one, is not there"),
        ("round", "whose sources lead back to itself"), ("gap", "16 of 96 values have no source"),
        ("raw", "Its values are in another file, gone.bin, which is not an HDF5 file"),
        ("dangling", "'dangling' is a link to it"), ("circle", "go round in circles"),
        ("outside", "'outside' is a link into gone.h5, which is not there"), ("device", "is no regular file"),
        ("complex", "values of type complex"),
        ("missing", "4 of 96 values are missing (_FillValue), the first in row 3"),
        ("csr", "(no error)"), ("category", "It is a group; it holds category/categories, category/codes"),
    ])
    func absentValuesAreNeverZeros(name: String, words: String) {
        let problem = message { try Examples(file: file, "\(name)") }
        #expect(problem.contains(words), "\(problem)")
    }

    @Test func fillValuesAreTakenIfAllowed() throws {
        let permissions = HDF5Permissions(unwritten: true)
        #expect(try values("unwritten", permissions).dropFirst(40).allSatisfy { $0 == 0 })
        #expect(try values("gone", permissions).allSatisfy { $0 == 0 })
        #expect(
            message { try Examples(file: file, "raw", HDF5Permissions(rawFiles: true)) }.contains(
                "Its values are in gone.bin, which is not there"))
    }

    /// The same numbers in every form in which they are stored.
    @Test(arguments: ["soft", "virtual", "lzf", "array", "arrays", "matlab"])
    func oneMatrixInManyForms(name: String) throws {
        #expect(try values("\(name)") == values("x"))
    }

    @Test func formsThatChangeNumbers() throws {
        let x = try values("x")
        #expect(try values("bits") == x.map { $0 > 0 ? 1 : 0 })
        #expect(try zip(values("brain"), x).allSatisfy { abs($0 - $1) <= abs($1) / 128 })
        for name in ["csr", "csc"] { #expect(try values("\(name)") == x.map { max($0, 0) }) }
        #expect(try zip(values("packed"), x).allSatisfy { abs($0 - 5 - $1) < 0.0051 })
        #expect(try values(DatasetRequest(name: "x", rows: .range(3, 7))) == Array(x[12..<28]))
        #expect(try values(DatasetRequest(name: "matlab", rows: .range(3, 7))) == Array(x[12..<28]))
    }

    @Test(
        arguments: [
            ("y", ["0", "1", "2"], false), ("labels/strings", ["ant", "cat", "dog"], true),
            ("labels/fixed", ["a", "b", "c"], true), ("labels/numbers_in_strings", ["1", "2", "10"], true),
            ("labels/boolean", ["False", "True"], false), ("labels/signs", ["-1", "1"], true),
            ("labels/from_1", ["1", "2", "3"], true), ("labels/gaps", ["0", "64", "71"], true),
            ("labels/enumeration", ["low", "middle", "high"], true), ("labels/one_hot", ["0", "1", "2"], false),
            ("matlab_labels", ["1", "2", "3"], true), ("category", ["B", "NK", "T"], true),
        ] as [(String, [String], Bool)])
    func labelsAreClassesInSortedOrder(name: String, names: [String], isTold: Bool) throws {
        let labels = classes(try load("x", "\(name)"))
        #expect(labels.names == names && (labels.note != nil) == isTold, "\(labels.names) \(labels.note ?? "")")
        // Rows follow each other with the period 3, or 1 and 2 of them are the same.
        let period = labels.classes.prefix(3)
        #expect((0..<24).allSatisfy { labels.classes[$0] == period[$0 % 3] } && Set(period).count == names.count)
    }

    /// The loss says whether integers are values.
    @Test func integersMayBeValues() throws {
        let data = try load("x", "labels/years", as: .values)
        #expect(data.targets.valueCount == 1)
        #expect(message { try load("x", "labels/strings", as: .values) }.contains("which the loss cannot compare"))
        #expect(message { try load("x", "labels/empty") }.contains("Row 1 (counted from 0) has an empty label"))
    }

    /// Rows of probabilities are targets of the softmax loss, and of no other as classes.
    @Test func rowsOfProbabilitiesAreTaken() throws {
        #expect(try load("x", "probabilities", as: .classesOrProbabilities).targets.valueCount == 3)
        #expect(message { try load("x", "probabilities") }.contains("is not one-hot"))
        #expect(try load("x", "labels/one_hot", as: .classesOrProbabilities).targets.valueCount == nil)
        let years = try load("x", "labels/years", as: .values)
        guard case .values(let values) = years.targets else { return #expect(Bool(false)) }
        #expect(
            message { try values.requireUnitInterval(.range(0..<24)) }.contains(
                "row 0, column 0, counted from 0, is not between"))
    }

    /// Columns of one matrix, and fields of a compound type.
    @Test func partsOfRowsAreTaken() throws {
        let x = try values("x")
        #expect(try values(DatasetRequest(name: "whole", columns: .range(0, 4))) == x)
        #expect(try values(DatasetRequest(name: "whole", columns: .allButLast)) == x)
        #expect(try values(DatasetRequest(name: "table", fields: ["a", "pair", "d"])) == x)
        #expect(
            try values(DatasetRequest(name: "whole", rows: .range(2, 4), columns: .range(1, 2))) == [
                x[2 * 4 + 1], x[3 * 4 + 1],
            ])
        let last = classes(try load("x", DatasetRequest(name: "whole", columns: .last)))
        #expect(last.classCount == 3 && Array(last.classes.prefix(4)) == [0, 1, 2, 0])
        #expect(classes(try load("x", DatasetRequest(name: "table", fields: ["label"]))).classes == last.classes)
        #expect(classes(try load("x", DatasetRequest(name: "table", fields: ["name"]))).names == ["a", "b", "c"])
        #expect(message { try values("table") }.contains("it has a, pair, d, name, label"))
        #expect(message { try values(DatasetRequest(name: "table", fields: ["e"])) }.contains("It has no field 'e'"))
        #expect(message { try values(DatasetRequest(name: "table", fields: ["name"])) }.contains("of type string"))
        #expect(
            message { try values(DatasetRequest(name: "x", columns: .range(2, 5))) }.contains(
                "<= 4, the number of its features"))
    }

    @Test func classMapsAreFollowed() throws {
        let raw = try RawTargets(file: file, "labels/strings")
        let labels = try Labels(raw, .given(["cat": 1, "dog": 0, "ant": 1]))
        #expect(labels.names == ["dog", "ant or cat"] && Array(labels.classes.prefix(3)) == [1, 0, 1])
        #expect(
            message { try Labels(raw, .given(["cat": 1, "dog": 0])) }.contains(
                "Row 2 (counted from 0) has the label ant"))
        // Another split is mapped as the training rows are.
        let training = try Labels(RawTargets(file: file, "labels/from_1"))
        let other = try Labels(
            RawTargets(file: file, DatasetRequest(name: "labels/from_1", rows: .range(1, 3))), training: training)
        #expect(Array(other.classes) == [1, 2] && other.classCount == 3)
        #expect(
            message { try Labels(RawTargets(file: file, "labels/gaps"), training: training) }.contains(
                "has the label 0, which is none of 1, 2, 3"))
    }

    @Test func matlabsArraysAreToldAndTurned() throws {
        let data = try load("matlab", "matlab_labels")
        #expect(data.rowCount == 24 && data.notes.count == 2 && data.notes[0].contains("MATLAB"))
        #expect(
            message { try load(DatasetRequest(name: "matlab", examplesAreLast: false), "y") }.contains(
                "'matlab' has 4 rows and 'y' has 24"))
    }

    /// The unit of booleans is 1, of pixels in floats what the config says.
    @Test func unitsOfTypes() throws {
        func scaled(_ name: DatasetRequest, maximum: Double? = nil) throws -> [Double] {
            let examples = try Examples(file: file, name)
            let rows = (0..<24).map { UInt32($0) }, target = Matrix<Double>(rows: 24, columns: examples.featureCount)
            let scaling = try Scaling(.unit, maximum: maximum, fittedTo: examples, rows: .list(rows))
            examples.gather(rows: rows[...], scaling: scaling, into: target)
            return Array(target.elements)
        }
        #expect(try scaled("bits") == values("bits"))
        #expect(try scaled("labels/boolean") == values("labels/boolean"))
        #expect(try zip(scaled("x", maximum: 4), values("x")).allSatisfy { $0 == $1 / 4 })
        #expect(message { try scaled("x") }.contains("Give the largest value"))
    }

    @Test func rowsAndFeaturesThatTellNothingAreCounted() throws {
        let x = try Examples(file: file, "x"),
            some = try Examples(file: file, DatasetRequest(name: "x", rows: .range(20, 24)))
        #expect(try some.countRows([0, 1, 3], thatAreIn: x, .range(0..<23)) == 2)
        #expect(try x.countConstantFeatures(rows: [0, 1]) == 0)
        #expect(try x.countConstantFeatures(rows: [5]) == 4)
    }

    /// Every object is listed, whatever is wrong with others.
    @Test func inspectionShowsEverything() throws {
        let summary = try FileSummary(file: file, readsValues: true)
        #expect(summary.datasets.count == 41)
        #expect(
            summary.links.map(\.target) == ["-> /circle", "-> /nowhere", "-> /dev/zero:/x", "-> gone.h5:/x", "-> /x"])
        #expect(Set(summary.problems.map(\.path)).isSuperset(of: ["circle", "dangling", "device", "outside"]))
        let years = try #require(summary.datasets.first { $0.path == "labels/years" }?.values)
        #expect(years.minimum == 1950 && years.maximum == 1973 && years.distinctCount == 24)
    }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 8], "a gzip file"),
            (Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }), "a NumPy array"),
            ([0x50, 0x4B, 3, 4], "a zip archive"), (Array("MATLAB 5.0 MAT-file".utf8), "a MATLAB file of version 5"),
            (Array("version https://git-lfs.github.com/spec/v1".utf8), "a pointer of Git LFS"),
            (Array("<!DOCTYPE html><html>".utf8), "a web page"), (Array("PAR1".utf8), "a Parquet file"),
            (Array("height,width\n1,2\n3,4\n".utf8), "a text file"), ([0, 0, 8, 3], "an IDX file"),
            (Array("CDF\u{1}".utf8), "a netCDF file"),
        ] as [([UInt8], String)])
    func otherFormatsAreNamed(bytes: [UInt8], what: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes + [UInt8](repeating: 0, count: bytes.count < 10 ? 64 : 0), to: "data.h5")
        #expect(message { try HDF5File(path: path) }.contains("not an HDF5 file, but \(what)"))
    }
}
