import Datasets
import Foundation
import Support
import TestSupport
import Testing

@Suite struct InitCommandTests {
    /// Rows of two features around the centres of three classes, as a table.
    private func flowers(_ rowCount: Int = 120, header: String = "height,width,species") -> String {
        var generator = SeededGenerator(seed: 3)
        let rows = (0..<rowCount).map { row in
            let noise = (0..<2).map { _ in Double.random(in: -1...1, using: &generator) }
            return
                "\(Double(row % 3) * 3 + noise[0]),\(Double(row % 3 == 1 ? 4 : 0) + noise[1]),\(["ant", "bee", "cat"][row % 3])"
        }
        return ([header] + rows).joined(separator: "\n") + "\n"
    }

    private func write(_ text: String, to name: String, in folder: URL) throws {
        try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    private func config(_ name: String, in folder: URL) throws -> JSON {
        try JSONReader.read(
            String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8), source: name)
    }

    /// What was written must be a config that other commands take.
    private func requireUsable(_ name: String, in folder: URL) throws {
        for arguments in [["config", "show", name], ["run", name, "--dry-run"]] {
            let result = try bnexp(arguments, in: folder)
            #expect(result.exitCode == 0, "\(result)")
        }
    }

    @Test func tableBecomesConfigThatTrainsWell() throws {
        try withTemporaryFolder { folder throws in
            try write(flowers(), to: "flowers.csv", in: folder)
            let result = try bnexp(["init", "flowers.csv"], in: folder)
            #expect(result.exitCode == 0 && result.output == "flowers.json\n", "\(result)")
            for part in ["120 rows", "3 classes", "bnexp run flowers.json"] {
                #expect(result.errors.contains(part), "\(result)")
            }
            let written = try config("flowers.json", in: folder)
            #expect(written["data"]?["file"]?.string == "flowers.h5")
            #expect(written["data"]?["scaling"]?["kind"]?.string == "standardize")
            #expect(written["data"]?["validation"]?["stratify"]?.boolean == true)
            #expect(written["description"]?.string?.isEmpty == false)
            try requireUsable("flowers.json", in: folder)
            let run = try bnexp(["run", "flowers.json", "--progress", "none"], in: folder)
            #expect(run.exitCode == 0, "\(run)")
            let accuracy = try bnexp(
                [
                    "sql", "SELECT accuracy FROM evaluation WHERE split = 'validation' ORDER BY step DESC LIMIT 1",
                    "--csv",
                ],
                in: folder)
            #expect(Double(accuracy.output.split(separator: "\n").last ?? "") ?? 0 > 0.9, "\(accuracy)")
        }
    }

    /// Every format is imported beside its file, in a folder that the config need not be in.
    @Test(arguments: [
        ("rows.svmlight", ["-o", "sub/config.json"], "softmax_cross_entropy"),
        ("names.tsv", ["-o", "sub/config.json", "--data-output", "other.h5"], "softmax_cross_entropy"),
        ("values.csv", ["-o", "sub/config.json", "--target", "y2"], "mean_squared_error"),
    ])
    func textIsImported(_ name: String, _ arguments: [String], _ loss: String) throws {
        try withTemporaryFolder { folder throws in
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("sub"), withIntermediateDirectories: false)
            try write(flowers().replacing(",", with: "\t"), to: "names.tsv", in: folder)
            let lines = (0..<60).map { "\($0 % 2 == 0 ? "+1" : "-1") 1:\(Double($0) / 7) 3:\(Double(-$0 % 5))" }
            try write(lines.joined(separator: "\n") + "\n", to: "rows.svmlight", in: folder)
            let values = (0..<60).map { "\($0),\(Double($0 * $0) / 7)" }
            try write("a,y2\n" + values.joined(separator: "\n") + "\n", to: "values.csv", in: folder)
            let result = try bnexp(["init", name] + arguments, in: folder)
            #expect(result.exitCode == 0 && result.output == "sub/config.json\n", "\(result)")
            let written = try config("sub/config.json", in: folder)
            #expect(written["loss"]?["kind"]?.string == loss)
            #expect(written["data"]?["file"]?.string?.hasPrefix("../") == true)
            try requireUsable("sub/config.json", in: folder)
        }
    }

    @Test(arguments: [
        ("version3.npy", ["--target", "classes.npy"]), ("packed.npz", []),
        ("little.mat", ["--inputs", "X", "--target", "y"]),
    ])
    func arraysAreImported(_ name: String, _ arguments: [String]) throws {
        try withTemporaryFolder { folder throws in
            for file in [name, "classes.npy"] {
                try FileManager.default.copyItem(
                    at: repository.appendingPathComponent("Tests/ImportersTests/Fixtures/\(file)"),
                    to: folder.appendingPathComponent(file))
            }
            let result = try bnexp(["init", name, "-o", "c.json"] + arguments, in: folder)
            #expect(result.exitCode == 0 && result.output == "c.json\n", "\(result)")
            try requireUsable("c.json", in: folder)
            if !arguments.isEmpty, name.hasSuffix(".mat") {
                let unnamed = try bnexp(["init", name, "-o", "d.json", "--data-output", "d.h5"], in: folder)
                #expect(unnamed.exitCode == 65 && unnamed.errors.contains("Give --inputs NAME"), "\(unnamed)")
                let half = try bnexp(["init", name, "-o", "d.json", "--target", "y"], in: folder)
                #expect(half.exitCode == 64 && half.errors.contains("needs --inputs"), "\(half)")
            }
        }
    }

    /// Training and test datasets with known names; pixels are divided by the largest byte.
    @Test func splitsAreFoundByTheirNames() throws {
        try withTemporaryFolder { folder throws in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("a.h5").path)
            for (split, rows) in [("train", 100), ("test", 20)] {
                try writer.write(
                    (0..<rows * 64).map { UInt8($0 * 37 % 251) }, shape: [rows, 8, 8], to: "\(split)_images")
                try writer.write((0..<rows).map { UInt8($0 % 4) }, shape: [rows], to: "\(split)_labels")
            }
            try writer.finish()
            #expect(try bnexp(["init", "a.h5"], in: folder).exitCode == 0)
            let data = try config("a.json", in: folder)["data"]
            #expect(data?["train"]?["inputs"]?.string == "train_images")
            #expect(data?["test"]?["targets"]?.string == "test_labels")
            #expect(data?["scaling"]?["kind"]?.string == "unit" && data?["validation"] == nil)
            try requireUsable("a.json", in: folder)
        }
    }

    @Test func targetsChooseTheLoss() throws {
        try withTemporaryFolder { folder throws in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("a.h5").path)
            try writer.write((0..<240).map { Float($0 % 7) / 7 }, shape: [60, 4], to: "x")
            try writer.write(
                (0..<180).map { UInt8($0 % 3 == 0 || $0 % 5 == 0 ? 1 : 0) }, shape: [60, 3], to: "several")
            try writer.write((0..<180).map { UInt8($0 % 3 == $0 / 3 % 3 ? 1 : 0) }, shape: [60, 3], to: "one_hot")
            try writer.write((0..<60).map { Float($0) * 1.5 }, shape: [60], to: "values")
            try writer.write((0..<60).map { Float($0 % 2) }, shape: [60], to: "labels_as_floats")
            try writer.finish()
            for (target, loss) in [
                ("several", "sigmoid_cross_entropy"), ("one_hot", "softmax_cross_entropy"),
                ("values", "mean_squared_error"), ("labels_as_floats", "softmax_cross_entropy"),
            ] {
                let result = try bnexp(["init", "a.h5", "--target", target, "-o", "\(target).json"], in: folder)
                #expect(result.exitCode == 0, "\(result)")
                let written = try config("\(target).json", in: folder)
                #expect(written["loss"]?["kind"]?.string == loss && written["data"]?["scaling"] == nil)
                try requireUsable("\(target).json", in: folder)
            }
        }
    }

    @Test func ambiguousFileIsAnErrorThatListsTheCandidates() throws {
        try withTemporaryFolder { folder throws in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("a.h5").path)
            for name in ["one", "two"] {
                try writer.write((0..<120).map { Float($0 * 7 % 11) }, shape: [60, 2], to: name)
            }
            try writer.write((0..<60).map { UInt8($0 % 2) }, shape: [60], to: "kind")
            try writer.finish()
            let result = try bnexp(["init", "a.h5"], in: folder)
            #expect(result.exitCode == 65 && result.output.isEmpty, "\(result)")
            for part in ["'one' (60 x 2 float32)", "'two'", "'kind' (60 uint8)", "--inputs NAME and --target NAME"] {
                #expect(result.errors.contains(part), "\(result)")
            }
            let unknown = try bnexp(["init", "a.h5", "--inputs", "twoo", "--target", "kind"], in: folder)
            #expect(unknown.exitCode == 65 && unknown.errors.contains("Did you mean 'two'?"), "\(unknown)")
            let chosen = try bnexp(["init", "a.h5", "--inputs", "two", "--target", "kind", "-o", "-"], in: folder)
            #expect(chosen.exitCode == 0 && chosen.output.contains(#""inputs": "two""#), "\(chosen)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.h5"])
        }
    }

    @Test func oneMatrixHasItsTargetInTheLastColumn() throws {
        try withTemporaryFolder { folder throws in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("a.h5").path)
            try writer.write((0..<60).flatMap { [Float($0), Float($0 * $0), Float($0 % 3)] }, shape: [60, 3], to: "m")
            try writer.finish()
            let result = try bnexp(["init", "a.h5"], in: folder)
            #expect(result.exitCode == 0 && result.errors.contains("the last column"), "\(result)")
            try requireUsable("a.json", in: folder)
            #expect(try bnexp(["run", "a.json", "--dry-run"], in: folder).output.contains("of 2 features"))
        }
    }

    @Test func whatExistsIsReplacedOnlyWhenAsked() throws {
        try withTemporaryFolder { folder throws in
            try write(flowers(), to: "a.csv", in: folder)
            #expect(try bnexp(["init", "a.csv"], in: folder).exitCode == 0)
            let again = try bnexp(["init", "a.csv"], in: folder)
            #expect(again.exitCode == 73 && again.errors.contains("--force replaces it"), "\(again)")
            #expect(try bnexp(["init", "a.csv", "--force"], in: folder).exitCode == 0)
            try write(#"{"model": {"hidden": [3]}}"#, to: "own.json", in: folder)
            let own = try bnexp(["init", "a.h5", "-o", "own.json", "--force"], in: folder)
            #expect(own.exitCode == 73 && own.errors.contains("a config, which is never replaced"), "\(own)")
        }
    }

    @Test(arguments: [
        (["none.csv"], 65, "none.csv: The file cannot be opened"),
        (["."], 65, "This is a folder"),
        (["pipe"], 65, "This is a pipe or a device"),
        (["a.csv", "-o", "x", "--data-output", "x"], 64, "would both be x"),
        (["a.csv", "--data-output", "-"], 64, "--data-output is standard output"),
        (["a.csv", "--inputs", "height"], 64, "--inputs is about two arrays"),
        (["a.csv", "--target", "colour"], 65, "There is no column 'colour'"),
        (["one.csv"], 65, "nothing to learn"),
        (["plain.csv"], 65, "Its columns are a, b"),
        (["gaps.csv"], 65, "bnexp data import csv"),
    ])
    func mistakesAreNamedAndLeaveNothing(_ arguments: [String], _ exitCode: Int32, _ expected: String) throws {
        try withTemporaryFolder { folder throws in
            try write(flowers(), to: "a.csv", in: folder)
            try write("a,label\n" + (0..<60).map { "\($0).5,x\n" }.joined(), to: "one.csv", in: folder)
            try write("a,b\n1,2\n3,4\n", to: "plain.csv", in: folder)
            try write("a,y\n1,2\n,4\n", to: "gaps.csv", in: folder)
            #expect(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
            let result = try bnexp(["init"] + arguments, in: folder)
            #expect(
                result.exitCode == exitCode && result.errors.contains(expected) && result.output.isEmpty, "\(result)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                    "a.csv", "gaps.csv", "one.csv", "pipe", "plain.csv",
                ])
        }
    }

    /// A file that --force would replace stays where no config comes of the new data.
    @Test func failuresLoseNothing() throws {
        try withTemporaryFolder { folder throws in
            try write("a,label\n" + (0..<60).map { "\($0).5,x\n" }.joined(), to: "one.csv", in: folder)
            try write(flowers(), to: "a.csv", in: folder)
            for (arguments, exitCode) in [
                (["one.csv"], 65), (["a.csv", "--data-output", "one.h5", "-o", "none/c.json"], 73),
                (["a.csv", "--data-output", "one.h5", "--target", "colour"], 65),
            ] as [([String], Int32)] {
                try write("keep", to: "one.h5", in: folder)
                let result = try bnexp(["init", "--force"] + arguments, in: folder)
                #expect(result.exitCode == exitCode && !result.errors.contains(".partial"), "\(result)")
                #expect(try String(contentsOf: folder.appendingPathComponent("one.h5"), encoding: .utf8) == "keep")
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                        "a.csv", "one.csv", "one.h5",
                    ])
            }
            #expect(try bnexp(["init", "--force", "a.csv", "--data-output", "one.h5"], in: folder).exitCode == 0)
            try requireUsable("a.json", in: folder)
        }
    }
}
