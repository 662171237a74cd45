import Datasets
import Foundation
import Importers
import TestSupport
import Testing

/// Files that scikit-learn wrote, see `Fixtures/make_arrays.py`, and lines by hand.
@Suite struct SVMLightImportTests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }
    let rows = [0, 0.5, 0, 1.5, 0, 2.5, 0, 3.5, 0, 4.5, 0, 5.5]

    init() throws { folder = try TemporaryFolder() }

    private func write(_ path: String, test: String? = nil, features: Int? = nil, isZeroBased: Bool = false) throws
        -> [String]
    {
        try SVMLightImport(train: path, test: test, featureCount: features, isZeroBased: isZeroBased)
            .write(ImportOptions(), to: output)
    }

    private func write(lines text: String, features: Int? = nil, isZeroBased: Bool = false) throws -> [String] {
        try write(try folder.write(text, to: "rows.txt"), features: features, isZeroBased: isZeroBased)
    }

    @Test func filesOfScikitLearn() throws {
        #expect(
            try write(fixture("from1.svmlight")).prefix(3) == [
                "indexes are counted from 1; --zero-based counts from 0", "the numbers of queries (qid) are left out",
                "train: 4 x 3 float32 inputs, uint8 targets, 3 classes: 0 1, 1 2, 2 1",
            ])
        #expect(try values("train/inputs", of: output) == rows)
        #expect(try values("train/targets", of: output) == [1, 0, 2, 1])

        #expect(
            try write(fixture("from0.svmlight")).prefix(2) == [
                "indexes are counted from 0, since that index occurs", "train: 4 x 3 float32 inputs, float32 targets",
            ])
        #expect(try values("train/inputs", of: output) == rows)
        #expect(try values("train/targets", of: output) == [-0.75, -1, -0.5, -0.75])

        let lines = try write(fixture("several.svmlight"))
        #expect(lines[1].hasSuffix("columns of 0 and 1, for the labels 0, 1, 2"))
        #expect(lines[2] == "train: 4 x 3 float32 inputs, 4 x 3 uint8 targets")
        #expect(try values("train/targets", of: output) == [1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1])
    }

    @Test func linesByHand() throws {
        let text = "# only a comment\r\n+1 1:.5 3:-2e-1 # more\r\n\r\n-1\t2:1e3\n\n1 qid:4 # nothing else"
        let lines = try write(lines: text, features: 4)
        #expect(lines[2] == "train: 3 x 4 float32 inputs, int8 targets, 2 classes: -1 1, 1 2")
        #expect(
            try values("train/inputs", of: output) == [0.5, 0, Double(Float(-0.2)), 0, 0, 1000] + [0, 0, 0, 0, 0, 0])
        _ = try write(lines: "1 1:5\n2 3:6\n", isZeroBased: true)
        #expect(try values("train/inputs", of: output) == [0, 5, 0, 0, 0, 0, 0, 6])
        // The other types of labels.
        for (label, type) in [
            ("300", "uint16"), ("-300", "int16"), ("70000", "uint32"), ("0.1", "float64"), ("9e15", "uint64"),
        ] {
            #expect(try write(lines: "0 1:1\n\(label) 2:1\n")[1].contains("inputs, \(type) targets"), "\(label)")
            #expect(try values("train/targets", of: output)[1] == Double(label))
        }
    }

    /// Two files have the same features and labels, also if one alone does not show them.
    @Test func splitsHaveTheSameFeatures() throws {
        let test = try folder.write("7,9 2:1\n8 0:3\n", to: "test.txt")
        let train = try folder.write("8 1:2\n", to: "train.txt")
        let lines = try write(train, test: test)
        #expect(lines[0].hasPrefix("indexes are counted from 0") && lines[1].hasSuffix("for the labels 7, 8, 9"))
        #expect(try values("train/inputs", of: output) == [0, 2, 0])
        #expect(try values("test/inputs", of: output) == [0, 0, 1, 3, 0, 0])
        #expect(try values("train/targets", of: output) == [0, 1, 0])
        #expect(try values("test/targets", of: output) == [1, 0, 1, 0, 1, 0])
    }

    @Test func numbersAreThoseOfStrtod() throws {
        let texts = [
            "0.1", "123456789012345678901234567890.0", "1e22", "1e23", "9007199254740993.0", "9007199254740994", "4.35",
            "0.000001", "1e-40",
            "-0",
            "5e-324", ".5", "5.", "17976931348623157e-292", "0.30000000000000004",
        ]
        for text in texts {
            _ = try write(lines: "\(text) 1:1\n0.7 1:\(text)\n")
            #expect(
                try values("train/targets", of: output)[0] == Double(text.hasSuffix(".") ? text + "0" : text), "\(text)"
            )
        }
    }

    /// A byte order mark, and the line ends of three systems.
    @Test(arguments: ["\n", "\r\n", "\r"]) func marksAndLineEnds(end: String) throws {
        let lines = try write(lines: "\u{FEFF}1 1:2 3:4\(end)# two\(end)2 2:1\(end)")
        #expect(lines[1] == "train: 2 x 3 float32 inputs, uint8 targets, 2 classes: 1 1, 2 1")
        #expect(message { try write(lines: "1 1:1\(end)1 1:x\(end)") }.contains("line 2: '1:x'"))
    }

    @Test func damagedGzipIsToldByTheNameOfTheFile() throws {
        let packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x33, 0x54, 0x30, 0xB4]
        let problem = message { try write(try folder.write(packed, to: "rows.gz")) }
        #expect(problem.contains("rows.gz: It cannot be read to its end (unexpected end of file)"), "\(problem)")
    }

    @Test(arguments: [
        ("9007199254740993 1:1\n", "line 1: '9007199254740993' is a whole number beyond 2^53"),
        ("1 1:1\n-9007199254740993 1:1\n", "line 2: '-9007199254740993' is a whole"),
        ("1 qid:x 1:1\n", "'qid:x' has no number of a query"),
        ("1 1:1\n1 2:x\n", "line 2: '2:x' has no finite value"), ("1 1:nan\n", "line 1: '1:nan' has no finite value"),
        ("1 1:1e39\n", "'1:1e39' has no finite value"), ("1 2:1 2:1\n", "'2:1' comes after index 2"),
        ("1 2:1 1:1\n", "'1:1' comes after index 2"), ("1 -1:1\n", "'-1:1' has no index"),
        ("1 :1\n", "':1' has no index"),
        ("1 1:1 2\n", "'2' is no index:value"), ("cat 1:1\n", "'cat' is no label"),
        ("1,,2 1:1\n", "'1,,2' is no label"),
        ("1 99999999999999999999:1\n", "has an index above"), ("1\n2\n", "No row has an index:value"),
        ("\n\n# nothing\n", "It has no row"), ("1 1:1\n2 60000000:1\n", "has an index above"),
        ("1 1:1\n" + String(repeating: "2\n", count: 99) + "1 9000000:1\n", "a thousand times as much"),
        ("1 1:1\n\0\0", "begins as no such file"), ("1,2,3\n4,5,6\n", "For CSV there is"),
    ])
    func unsuitableLines(text: String, expected: String) throws {
        let problem = message { try write(lines: text) }
        #expect(problem.contains(expected) && problem.contains("rows.txt"), "\(problem)")
    }

    @Test func unsuitableFiles() throws {
        #expect(
            message { try write(lines: "1 4:1\n", features: 3) }.contains(
                "The largest index is 4, of feature 4; expected at most 3"))
        #expect(message { try write(lines: "") }.contains("The file is empty"))
        #expect(message { try write(fixture("types.npz")) }.contains("'bnexp data import npz' reads it"))
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        #expect(message { try write(folder.path("pipe")) }.contains("a pipe or a device"))
    }

    /// A line that is longer than the block in which the file is read.
    @Test func longLines() throws {
        let values = (1...200_000).map { Float($0) / 8 }
        let line = "3 " + values.enumerated().map { "\($0 + 1):\($1)" }.joined(separator: " ")
        _ = try write(lines: "\(line)\n2 7:1\n\(line)")
        let read = try HDF5File(path: output).dataset("train/inputs").read(Float.self)
        #expect(read.count == 600_000 && Array(read[..<200_000]) == values && Array(read[400_000...]) == values)
        #expect(read[200_006] == 1 && read[200_000..<400_000].reduce(0, +) == 1)
    }
}
