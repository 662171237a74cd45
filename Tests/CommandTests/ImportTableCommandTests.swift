import Foundation
import TestSupport
import Testing

@Suite struct ImportTableCommandTests {
    private let table = "height,width,species\n1.5,2,b\n2.5,1,a\n3.5,7,b\n4.5,3,a\n"

    private func write(_ text: String, to name: String, in folder: URL) throws {
        try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    @Test func tablesBecomeDataToTrainOn() throws {
        try withTemporaryFolder { folder throws in
            try write(table, to: "flowers.csv", in: folder)
            let arguments = [
                "data", "import", "csv", "flowers.csv", "-o", "flowers.h5", "--test-fraction", "0.5", "--stratify",
            ]
            let result = try bnexp(arguments, in: folder)
            #expect(result.exitCode == 0 && result.output == "flowers.h5\n", "\(result)")
            #expect(
                result.errors == """
                    CSV: delimiter ',', names of columns in line 1
                      height   real
                      width    integer
                      species  text, 2 values, target
                    train: 2 x 2 float32 inputs, uint8 targets, 2 classes: a 1, b 1
                    test: 2 x 2 float32 inputs, uint8 targets, 2 classes: a 1, b 1
                    inputs are not scaled: "data.scaling" in the config does that at training, or
                      --scaling here

                    """)
            let config = toyConfig(
                file: "flowers.h5", inputs: "train/inputs", targets: "train/targets", batchSize: 2)
            try write(config, to: "c.json", in: folder)
            let plan = try bnexp(["run", "c.json", "--dry-run"], in: folder)
            #expect(plan.output.contains("train: 2 rows of 2 features"), "\(plan)")
            #expect(try bnexp(arguments, in: folder).exitCode == 73)
            #expect(
                try bnexp(arguments + ["--force", "--scaling", "standardize"], in: folder).errors.hasSuffix("b 1\n"))
        }
    }

    /// What the shell has opened or closed is known: nothing is replaced that is read, and no output is lost in silence.
    @Test func standardStreamsAreWhatTheShellMadeOfThem() throws {
        try withTemporaryFolder { folder throws in
            try write(table, to: "flowers.csv", in: folder)
            let script = """
                b='\(binary.path)'
                "$b" data import csv - -o flowers.csv --force <flowers.csv 2>&1 || echo "exit $?"
                "$b" data import csv flowers.csv -o - >&- 2>errors || echo "exit $?"
                printf 'a,y\\n1,p\\n#N/A,q\\n<NA>,p\\n2,q\\n' >missing.csv
                "$b" data import csv missing.csv -o m.h5 --missing drop 2>&1 >/dev/null | grep train:
                """
            let result = try run(["/bin/bash", "-c", script], in: folder)
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 4, "\(result)")
            #expect(lines.first?.contains("flowers.csv is an input of this command") == true)
            #expect(lines.dropFirst().prefix(2) == ["exit 73", "exit 74"])
            #expect(lines.last?.hasPrefix("train: 2 x 1 uint8 inputs, uint8 targets, 2 classes: p 1, q 1") == true)
        }
    }

    /// A pipe, a file that is compressed and standard output give the same bytes, but for the name of the source.
    @Test func streamsAndCompressedFilesAreRead() throws {
        try withTemporaryFolder { folder throws in
            try write(table, to: "flowers.csv", in: folder)
            let script = """
                set -e
                b='\(binary.path)'
                "$b" data import csv flowers.csv -o a.h5
                cat flowers.csv | "$b" data import csv - -o b.h5
                gzip -c flowers.csv >flowers.csv.gz
                "$b" data import csv flowers.csv.gz -o c.h5
                gzip -c flowers.csv | "$b" data import csv - -o - | cat >d.h5
                tr , '\\t' <flowers.csv >flowers.tsv
                "$b" data import tsv flowers.tsv -o e.h5
                cmp b.h5 d.h5
                for f in a b c d e; do "$b" data inspect --values $f.h5 | grep train/ >$f.txt; cmp a.txt $f.txt; done
                head -c 60 flowers.csv.gz >cut.csv.gz
                "$b" data import csv cut.csv.gz -o f.h5 || echo "exit $?"
                ls -A | grep -c bnexp || true
                """
            let result = try run(["/bin/sh", "-c", script], in: folder)
            #expect(result.exitCode == 0 && result.output == "a.h5\nb.h5\nc.h5\ne.h5\nexit 65\n0\n", "\(result)")
            #expect(result.errors.contains("cut.csv.gz: It is damaged or was cut off"))
        }
    }

    @Test func whatCannotBeWrittenLeavesNothing() throws {
        try withTemporaryFolder { folder throws in
            let rows = (0..<60_000).map { "0.\($0)1234567,\($0 % 2)" }.joined(separator: "\n")
            try write("x,y\n" + rows, to: "a.csv", in: folder)
            // In units of 512 bytes: no room for the rows, and room for them but not for the file with its layout.
            for limit in [100, 1000] {
                let result = try run(
                    ["/bin/sh", "-c", "ulimit -f \(limit); '\(binary.path)' data import csv a.csv -o a.h5"], in: folder)
                #expect(result.exitCode == 73 && result.errors.contains("the disk is full"), "\(result)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.csv"])
            }
            let lost = try run(
                ["/bin/sh", "-c", "'\(binary.path)' data import csv a.csv -o none/a.h5"], in: folder)
            #expect(lost.exitCode == 73 && lost.errors.contains("none"), "\(lost)")
        }
    }

    @Test(arguments: [
        (["a.csv", "-o", "a.h5", "--delimiter", ";;"], 64, "--delimiter is ';;'"),
        (["a.csv", "-o", "a.h5", "--test-fraction", "1.5"], 64, "--test-fraction is 1.5"),
        (["a.csv", "-o", "a.h5", "--stratify"], 64, "--stratify is about --test-fraction"),
        (["a.csv", "-o", "a.h5", "--test", "a.csv", "--test-fraction", "0.5"], 64, "--test names the rows"),
        (["-", "-", "-o", "a.h5"], 64, "- is standard input, which can be read once"),
        (["none.csv", "-o", "a.h5"], 65, "none.csv: The file cannot be read: No such file"),
        (["a.csv", "-o", "a.csv", "--force"], 73, "an input of this command"),
        (["a.csv", "-o", "a.h5", "--test-fraction", "0.01"], 65, "leaves rows for both training and test."),
        (["a.csv", "-o", "a.h5", "--test", "a.csv", "--test-fraction", "0.5"], 64, "Usage: bnexp data import csv"),
        (["a.csv", "-o", "a.h5", "--header", "maybe"], 64, "'maybe'"),
        (["a.csv", "-o", "a.h5", "--categorical", "none"], 65, "no column 'none', which --categorical names"),
        (["a.csv", "-o", "a.h5", "--scaling", "unit"], 65, "The scaling 'unit' divides integers"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ exitCode: Int32, _ expected: String) throws {
        try withTemporaryFolder { folder throws in
            try write(table, to: "a.csv", in: folder)
            let result = try bnexp(["data", "import", "csv"] + arguments, in: folder)
            #expect(
                result.exitCode == exitCode && result.errors.contains(expected) && result.output.isEmpty, "\(result)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.csv"])
        }
    }

    @Test func optionsThatNameColumnsAreGivenSeveralTimes() throws {
        try withTemporaryFolder { folder throws in
            try write("a,b,c,d,e\n1,2,3,4,5\n6,7,8,9,10\n", to: "a.csv", in: folder)
            let arguments = ["data", "import", "csv", "a.csv", "--target", "e", "--target", "1"]
            let first = try bnexp(arguments + ["-o", "a.h5", "--skip", "b", "--skip", "c"], in: folder)
            #expect(
                first.exitCode == 0 && first.errors.contains("train: 2 x 1 uint8 inputs, 2 x 2 uint8 targets"),
                "\(first)")
            let second = try bnexp(arguments + ["-o", "b.h5", "--columns", "b", "--columns", "d,c"], in: folder)
            #expect(second.exitCode == 0 && second.errors.contains("train: 2 x 3 uint8 inputs"), "\(second)")
            let third = try bnexp(arguments + ["-o", "c.h5", "--test", "a.csv", "--test", "a.csv"], in: folder)
            #expect(third.exitCode == 64 && third.errors.contains("--test is given twice"), "\(third)")
        }
    }

    /// A signal ends the import, and leaves neither the output nor a part of it.
    @Test(arguments: [SIGTERM, SIGHUP]) func signalsLeaveNothing(number: Int32) throws {
        try withTemporaryFolder { folder throws in
            let rows = (0..<200_000).map { "0.\($0)1234567,\($0 % 2)\n" }.joined()
            try write("x,y\n" + rows, to: "a.csv", in: folder)
            // An import that is over before the signal comes is begun again.
            let script = """
                code=0
                for ((i = 0; i < 100 && code == 0; i++)); do
                    rm -f a.h5
                    '\(binary.path)' data import csv a.csv -o a.h5 >/dev/null 2>&1 &
                    while kill -0 $! 2>/dev/null && ! ls .a.h5.*.partial >/dev/null 2>&1; do :; done
                    kill -\(number) $! 2>/dev/null
                    wait $!
                    code=$?
                    [ ! -e a.h5 ] || code=0
                done
                echo "exit $code"
                ls -A | grep -v ^std
                """
            let result = try run(["/bin/bash", "-c", script], in: folder)
            #expect(result.output == "exit \(128 + number)\na.csv\n", "\(result)")
        }
    }

    /// Neither an endless stream nor a pipe that nobody reads holds an import up.
    @Test func endlessInputsAndUnreadOutputsAreRefused() throws {
        try withTemporaryFolder { folder throws in
            try write(table, to: "a.csv", in: folder)
            let script = """
                b='\(binary.path)'
                "$b" data import csv - -o a.h5 </dev/zero; echo "exit $?"
                (printf 'a,y\\n1,2\\n'; cat /dev/zero) | "$b" data import csv - -o a.h5; echo "exit $?"
                mkfifo pipe; "$b" data import csv a.csv -o pipe; echo "exit $?"
                rm pipe; ls -A | grep -v ^std
                """
            let result = try run(["/bin/bash", "-c", script], in: folder)
            #expect(result.output == "exit 65\nexit 65\nexit 73\na.csv\n", "\(result)")
            #expect(result.errors.contains("Line 1: Byte 0 (counted from 0) is NUL"))
            #expect(result.errors.contains("Line 3: Byte 8 (counted from 0) is NUL"))
            #expect(result.errors.contains("pipe is a pipe that nobody reads"))
        }
    }

    /// Names of any length and with any characters leave the table one of lines of 80 columns.
    @Test func namesDoNotSpoilTheTable() throws {
        try withTemporaryFolder { folder throws in
            let long = String(repeating: "long ", count: 60)
            try write("\"a\nb\tc\u{1B}[31m\",short,\(long),y\n1,2,3,\"p\nq\"\n4,5,6,r\n", to: "a.csv", in: folder)
            let result = try bnexp(["data", "import", "csv", "a.csv", "-o", "a.h5"], in: folder)
            #expect(result.exitCode == 0, "\(result)")
            let lines = result.errors.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 80 && !$0.contains("\t") && !$0.contains("\u{1B}") }, "\(result)")
            #expect(
                lines.contains("  a\\u{a}b\\u{9}c\\u{1b}[31m  integer")
                    && lines.contains { $0.contains("p\\u{a}q 1, r 1") })
            #expect(lines.contains { $0.hasPrefix("  short  ") && $0.hasSuffix("  integer") }, "\(result)")
        }
    }

    @Test func headersAreWhatTheUserSays() throws {
        try withTemporaryFolder { folder throws in
            try write("1990,1991\n1,2\n3,4\n", to: "a.csv", in: folder)
            let arguments = ["data", "import", "csv", "a.csv", "-o", "a.h5", "--force"]
            let found = try bnexp(arguments + ["--target", "1991"], in: folder)
            #expect(
                found.exitCode == 65 && found.errors.contains("no column '1991'")
                    && found.errors.contains("--header yes"))
            let named = try bnexp(arguments + ["--target", "1991", "--header", "yes"], in: folder)
            #expect(named.errors.contains("  1991  integer, target\ntrain: 2 x 1"), "\(named)")
            let numbered = try bnexp(arguments + ["--target", "2", "--header", "no"], in: folder)
            #expect(numbered.errors.contains("train: 3 x 1"), "\(numbered)")
        }
    }
}
