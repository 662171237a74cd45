import Datasets
import Foundation
import Importers
import TestSupport
import Testing

@Suite struct TableImportTests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }

    init() throws { folder = try TemporaryFolder() }

    /// Imports a text, and returns what the importer says.
    @discardableResult
    private func load(
        _ text: String, name: String = "a.csv", _ division: ImportOptions = ImportOptions(),
        _ change: (inout TableOptions) -> Void = { _ in }
    ) throws -> [String] {
        var options = TableOptions(files: [try folder.write(text, to: name)])
        change(&options)
        return try importTable(options, division, to: output)
    }

    private func values(_ name: String) throws -> [Double] {
        try HDF5File(path: output).dataset(name).read(Double.self)
    }
    private func type(_ name: String) throws -> String { try HDF5File(path: output).dataset(name).typeName }

    @Test func columnsBecomeInputsAndNamesBecomeClasses() throws {
        let lines = try load(
            """
            height,colour,big,species
            1.5,red,yes,b
            2.5,blue,no,a
            3,red,no,b

            """)
        #expect(
            lines.prefix(5) == [
                "CSV: delimiter ',', names of columns in line 1", "  height   real",
                "  colour   text, 2 values, a feature each",
                "  big      boolean", "  species  text, 2 values, target",
            ])
        #expect(lines[5] == "train: 3 x 4 float32 inputs, uint8 targets, 2 classes: a 1, b 2")
        #expect(try values("train/inputs") == [1.5, 0, 1, 1, 2.5, 1, 0, 0, 3, 0, 1, 0])
        #expect(try values("train/targets") == [1, 0, 1])
        let data = try LabelledData.load(file: output, inputs: "train/inputs", targets: "train/targets")
        #expect(data.rowCount == 3 && data.inputs.featureCount == 4)
        #expect(try folder.contents == ["a.csv", "out.h5"])
    }

    /// The type of inputs and of targets, by the values alone.
    @Test(arguments: [
        (["0", "255"], "uint8"), (["-1", "127"], "int8"), (["256"], "uint16"), (["-129"], "int16"),
        (["65536"], "int32"),
        (["-2147483648"], "int32"), (["2147483648"], "float32"), (["2147483649"], "float64"), (["1.0"], "float32"),
        (["1", "0.5"], "float32"), (["0.123456789"], "float64"), (["1e300"], "float64"),
    ])
    func typesAreTheNarrowest(_ texts: [String], _ expected: String) throws {
        try load("x,y\n" + texts.map { "\($0),1\n" }.joined())
        #expect(try type("train/inputs") == expected && values("train/inputs") == texts.compactMap { Double($0) })
        try load("x,y\n" + texts.map { "1,\($0)\n" }.joined(), name: "b.csv")
        #expect(try type("train/targets") == (texts[0].hasPrefix("214748364") ? "int64" : expected))
        #expect(try values("train/targets") == texts.compactMap { Double($0) })
    }

    @Test func fieldsAreThoseOfRFC4180() throws {
        try load(
            "\u{FEFF}\"a, 1\",\"say \"\"y\"\"\",y\r\n1,\"x\r\ny\",p\n\n2, \"q,\"\"\" ,\" p\"\r  \r3, 5\" disk ,\"p\"")
        #expect(try values("train/inputs") == [1, 0, 0, 1, 2, 0, 1, 0, 3, 1, 0, 0])
        #expect(try values("train/targets") == [1, 0, 1])
        #expect(
            try load("\u{FEFF}\"a, 1\",\"say \"\"y\"\"\",y\r1,\"x\r\ny\",p\r2,\"q,\"\"\",q", name: "c.csv").contains(
                "  say \"y\"  text, 2 values, a feature each"))
    }

    @Test func delimitersAndHeadersAreFound() throws {
        for (text, delimiter, header) in [
            ("a;y\n1;2\n3;4", "';'", "line 1"), ("a\ty\n1\t2", "tab", "line 1"), ("\n\na|y\n1|2", "'|'", "line 3"),
            ("a,y\nx;1,2\nx;1,3\n", "','", "line 1"), ("a b;y\n\"1\";2\n", "';'", "line 1"),
            (",y\n0,2\n", "','", "line 1"),
        ] {
            let lines = try load(text)
            #expect(lines[0] == "CSV: delimiter \(delimiter), names of columns in \(header)", "\(text)")
        }
        for text in ["1,2\n3,4", "x,2\nx,4\n", "NA,2\n1,3\n"] {
            let lines = try load(text) {
                $0.targets = ["2"]
                $0.missing = .drop
            }
            #expect(lines[0] == "CSV: delimiter ',', no header: columns are numbered from 1", "\(text)")
            #expect(try values("train/targets").last == Double(text.filter { $0.isNumber }.suffix(1)))
        }
        try load("5,6\n7,8\n") {
            $0.hasHeader = false
            $0.targets = ["1"]
        }
        #expect(try values("train/inputs") == [6, 8])
        try load("a y\n1 2\n") { $0.delimiter = UInt8(ascii: " ") }
        #expect(try values("train/inputs") == [1] && values("train/targets") == [2])
        try load("a;y\n\"1,5\";-2,25\n") { $0.hasDecimalComma = true }
        #expect(try values("train/inputs") == [1.5] && values("train/targets") == [-2.25])
    }

    @Test func columnsAreChosenByNameAndNumber() throws {
        let text = "a,b,\"c,d\",b,e\n1,2,3,4,5\n6,7,8,9,10\n"
        func inputs(_ targets: [String], _ columns: [String], _ skipped: [String]) throws -> [Double] {
            try load(text) {
                $0.targets = targets
                $0.columns = columns
                $0.skipped = skipped
            }
            return try values("train/inputs")
        }
        #expect(try inputs(["e"], [], []) == [1, 2, 3, 4, 6, 7, 8, 9])
        #expect(try inputs(["e"], ["c,d", "b,1"], []) == [3, 2, 1, 8, 7, 6])
        #expect(try inputs(["5"], [], ["a,b.1", "c,d"]) == [2, 7])
        #expect(try inputs(["e", "a"], ["b.1"], []) == [4, 9])
        #expect(try values("train/targets") == [5, 1, 10, 6])
        #expect(try HDF5File(path: output).dataset("train/targets").shape == [2, 2])
        func problem(_ targets: [String], _ columns: [String], _ skipped: [String]) -> String {
            message { try inputs(targets, columns, skipped) }
        }
        #expect(problem([], [], []).contains("--target is missing, and no column is called target"))
        #expect(problem([], [], []).contains("Its columns are a, b, c,d, b.1, e;"))
        #expect(problem(["f"], [], []).contains("There is no column 'f', which --target names."))
        #expect(problem(["0"], [], []).contains("There is no column '0'"))
        #expect(problem(["e"], ["e"], []).contains("The column 'e' is the target; leave it out of --columns."))
        #expect(problem(["e"], ["a"], ["a"]).contains("'a' is named by both"))
        #expect(problem(["e"], ["a,a"], []).contains("--columns names the column 'a' twice"))
        #expect(problem(["e"], [], ["a,b,3,4"]).contains("No column is left for the inputs"))
    }

    @Test func missingValuesAreRefusedDroppedOrFilled() throws {
        let text = "a,b,y\n1,red,0\nNA,red,1\n5,?,1\n9,blue,0\n"
        let problem = message { try load(text) }
        #expect(
            problem.hasSuffix(
                "a.csv: Line 3: The column 'a' has no value. Missing are 1 in 'a', 1 in 'b'. --missing drop "
                    + "leaves such rows out, --missing mean puts in the mean of the column."), "\(problem)")
        let lines = try load(text) { $0.missing = .drop }
        #expect(
            lines.contains("left out: 2 of 4 rows, in which a value is missing")
                && lines.contains("  a  integer, 1 missing"))
        #expect(try values("train/inputs") == [1, 0, 1, 9, 1, 0] && values("train/targets") == [0, 0])
        try load(text) { $0.missing = .mean }
        let third = Double(Float(1.0 / 3)), rest = Double(Float(2.0 / 3))
        #expect(try values("train/inputs") == [1, 0, 1, 5, 0, 1, 5, third, rest, 9, 1, 0])
        for sign in ["", "NA", "n/a", "NaN", "NULL", "none", "?", "-", " ", "\"\""] {
            #expect(
                message { try load("a,y\n1,0\n\(sign),1\n") }.contains("Line 3: The column 'a' has no value."),
                "\(sign)")
            #expect(
                message { try load("a,y\n1,0\n1,\(sign)\n") { $0.missing = .mean } }.contains("A target is not filled"),
                "\(sign)")
        }
        #expect(
            message { try load("a,b,y\n1,,0\n2,,1\n") { $0.missing = .drop } }.contains(
                "missing in every row: the column 'b'"))
        #expect(
            message { try load("a,b,y\n1,,0\n2,,1\n") { $0.missing = .mean } }.contains("'b' has no value in any row"))
    }

    /// The mean is that of the rows that are drawn for training.
    @Test func meansAreThoseOfTheTrainingRows() throws {
        let count = 40
        var division = ImportOptions()
        division.testFraction = 0.5
        let text = "a,y\n" + (0..<count).map { "\($0 == 7 ? "" : "\($0)"),\($0 % 2)\n" }.joined()
        try load(text, division) { $0.missing = .mean }
        let (train, test) = try divideRows(rowCount: count, validationFraction: 0.5, seed: 0)
        let kept = train.filter { $0 != 7 }
        let mean = Double(Float(Double(kept.reduce(0, +)) / Double(kept.count)))
        #expect(try values("train/inputs") == train.map { $0 == 7 ? mean : Double($0) })
        #expect(try values("test/inputs") == test.map { $0 == 7 ? mean : Double($0) })
    }

    @Test func severalFilesAreOneTable() throws {
        let first = try folder.write("a,y\n1,x\n2,z\n", to: "1.csv"),
            second = try folder.write("a,y\n-300,w\n", to: "2.csv")
        let test = try folder.write("a,y\n0.5,z", to: "3.csv")
        var options = TableOptions(files: [first, second])
        options.testFile = test
        let lines = try importTable(options, ImportOptions(), to: output)
        #expect(try values("train/inputs") == [1, 2, -300] && values("test/inputs") == [0.5])
        #expect(try values("train/targets") == [1, 2, 0] && values("test/targets") == [2])
        #expect(try type("train/inputs") == "float32" && type("test/inputs") == "float32")
        #expect(lines.contains("test: 1 x 1 float32 inputs, uint8 targets, 3 classes: w 0, x 0, z 1"))
        #expect(try HDF5File(path: output).attributes()["source"] == .string("1.csv, 2.csv, 3.csv"))
        options.files.append(try folder.write("b,y\n1,x\n", to: "4.csv"))
        #expect(
            message { try importTable(options, ImportOptions(), to: output) }.contains(
                "4.csv: Its columns are not those of \(first): column 1 is 'b', and 'a' there."))
        options.files[2] = try folder.write("a,y\n1,x\n1,x,2\n", to: "4.csv")
        #expect(
            message { try importTable(options, ImportOptions(), to: output) }.contains("4.csv: Line 3: It has 3 fields")
        )
    }

    @Test(arguments: [
        ("", "It is empty"), ("\n \n", "blank lines only"), ("a,y\n", "It has no rows"),
        ("a,y\n1,2\n\n1,2,3\n", "Line 4: It has 3 fields; expected 2, as the header has."),
        ("a,y\n\"1\n\n\",2\n1\n", "Line 5: It has 1 field; expected 2"), ("1,2,3\n1,2\n", "as the first row has"),
        ("a,y\n1,2\n\"1,2\n3,4\n", "Line 3: The quote that opens there is never closed."),
        ("a,y\n1,2\n\"1\"2,3\n", "Line 3: Text follows a closing quote"),
        ("\"a\"b,y\n1,2\n", "Line 1: Text follows a closing quote"),
        ("a,y\n1,2\n1,\u{0}2\n", "Line 3: Byte 10 (counted from 0) is NUL"),
        ("a\u{0},y\n", "Line 1: Byte 1 (counted from 0) is NUL"),
        ("a,y\n1,2\ninf,3\n", "Line 3: The column 'a' holds an infinite number"),
        ("a,y\n1,2\n1,-1e999\n", "'y' holds an infinite number"),
        (
            "a,y\n\"1,234\",1\n5,2\n",
            "Line 2: The column 'a' holds '1,234'. If the comma is a decimal point, give --decimal-comma --delimiter ,; if"
        ),
        ("a;y\n1;2\n3,5;2\n", "Line 3: The column 'a' holds '3,5'."), ("PK\u{3}\u{4}a,b\n", "It is a zip archive"),
    ])
    func whatIsNoTableIsRefused(_ text: String, _ expected: String) throws {
        let problem = message { try load(text) { if text.hasPrefix("1,") { $0.targets = ["1"] } } }
        #expect(problem.hasPrefix(folder.path("a.csv: ")) && problem.contains(expected), "\(problem)")
        #expect(try folder.contents == ["a.csv"])
    }

    @Test func textsWithManyValuesAndOtherEncodingsAreRefused() throws {
        let rows = (0..<40).map { "2024-01-\($0 + 10),city \($0 / 2 * 2),\($0 % 33),\($0)\n" }.joined()
        let texts = message { try load("day,city,number,y\n" + rows) }
        #expect(
            texts.contains("Line 2: The column 'day' (40 values, all different) is text, such as '2024-01-10'")
                && texts.hasSuffix("--skip day"), "\(texts)")
        #expect(
            try load("day,city,number,y\n" + rows) { $0.skipped = ["day"] }.contains {
                $0.contains("20 values, a feature each")
            })
        try load("a,y\n1,\"2,5\"\n") {
            $0.hasDecimalComma = true
            $0.delimiter = UInt8(ascii: ",")
        }
        #expect(try values("train/targets") == [2.5])
        #expect(
            message { try load("a;y\n1.234,5;1\n") { $0.hasDecimalComma = true } }.contains("Remove the separators"))
        #expect(
            message { try load("a,b,y\n1,q,1\n") { $0.targets = ["b", "y"] } }.contains(
                "The target 'b' holds 'q'; several"))

        func problem(_ bytes: [UInt8]) throws -> String {
            let path = try folder.write(bytes, to: "b.csv")
            return message { try importTable(TableOptions(files: [path]), ImportOptions(), to: output) }
        }
        #expect(try problem([0xFF, 0xFE, 0x61, 0]).contains("iconv -f UTF-16 -t UTF-8"))
        #expect(try problem(Array("a,y\n1,caf".utf8) + [0xE9, 0x0A, 0x31, 0x2C, 0x62]).contains("is not UTF-8"))
        #expect(try problem(Array("caf".utf8) + [0xE9] + Array(",y\n1,2\n".utf8)).contains("Line 1: The text 'caf"))
        #expect(
            message { try importTable(TableOptions(files: [folder.url.path]), ImportOptions(), to: output) }.contains(
                "This is a folder"))
        #expect(
            message { try importTable(TableOptions(files: ["/dev/null"]), ImportOptions(), to: output) }.contains(
                "no regular file"))
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(
            message { try importTable(TableOptions(files: [pipe]), ImportOptions(), to: output) }.contains(
                "no regular file"))
    }

    /// What is read does not depend on blocks, threads or what the first rows made probable.
    @Test(arguments: 0..<12) func resultsDoNotDependOnBlocks(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let ends = ["\n", "\r\n", "\r"], end = ends[Int(seed % 3)]
        var text = "number,text,flag,\"la\"\"bel\"\(end)"
        for row in 0..<200 {
            // Each kind of surprise comes late, and not for all seeds.
            let isLate = row > 150
            let number = isLate && seed % 4 == 1 ? "0.\(row)" : isLate && seed % 4 == 2 ? "-70000" : "\(row % 50)"
            let words = ["red", "\"two\(end)lines, \"\"quoted\"\"\"", " blue ", isLate ? "new" : "red", "7"]
            let flag = isLate && seed % 5 == 3 ? "maybe" : row % 2 == 0 ? "true" : "False"
            let label = isLate && seed % 3 == 2 ? "other" : "\(row % 3)"
            let isMissing = seed >= 6 && Int.random(in: 0..<20, using: &generator) == 0
            text +=
                "\(isMissing ? "NA" : number),\(words[Int.random(in: 0..<5, using: &generator)]),\(flag),\(label)\(end)"
            if row % 37 == 0 { text += " \(end)" }
        }
        var results: [Data] = [], said: [[String]] = []
        for (blockByteCount, threads) in [(1 << 20, 1), (1, 3), (7, 2), (100, 4), (1000, 2)] {
            said.append(
                try load(text) {
                    $0.targets = ["4"]
                    $0.missing = seed % 2 == 0 ? .mean : .drop
                    $0.blockByteCount = blockByteCount
                    $0.threads = threads
                })
            results.append(try Data(contentsOf: URL(fileURLWithPath: output)))
        }
        #expect(results.allSatisfy { $0 == results[0] } && said.allSatisfy { $0 == said[0] }, "\(said)")
    }

    /// Rows of plain numbers are read by a shorter way than others, which `--missing drop` does not take.
    @Test(arguments: ["\n", "\r\n", "\r"]) func plainRowsAreReadAsOthers(end: String) throws {
        let rows = [
            "1,2.5,a", " 1,2.5,b", "1 ,2.5e0,a", "\"1\",+2.5,a", "-0,.5,b", "1,\"2.5\",\"a\"", "7,25e-1, b ", "",
            "\t3,4.,b",
            "12345678,0.00000000000000000000000001,a", "1,2,\"c\(end)\"\"d\"\"\"",
        ]
        let text = "x,z,y\(end)" + (0..<50).flatMap { _ in rows }.joined(separator: end)
        let lines = try load(text)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: output))
        #expect(try values("train/inputs").prefix(10) == [1, 2.5, 1, 2.5, 1, 2.5, 1, 2.5, 0, 0.5])
        #expect(try load(text) { $0.missing = .drop } == lines)
        #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == bytes)
        for (late, expected) in [
            ("1x,2,a", "holds '1x'"), ("1,2,", "has no value"), ("1,2,a,3", "It has 4 fields"),
        ] {
            let text = "x,z,y\(end)1,2,a\(end)2,2,b\(end)3,2,b\(end)\(late)\(end)"
            var said = ""
            do { said = try load(text) { $0.blockByteCount = 8 }.joined() } catch { said = "\(error)" }
            #expect(said.contains(expected), "\(said)")
        }
        // A delimiter that numbers may have.
        #expect(try load("x5y\(end)152\(end)") { $0.delimiter = UInt8(ascii: "5") }.contains("  x  integer"))
        #expect(try values("train/inputs") == [1] && values("train/targets") == [2])
    }

    /// Errors too name the same line.
    @Test func errorsDoNotDependOnBlocks() throws {
        let rows = (0..<300).map { "\($0),\"a\nb\",\($0 % 2)\n" }
        for (line, expected) in [
            ("5,6\n", "Line 402: It has 2 fields"), ("inf,x,1\n", "Line 402"), (",x,1\n", "Line 402"),
            ("\"1\"x,1,1\n", "Line 402"),
        ] {
            for blockByteCount in [1, 50, 1 << 20] {
                let text = "a,b,y\n" + (rows[..<200] + [line] + rows[200...]).joined()
                let problem = message { try load(text) { $0.blockByteCount = blockByteCount } }
                #expect(problem.contains(expected), "\(problem)")
            }
        }
    }

    /// The numbers of a table written by pandas are those that pandas reads, with the bits that its exact reader gives.
    @Test func numbersAreThoseOfPandas() throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        var options = TableOptions(files: [fixtures.appendingPathComponent("pandas.csv").path])
        options.missing = .drop
        options.skipped = ["1"]
        let lines = try importTable(options, ImportOptions(), to: output)
        let expected = try HDF5File(path: fixtures.appendingPathComponent("pandas.h5").path)
        #expect(try values("train/inputs") == expected.dataset("inputs").read(Double.self))
        #expect(try values("train/targets") == expected.dataset("targets").read(Double.self))
        #expect(lines.contains { $0.hasPrefix("left out: 6 of 60 rows") }, "\(lines)")
    }
}
