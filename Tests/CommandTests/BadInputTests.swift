import Datasets
import Foundation
import RunStore
import TestSupport
import Testing

/// Every mistake of a user: the built command says what is wrong, exits with the code that scripts expect, and leaves
/// no run behind.
@Suite struct BadInputTests {
    /// Runs a config in a folder with toy data; expects exit code 65 and all of `words` in the message.
    private func refuses(
        _ config: String, _ words: String..., arguments: [String] = [], prepare: (URL) throws -> Void = { _ in }
    ) throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try prepare(folder)
            try config.write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            let result = try bnexp(["run", "c.json"] + arguments, in: folder)
            #expect(result.exitCode == 65, "\(result.errors)")
            #expect(result.output.isEmpty)
            for word in words { #expect(result.errors.contains(word), "\(word) is not in: \(result.errors)") }
            #expect(!result.errors.contains("HDF5-DIAG") && !result.errors.contains("Fatal error"))
            guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("results.sqlite").path) else {
                return
            }
            let list = try bnexp(["sql", "SELECT count(*) AS runs FROM run", "--json"], in: folder)
            #expect(list.output == "[\n  {\"runs\": 0}\n]\n")
        }
    }

    private func write(_ bytes: [UInt8], to name: String) -> (URL) throws -> Void {
        { try Data(bytes).write(to: $0.appendingPathComponent(name)) }
    }

    /// Writes `bad.h5` with inputs of N x 4 floats and the labels given.
    private func badData(
        inputs: [Float]? = nil, rows: Int = 20, labels: [Double]
    ) -> (URL) throws -> Void {
        { folder in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("bad.h5").path)
            try writer.createGroup("train")
            try writer.write(inputs ?? (0..<rows * 4).map { Float($0 % 7) }, shape: [rows, 4], to: "train/images")
            try writer.write(labels, shape: [labels.count], to: "train/labels")
            try writer.finish()
        }
    }
    private let goodLabels = (0..<20).map { Double($0 % 2) }

    @Test func missingFile() throws { try refuses(toyConfig(file: "none.h5"), "none.h5", "There is no such file") }

    @Test func missingMNISTNamesTheCommand() throws {
        try refuses(
            toyConfig(file: "mnist.h5"), "bnexp data import idx --train-images train-images-idx3-ubyte.gz",
            "--output mnist.h5")
    }

    @Test func emptyFile() throws {
        try refuses(toyConfig(file: "empty.h5"), "empty.h5", "empty", prepare: write([], to: "empty.h5"))
    }

    @Test func notHDF5() throws {
        try refuses(
            toyConfig(file: "text.h5"), "text.h5", "not an HDF5 file",
            prepare: write(Array("just text".utf8), to: "text.h5"))
    }

    @Test func truncatedFile() throws {
        try refuses(toyConfig(file: "cut.h5"), "cut.h5", "cut short") { folder in
            let whole = try Data(contentsOf: folder.appendingPathComponent("toy.h5"))
            try whole.prefix(whole.count / 2).write(to: folder.appendingPathComponent("cut.h5"))
        }
    }

    @Test func missingDataset() throws { try refuses(toyConfig(inputs: "train/image"), "train/image", "train/images") }

    @Test func inputsAndTargetsOfDifferentLength() throws {
        try refuses(toyConfig(targets: "test/labels"), "train/images", "120", "test/labels", "30")
    }

    @Test func wrongRankOfTargets() throws {
        try refuses(toyConfig(targets: "train/images"), "train/images", "120 x 3 x 4", "matrix N x D")
    }

    @Test func stringAndCompoundDatasets() throws {
        let fixtures = repository.appendingPathComponent("Tests/DatasetsTests/Fixtures/types.h5")
        let names = try HDF5File(path: fixtures.path).datasetNames()
        for word in ["string", "compound"] {
            guard let name = names.first(where: { $0.contains(word) }) else {
                Issue.record("no \(word) fixture in \(names)")
                continue
            }
            try refuses(toyConfig(file: "types.h5", inputs: name), name, word) { folder in
                try FileManager.default.copyItem(at: fixtures, to: folder.appendingPathComponent("types.h5"))
            }
        }
    }

    @Test func labelsOutOfRange() throws {
        try refuses(toyConfig(data: ", \"classes\": 2"), "train/labels", "largest class is 2")
    }

    @Test func negativeLabels() throws {
        try refuses(
            toyConfig(file: "bad.h5", data: ", \"class_map\": \"as_numbers\""), "train/labels", "negative",
            prepare: badData(labels: [-1] + goodLabels.dropFirst()))
    }

    @Test func fractionalLabels() throws {
        try refuses(
            toyConfig(file: "bad.h5"), "train/labels", "0.5", "whole number",
            prepare: badData(labels: [0.5] + goodLabels.dropFirst()))
    }

    @Test func oneClassOnly() throws {
        try refuses(
            toyConfig(file: "bad.h5"), "train/labels", "nothing to learn",
            prepare: badData(labels: Array(repeating: 1, count: 20)))
    }

    @Test(arguments: [Float.nan, .infinity])
    func inputsThatAreNotFinite(value: Float) throws {
        var inputs = (0..<80).map { Float($0) }
        inputs[13] = value
        try refuses(
            toyConfig(file: "bad.h5"), "train/images", "row 3", "column 1",
            prepare: badData(inputs: inputs, labels: goodLabels))
    }

    @Test func batchLargerThanTheData() throws {
        try refuses(toyConfig(batchSize: 121), "c.json:3:", "training.batch_size", "121", "120 training rows")
    }

    @Test func batchOfOneRowWithBatchNormalization() throws {
        let normalization = ", \"normalization\": {\"kind\": \"batch\"}"
        try refuses(toyConfig(model: normalization, batchSize: 1), "training.batch_size", "found 1", "variance")
        try refuses(
            toyConfig(data: ", \"drop_last\": false", model: normalization, batchSize: 17), "data.drop_last",
            "120 rows in batches of 17")
        try refuses(
            toyConfig(model: normalization, rest: ", \"evaluation\": {\"modes\": [\"batch\"], \"batch_size\": 7}"),
            "evaluation.batch_size", "found 7")
        // Where few rows are the reason, the key that chose them is blamed.
        func refusesRows(_ evaluation: String, _ words: String...) throws {
            for word in words {
                try refuses(
                    toyConfig(model: normalization, rest: ", \"evaluation\": {\"modes\": [\"batch\"], \(evaluation)}"),
                    word)
            }
        }
        try refusesRows(
            "\"sample\": {\"train\": 1}", "c.json:3:", "evaluation.sample.train: found 1", "choose another number")
        try refusesRows(
            "\"perturbations\": [{\"kind\": \"fgsm\", \"epsilon\": 1, \"rows\": 1}]",
            "evaluation.perturbations[0].rows: found 1")
        try refusesRows("\"sample\": {\"train\": 8}, \"batch_size\": 7", "evaluation.batch_size", "8 of its 120 rows")
    }

    @Test func aLayerLargerThanTheMachine() throws {
        try refuses(
            toyConfig(), "model.hidden", "GB", "this machine has",
            arguments: ["--set", "model.hidden=[1000000,1000000]"])
        try refuses(
            toyConfig(), "model.hidden", "this machine has", arguments: ["--set", "model.hidden=[9000000000000000000]"])
        try refuses(
            toyConfig(), "buffers of 10 + 120 + 30 + 22 rows",
            arguments: [
                "--set", "model.hidden=[1000000,1000000]", "--set", "logging.gradient_noise={\"rows\": 20}", "--set",
                "evaluation.perturbations=[{\"kind\": \"fgsm\", \"epsilon\": 1, \"rows\": 30}]",
            ])
    }

    @Test func configMistakesHaveLineAndColumn() throws {
        try refuses("{ \"data\": ", "c.json:1:11")
        try refuses("{ \"seed\": 1,\n  \"seed\": 2 }", "c.json:2:3", "twice")
        try refuses("{ \"seed\": 1, }", "c.json:1:12", "comma")
        try refuses(toyConfig(rest: ", \"sed\": 1"), "c.json:3:", "did you mean \"seed\"")
        try refuses(toyConfig(rest: ", \"seed\": \"one\""), "seed", "found \"one\"", "whole number")
        try refuses(
            toyConfig(optimizer: "{\"kind\": \"sgd\", \"learning_rate\": -1}"), "optimizer.learning_rate", "found -1",
            "above 0")
    }

    @Test func contradictionBetweenScalingAndType() throws {
        try refuses(
            toyConfig(file: "bad.h5", data: ", \"scaling\": \"unit\""), "unit", "float32",
            prepare: badData(labels: goodLabels))
    }

    @Test func settingsThatContradictEachOther() throws {
        func model(_ normalization: String) -> String { ", \"normalization\": \(normalization)" }
        try refuses(
            toyConfig(model: model("{\"kind\": \"layer\", \"running_statistics\": \"moving_average\"}")),
            "running_statistics", "only \"batch\"", "the kind is \"layer\"")
        try refuses(
            toyConfig(model: model("{\"kind\": \"ghost_batch\", \"size\": 4}")), "model.normalization.size", "found 4",
            "training.batch_size 10")
        try refuses(
            toyConfig(model: model("{\"kind\": \"batch_renorm\", \"r_max\": 0.9}")), "r_max", "found 0.9", "at least 1")
        try refuses(
            toyConfig(optimizer: "{\"kind\": \"sgd\", \"nesterov\": true}"), "optimizer.nesterov",
            "optimizer.momentum is 0")
        try refuses(
            toyConfig(rest: ", \"schedule\": {\"kind\": \"cosine\", \"steps\": 21}"), "schedule.steps", "found 21",
            "the run's 20 updates")
        try refuses(
            toyConfig(rest: ", \"schedule\": {\"kind\": \"constant\", \"warmup_steps\": 30}"), "schedule.warmup_steps",
            "found 30", "20 updates")
    }

    @Test func initialWeightsThatDoNotFit() throws {
        func weights(_ shapes: [[Int]]) -> (URL) throws -> Void {
            { folder in
                let writer = try HDF5Writer(path: folder.appendingPathComponent("w.h5").path)
                for (index, shape) in shapes.enumerated() {
                    try writer.write(
                        [Double](repeating: 0.1, count: shape[0] * shape[1]), shape: shape, to: "layer/\(index)/weight")
                    try writer.write(
                        [Double](repeating: 0, count: shape[1]), shape: [shape[1]], to: "layer/\(index)/bias")
                }
                try writer.finish()
            }
        }
        let config = toyConfig(model: ", \"initial_weights\": \"w.h5\"")
        try refuses(config, "w.h5", "There is no such file")
        try refuses(
            config, "w.h5, dataset 'layer/0/weight'", "12 x 5", "expected 12 x 6",
            prepare: weights([[12, 5], [5, 3]]))
        try refuses(config, "w.h5", "has 1 layers", "the network has 2", prepare: weights([[12, 6]]))
        try refuses(
            toyConfig(model: ", \"initial_weights\": \"w.h5\", \"normalization\": {\"kind\": \"layer\"}"),
            "w.h5, dataset 'layer/0/gamma'", "no such dataset",
            prepare: weights([[12, 6], [6, 3]]))
    }

    @Test func missingConfig() throws {
        try withTemporaryFolder { folder in
            let result = try bnexp(["run", "none.json"], in: folder)
            #expect(result.exitCode == 65 && result.errors.contains("none.json: no such config file"))
            let usage = try bnexp(["run"], in: folder)
            #expect(usage.exitCode == 64)
            let unknown = try bnexp(["run", "c.json", "--treads", "2"], in: folder)
            #expect(unknown.exitCode == 64 && unknown.errors.contains("--threads"))
        }
    }

    @Test func resultsFilesThatCannotBeUsed() throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig().write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            try Data("a text file, not a database at all".utf8).write(to: folder.appendingPathComponent("text"))
            for (path, word) in [
                (".", "is a directory"), ("text", "not a readable SQLite file"), ("no/r.sqlite", "does not exist"),
                ("", "name is empty"),
            ] {
                let result = try bnexp(["run", "c.json", "--db", path], in: folder)
                #expect(result.exitCode == 73 && result.errors.contains(word), "\(path): \(result.errors)")
                #expect(result.output.isEmpty)
            }
            for (sql, words) in [
                (
                    "PRAGMA application_id = 0x626E7870; PRAGMA user_version = 1000",
                    ["schema version 1000", "newer bnexp"]
                ),
                ("PRAGMA application_id = 7; CREATE TABLE t (a)", ["of another application"]),
            ] {
                let path = folder.appendingPathComponent("made.sqlite").path
                try execute(sql, inNewDatabase: path)
                for arguments in [["run", "c.json", "--db", path], ["list", "--db", path]] {
                    let result = try bnexp(arguments, in: folder)
                    #expect(result.exitCode == 73, "\(arguments): \(result.errors)")
                    for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
                }
            }
            let reading = try bnexp(["list"], in: folder)
            #expect(reading.exitCode == 73 && reading.errors.contains("there is no results file results.sqlite"))
        }
    }

    /// The superuser may write anything, so the command runs as nobody where the tests are run by root.
    @Test(.enabled(if: geteuid() != 0 || FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")))
    func aReadOnlyResultsFileIsRefused() throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig().write(to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            let copy = folder.appendingPathComponent("bnexp-copy")
            // By a process of its own: a command that another test starts meanwhile would keep the copy open for writing.
            #expect(try run(["/bin/cp", binary.path, copy.path], in: folder).exitCode == 0)
            chmod(folder.path, 0o777)
            chmod(folder.appendingPathComponent("results.sqlite").path, 0o444)
            let asNobody =
                geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
            let file = try run(asNobody + [copy.path, "run", "c.json"], in: folder)
            #expect(file.exitCode == 73 && file.errors.contains("results.sqlite is read-only"), "\(file.errors)")
            chmod(folder.path, 0o555)
            let new = try run(asNobody + [copy.path, "run", "c.json", "--db", "new.sqlite"], in: folder)
            #expect(
                new.exitCode == 73 && new.errors.contains("is read-only; name another file with --db"), "\(new.errors)")
            chmod(folder.path, 0o755)
        }
    }

    @Test func divergenceIsRecordedAndExitsWithTwo() throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig(optimizer: "{\"kind\": \"sgd\", \"learning_rate\": 1e30}").write(
                to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            let result = try bnexp(["run", "c.json"], in: folder)
            #expect(result.exitCode == 2 && result.errors.contains("diverged"))
            #expect(try bnexp(["run", "c.json", "--allow-divergence"], in: folder).exitCode == 0)
            let statuses = try bnexp(["sql", "SELECT DISTINCT status FROM run", "--csv"], in: folder)
            #expect(statuses.output == "status\ndiverged\n")
        }
    }
}
