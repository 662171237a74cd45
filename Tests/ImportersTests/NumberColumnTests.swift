import Datasets
import Foundation
import Importers
import TestSupport
import Testing

/// Columns of numbers stay columns of numbers: a cell that is none is refused, and none loses its digits in silence.
@Suite struct NumberColumnTests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }

    init() throws { folder = try TemporaryFolder() }

    @discardableResult
    private func load(_ text: String, _ change: (inout TableOptions) -> Void = { _ in }) throws -> [String] {
        var options = TableOptions(files: [try folder.write(text, to: "a.csv")])
        change(&options)
        return try importTable(options, ImportOptions(), to: output)
    }

    /// In the input and in the target, early and late, whatever the size of the table and of blocks.
    @Test(arguments: ["10%", "1.5.", "x", "a", "12 kg", "0x10", "true", "<5"]) func oneBadCellIsRefused(cell: String)
        throws
    {
        for (count, bad) in [(3, 0), (3, 2), (400, 0), (400, 399)] {
            for column in ["a", "y"] {
                let rows = (0..<count).map { row in
                    row != bad ? "\(row),\(row)\n" : column == "a" ? "\(cell),\(row)\n" : "\(row),\(cell)\n"
                }
                let problem = message { try load("a,y\n" + rows.joined()) { $0.blockByteCount = 100 } }
                let text =
                    "Line \(bad + 2): The column '\(column)' holds '\(cell)', where \(count - 1) of \(count) cells"
                #expect(problem.contains(text) && problem.hasSuffix("--categorical \(column)."), "\(problem)")
            }
        }
    }

    /// A tenth of the cells are too many to be accidents.
    @Test func columnsOfTextsMayHaveNumbers() throws {
        func rows(_ texts: Int, of count: Int) -> String {
            "a,y\n" + (0..<count).map { "\($0 < texts ? "other" : "\($0 % 5)"),1\n" }.joined()
        }
        #expect(
            message { try load(rows(4, of: 40)) }.contains(
                "where 36 of 40 cells are numbers: all but this one and 3 others."))
        #expect(try load(rows(5, of: 40)).contains("  a  text, 6 values, a feature each"))
        #expect(try load("a,y\n1,1\nx,1\n").contains("  a  text, 2 values, a feature each"))
        let gaps = "a,y\n" + (0..<20).map { "\($0 < 15 ? "" : $0 < 17 ? "x" : "1"),1\n" }.joined()
        #expect(try load(gaps) { $0.missing = .drop }.contains { $0.hasPrefix("  a  text, 2 values") })
    }

    @Test func categoricalColumnsAreTexts() throws {
        #expect(
            try load("a,b,y\n1,5,3\n2,6,4\nx,6,3\n") { $0.categorical = ["a,b", "y"] }.suffix(2).first
                == "train: 3 x 5 uint8 inputs, uint8 targets, 2 classes: 3 2, 4 1")
        let attributes = try HDF5File(path: output).attributes(of: "train/inputs")
        #expect(attributes == ["feature_names": .strings(["a=1", "a=2", "a=x", "b=5", "b=6"])])
        func problem(_ change: (inout TableOptions) -> Void) -> String {
            message { try load("a,b,y\n1,5,3\n", change) }
        }
        #expect(
            problem {
                $0.categorical = ["a"]
                $0.skipped = ["a"]
            }.contains("'a', which --categorical names, is left out"))
        #expect(
            problem {
                $0.categorical = ["b"]
                $0.targets = ["b", "y"]
            }.contains("The target 'b' is named by --categorical"))
        let many = "a,y\n" + (0..<40).map { "\($0),1\n" }.joined()
        #expect(
            message { try load(many) { $0.categorical = ["a"] } }.contains(
                "'a' (40 values, all different) is text; inputs"))
    }

    @Test(
        arguments: [
            (
                "a;y\n1,5;0\n1.5;1\n3,5;1\n", true, nil,
                "Line 3: The column 'a' holds '1.5'. With --decimal-comma the decimal"
            ),
            ("a;y\n1,5;0\n1.234,5;1\n", true, nil, "Remove the separators of thousands."),
            ("a;y\n1,5;0\n", false, nil, "give --decimal-comma; if it separates"),
            ("a,y\n\"1,5\",0\n", false, nil, "give --decimal-comma --delimiter ,; if it separates"),
            (
                "1,5;0,5\n2,5;1,5\n", false, "1",
                "Line 1: The column '2' holds '5;0'. If the comma is a decimal point and the "
            ),
        ] as [(String, Bool, String?, String)])
    func otherDecimalPointsAreNamed(_ text: String, _ hasComma: Bool, _ target: String?, _ expected: String) throws {
        let problem = message {
            try load(text) {
                $0.hasDecimalComma = hasComma
                $0.targets = target.map { [$0] } ?? []
            }
        }
        #expect(problem.contains(expected), "\(problem)")
    }

    @Test func headersMayNameSodium() throws {
        for text in ["Na,K,y\n1,2,3\n", "K,NaN,nan\n1,2,3\n", "Na,y\n1,b\n", "NA,None,target\n1,2,c\n"] {
            let lines = try load(text) { $0.targets = text.contains("K") ? ["K"] : [] }
            #expect(lines[0].hasSuffix("names of columns in line 1"), "\(text)")
        }
        for text in ["NA,2\n1,3\n", "NA,b\n1,c\n"] {
            let lines = try load(text) {
                $0.targets = ["2"]
                $0.missing = .drop
            }
            #expect(lines[0].contains("no header"), "\(text)")
        }
    }

    /// Integers that float64 rounds keep all digits where all columns of the dataset are integers; else it is told.
    @Test func largeIntegersAreExact() throws {
        let large = ["9007199254740993", "-9223372036854775808", "9223372036854775807", "-1", "0"]
        let lines = try load("a,y\n" + large.map { "\($0),18446744073709551615\n" }.joined() + "5,9007199254740993\n")
        #expect(lines.contains("  a  integer") && lines.contains("  y  integer, target"))
        #expect(lines.contains { $0.contains("classes: 9007199254740993 1, 18446744073709551615 5") }, "\(lines)")
        let file = try HDF5File(path: output)
        #expect(
            try file.dataset("train/inputs").typeName == "int64" && file.dataset("train/targets").typeName == "uint64")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: output))
        for number in large.compactMap({ Int64($0) }) + [Int64(bitPattern: UInt64.max)] {
            #expect(bytes.range(of: withUnsafeBytes(of: number) { Data($0) }) != nil, "\(number)")
        }
        #expect(try load("a,b,y\n9007199254740993,0.5,1\n").contains("  a  integer, rounded beyond 2^53"))
        #expect(try load("a,y\n18446744073709551616,1\n").contains("  a  integer, rounded beyond 2^53"))
        #expect(try load("a,y\n-9223372036854775809,1\n").contains("  a  integer, rounded beyond 2^53"))
        #expect(try load("a,b,y\n18446744073709551615,-1,1\n").contains("  a  integer, rounded beyond 2^53"))
        #expect(
            try load("a,y\n9007199254740993,1\nNA,2\n") { $0.missing = .mean }.contains(
                "  a  integer, rounded beyond 2^53, 1 missing"))
    }

    @Test(
        arguments: [
            ([0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], "a bzip2 file", "bunzip2"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "an xz file", "unxz"),
            ([0x28, 0xB5, 0x2F, 0xFD, 0], "Zstandard", "unzstd"),
            (Array("PAR1".utf8) + [0x15, 4, 0x15], "a Parquet file", "to_csv"),
            (Array("ARROW1\0\0".utf8), "Arrow", "to_csv"),
            (Array("PK\u{3}\u{4}".utf8), "a zip archive", "npz"),
            ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file", "data.file"),
            (Array("SQLite format 3\0".utf8), "an SQLite database", "-csv"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], ".xls", "Save the sheet"),
            (Array("<!DOCTYPE html>".utf8), "a web page", "again"), ([0x1F, 0x8B, 8], "damaged", "again"),
        ] as [([UInt8], String, String)])
    func otherFilesAreNamed(_ start: [UInt8], _ what: String, _ remedy: String) throws {
        let path = try folder.write(start + [UInt8](repeating: 0x80, count: 40), to: "a.csv")
        let problem = message { try importTable(TableOptions(files: [path]), ImportOptions(), to: output) }
        #expect(problem.hasPrefix(path) && problem.contains(what) && problem.contains(remedy), "\(problem)")
        #expect(!problem.contains("UTF-16") && problem.count < 400, "\(problem)")
    }

    @Test func cellsMayHoldTheMarksOfOtherFiles() throws {
        try load("PAR1,y\n1,2\n")
        try load("a,y\n<html>,2\n<body>,1\n")
        #expect(try HDF5File(path: output).dataset("train/inputs").shape == [2, 2])
    }
}
