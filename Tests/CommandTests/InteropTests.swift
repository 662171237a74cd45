import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// The Python that snippets run in, with the modules that it has.
enum Python {
    static let path: String? = {
        if let path = ProcessInfo.processInfo.environment["BNEXP_PYTHON"] { return path }
        return find("python3")
    }()

    /// Whether it has a module, which is looked for and not loaded.
    static func has(_ module: String) -> Bool {
        guard let path else { return false }
        let code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('\(module)') is None)"
        let result = try? run([path, "-c", code], in: FileManager.default.temporaryDirectory)
        return result?.exitCode == 0
    }

    /// The path of a program: beside the Python, or in the PATH.
    static func find(_ program: String) -> String? {
        let beside = ProcessInfo.processInfo.environment["BNEXP_PYTHON"].map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().path
        }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return ([beside].compactMap { $0 } + folders).map { "\($0)/\(program)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }
}

/// What bnexp writes for other programs, and what they make of it.
@Suite struct InteropTests {
    private func inToyFolder(_ body: (URL) throws -> Void) throws { try withToyFolder(normalizedToyConfig, body) }

    private func rows(_ sql: String, in folder: URL) throws -> [[String: Any]] {
        let result = try bnexp(["sql", sql, "--json"], in: folder)
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
    }

    private func succeeds(_ arguments: String..., in folder: URL) throws {
        let result = try bnexp(arguments, in: folder)
        #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
    }

    private func refuses(_ arguments: [String], _ exitCode: Int32, _ word: String, in folder: URL) throws {
        let result = try bnexp(arguments, in: folder)
        #expect(result.exitCode == exitCode && result.errors.contains(word), "\(arguments): \(result.errors)")
    }

    private func eventFiles(in folder: URL) throws -> [URL] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains("tfevents") }.sorted().map
        {
            folder.appendingPathComponent($0)
        }
    }

    /// Names, values, steps and times are those of the results file, in files whose checks are right.
    @Test func eventFilesHoldTheRun() throws {
        try inToyFolder { folder in
            try succeeds(
                "run", "c.json", "-q", "--name", "a/b c", "--set",
                "logging.histograms={\"bins\": 4, \"minimum\": -1, \"maximum\": 1}", in: folder)
            try succeeds("run", "c.json", "-q", "--set", "optimizer.learning_rate=0.5", "--tag", "t", in: folder)
            try succeeds("export", "--format", "tensorboard", "-o", "logs", in: folder)
            let logs = folder.appendingPathComponent("logs"), files = try eventFiles(in: logs)
            #expect(files.count == 2)
            let uuids = try rows("SELECT uuid FROM run ORDER BY id", in: folder).map { "\($0["uuid"] ?? "")".prefix(8) }
            #expect(
                Set(files.map { $0.deletingLastPathComponent().lastPathComponent })
                    == ["a_b_c-\(uuids[0])", "toy-\(uuids[1])"])
            let file = try EventFileReader(files[0])
            #expect(file.version == "brain.Event:2")
            for (curve, sql) in [
                ("training/loss", "SELECT step, loss AS v FROM training_step WHERE run_id = 1"),
                (
                    "evaluation/train/running/accuracy",
                    "SELECT step, accuracy AS v FROM evaluation WHERE run_id = 1 AND split = 'train' "
                        + "AND mode = 'running'"
                ),
                (
                    "activation/preactivation/mean/layer_0",
                    "SELECT step, mean AS v FROM activation_statistic WHERE run_id = 1 AND layer = 0 "
                        + "AND site = 'preactivation'"
                ),
                (
                    "activation/preactivation/p15/layer_1",
                    "SELECT step, value AS v FROM activation_percentile WHERE run_id = 1 AND layer = 1 "
                        + "AND site = 'preactivation' AND percentile = 15"
                ),
                (
                    "parameter/gamma/gradient_norm/layer_0",
                    "SELECT step, gradient_norm AS v FROM parameter_statistic WHERE run_id = 1 AND layer = 0 "
                        + "AND parameter = 'gamma'"
                ),
            ] {
                let expected = try rows(sql + " ORDER BY step", in: folder)
                let found = file.events.filter { $0.scalars[curve] != nil }
                #expect(!expected.isEmpty && found.map(\.step) == expected.map { $0["step"] as? Int }, "\(curve)")
                for (event, row) in zip(found, expected) {
                    let value = Float(row["v"] as? Double ?? .nan), found = event.scalars[curve] ?? .nan
                    // The text of a number may be read as one of its neighbours.
                    #expect(abs(found - value) <= value.ulp, "\(curve): \(found), expected \(value)")
                }
            }
            let times = try rows(
                "SELECT step, round((julianday(at) - 2440587.5) * 86400, 3) AS t FROM step_time "
                    + "WHERE run_id = 1 ORDER BY step",
                in: folder)
            let found = Dictionary(
                file.events.filter { !$0.scalars.isEmpty }.map { ($0.step, $0.time) }, uniquingKeysWith: { $1 })
            #expect(!times.isEmpty)
            for row in times { #expect((row["step"] as? Int).flatMap { found[$0] } == row["t"] as? Double) }
            let counts = try rows(
                "SELECT counts FROM histogram WHERE run_id = 1 AND layer = 0 AND site = 'preactivation' "
                    + "ORDER BY step LIMIT 1",
                in: folder)
            let histogram = try #require(
                file.events.compactMap { $0.histograms["histogram/preactivation/counts/layer_0"] }.first)
            let total = "\(counts[0]["counts"] ?? "")".split { "[, ]".contains($0) }.compactMap { Double($0) }.reduce(
                0, +)
            #expect(histogram.counts.reduce(0, +) == total && histogram.ends.contains(0.5))
            #expect(histogram.counts.count == histogram.ends.count)
            // The keys of the configs as the plugin HPARAMS has them, those that differ first.
            let plugins = file.events.reduce(into: [:]) { $0.merge($1.plugins) { $1 } }
            #expect(plugins.values.allSatisfy { $0.name == "hparams" })
            #expect(
                Set(plugins.keys)
                    == ["_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info"])
            let experiment = EventFileReader.fields(try #require(plugins["_hparams_/experiment"]).content)[0].bytes
            let keys = EventFileReader.fields(experiment).filter { $0.number == 4 }.map {
                String(decoding: EventFileReader.fields($0.bytes)[0].bytes, as: UTF8.self)
            }
            #expect(keys.contains("model.normalization.kind") && keys.contains("optimizer.learning_rate"))

            try refuses(
                ["export", "--format", "tensorboard", "-o", "logs"], 73, "exists; --force replaces it", in: folder)
            try succeeds(
                "export", "--tag", "t", "--format", "tensorboard", "--table", "training_step", "-o", "logs", "--force",
                in: folder)
            #expect(try eventFiles(in: logs) == files)
            let smaller = try EventFileReader(files[1])
            #expect(smaller.events.allSatisfy { $0.scalars.keys.allSatisfy { $0.hasPrefix("training/") } })
            try refuses(["export", "--format", "tensorboard"], 64, "name their folder with --output", in: folder)
            try refuses(
                ["export", "--format", "tensorboard", "--runs", "-o", "x"], 64, "different exports", in: folder)
        }
    }

    @Test(
        .enabled(if: Python.has("tensorboard"), "Python has no module tensorboard; BNEXP_PYTHON names another Python"))
    func tensorBoardReadsEventFiles() throws {
        try inToyFolder { folder in
            try succeeds("run", "c.json", "-q", in: folder)
            try succeeds("export", "--format", "tensorboard", "-o", "logs", in: folder)
            let script = """
                import json, sys
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
                from tensorboard.plugins.hparams import plugin_data_pb2
                events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
                settings = plugin_data_pb2.HParamsPluginData()
                plugins = events.PluginTagToContent("hparams")
                settings.ParseFromString(plugins["_hparams_/session_start_info"])
                experiment = plugin_data_pb2.HParamsPluginData()
                experiment.ParseFromString(plugins["_hparams_/experiment"])
                print(json.dumps({
                    "loss": [[e.step, e.value] for e in events.Scalars("training/loss")],
                    "rate": settings.session_start_info.hparams["optimizer.learning_rate"].number_value,
                    "kind": settings.session_start_info.hparams["model.normalization.kind"].string_value,
                    "shuffle": settings.session_start_info.hparams["data.shuffle"].bool_value,
                    "metrics": [m.name.tag for m in experiment.experiment.metric_infos],
                }))
                """
            let log = try #require(eventFiles(in: folder.appendingPathComponent("logs")).first)
            let result = try run([try #require(Python.path), "-c", script, log.path], in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            let found = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
            let losses = try rows("SELECT step, loss FROM training_step ORDER BY step", in: folder)
            #expect((found["loss"] as? [[Double]])?.map { Int($0[0]) } == losses.map { $0["step"] as? Int })
            #expect(
                (found["loss"] as? [[Double]])?.map { Float($0[1]) }
                    == losses.map { ($0["loss"] as? Double).map { Float($0) } })
            #expect(found["kind"] as? String == "batch" && found["shuffle"] as? Bool == true)
            #expect((found["rate"] as? Double ?? 0) > 0)
            #expect((found["metrics"] as? [String])?.contains("evaluation/train/running/accuracy") == true)
        }
    }

    /// The event files become runs of a project of Trackio with the curves of the results file.
    @Test(
        .enabled(
            if: ["trackio", "tbparse"].allSatisfy(Python.has) && Python.find("trackio") != nil,
            "trackio or tbparse is missing; BNEXP_PYTHON names another Python"))
    func trackioReadsEventFiles() throws {
        try inToyFolder { folder in
            try succeeds("run", "c.json", "-q", in: folder)
            try succeeds("run", "c.json", "-q", "--set", "optimizer.learning_rate=0.5", "--name", "fast", in: folder)
            try succeeds("export", "--format", "tensorboard", "-o", "logs", in: folder)
            let environment = ["TRACKIO_DIR": folder.appendingPathComponent("trackio").path, "HF_HUB_OFFLINE": "1"]
            func trackio(_ arguments: String...) throws -> [String: Any] {
                let program = try #require(Python.find("trackio"))
                let result = try run([program] + arguments + ["--json"], in: folder, environment: environment)
                #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
                return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
            }
            let code = "import trackio; trackio.import_tf_events('logs', project='toy')"
            let imported = try run([try #require(Python.path), "-c", code], in: folder, environment: environment)
            #expect(imported.exitCode == 0, "\(imported.errors)")
            let logs = folder.appendingPathComponent("logs")
            let names = try eventFiles(in: logs).map { $0.deletingLastPathComponent().lastPathComponent }
            #expect(Set(try trackio("list", "runs", "--project", "toy")["runs"] as? [String] ?? []) == Set(names))
            for (curve, sql) in [
                ("training/loss", "SELECT step, loss AS v FROM training_step WHERE run_id = 2 ORDER BY step"),
                (
                    "evaluation/train/running/accuracy",
                    "SELECT step, accuracy AS v FROM evaluation WHERE run_id = 2 AND split = 'train' "
                        + "AND mode = 'running' ORDER BY step"
                ),
            ] {
                let name = try #require(names.first { $0.hasPrefix("fast-") })
                let found = try trackio("get", "metric", "--project", "toy", "--run", name, "--metric", curve)
                let values = try #require(found["values"] as? [[String: Any]])
                let expected = try rows(sql, in: folder)
                #expect(!expected.isEmpty && values.count == expected.count, "\(curve)")
                for (value, row) in zip(values, expected) {
                    #expect(value["step"] as? Int == row["step"] as? Int, "\(curve)")
                    let number = Float(row["v"] as? Double ?? .nan), found = Float(value["value"] as? Double ?? .nan)
                    #expect(abs(found - number) <= number.ulp, "\(curve): \(found), expected \(number)")
                }
            }
        }
    }

    @Test func runsAreRows() throws {
        try inToyFolder { folder in
            try succeeds("run", "c.json", "-q", "--tag", "x", in: folder)
            try succeeds("run", "c.json", "-q", "--set", "optimizer.learning_rate=0.5", in: folder)
            let lines = try bnexp(["export", "--runs", "--format", "jsonl"], in: folder).output.split(separator: "\n")
            let runs = try lines.map {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
            }
            #expect(runs.map { $0["id"] as? Int } == [1, 2] && runs[0]["tags"] as? String == "x")
            #expect(runs[1]["optimizer.learning_rate"] as? Double == 0.5)
            let summary = try rows("SELECT * FROM run_summary WHERE run_id = 2", in: folder)[0]
            #expect(runs[1]["final_loss"] as? Double == summary["final_loss"] as? Double)
            let paths = try rows("SELECT DISTINCT path FROM run_parameter", in: folder).compactMap {
                $0["path"] as? String
            }
            #expect(paths.allSatisfy { runs[0].keys.contains($0) })
            #expect(
                try bnexp(["export", "--runs", "--tag", "x"], in: folder).output.split(separator: "\r\n").count == 2)
            try refuses(["export", "--runs", "--table", "run"], 64, "--runs is a table of its own", in: folder)
        }
    }

    /// A checkpoint that goes to safetensors and back is the same bits, whatever its normalization.
    @Test(arguments: ["batch", "layer", "batch_renorm"]) func weightsGoToSafetensorsAndBack(kind: String) throws {
        try inToyFolder { folder in
            try succeeds(
                "run", "c.json", "-q", "--set", "model.normalization={\"kind\": \"\(kind)\"}", "--set", "checkpoint={}",
                in: folder)
            let export = try bnexp(["export", "latest", "--weights", "w.safetensors"], in: folder)
            #expect(export.exitCode == 0 && export.output == "w.safetensors\n", "\(export.errors)")
            #expect(
                export.errors.contains("layer 0: batch_renorm is no module of PyTorch") == (kind == "batch_renorm"),
                "\(export.errors)")
            let file = try SafetensorsFile(path: folder.appendingPathComponent("w.safetensors").path)
            let run = try rows("SELECT uuid, last_step, config FROM run", in: folder)[0]
            #expect(file.metadata["run_uuid"] == run["uuid"] as? String)
            #expect(file.metadata["step"] == "\(run["last_step"] ?? "")")
            #expect(
                file.metadata["module"]?.hasPrefix("nn.Sequential(nn.Linear(") == (kind == "batch_renorm" ? nil : true))
            try succeeds(
                "run", "c.json", "-q", "--set", "model.normalization={\"kind\": \"\(kind)\"}", "--set", "checkpoint={}",
                "--set", "training.steps=0", "--set", "model.initial_weights=w.safetensors", "--name", "again",
                in: folder)
            try succeeds("export", "again", "--weights", "again.safetensors", in: folder)
            let again = try SafetensorsFile(path: folder.appendingPathComponent("again.safetensors").path)
            #expect(again.shapes == file.shapes)
            for (name, shape) in file.shapes where !shape.isEmpty {
                let count = shape.reduce(1, *)
                let (a, b) = (Matrix<Float>(rows: 1, columns: count), Matrix<Float>(rows: 1, columns: count))
                try file.read(name, shape: shape, into: a)
                try again.read(name, shape: shape, into: b)
                #expect(a.elements.elementsEqual(b.elements), "\(name)")
            }
            try refuses(["export", "latest", "--weights", "w.safetensors"], 73, "--force", in: folder)
            try refuses(["export", "latest", "--data", "toy.h5"], 64, "belong to --weights", in: folder)
            try refuses(["export", "1", "2", "--weights", "x"], 64, "2 are chosen", in: folder)
        }
    }

    /// A piece of docs/interop.md: its language and lines.
    struct Snippet: Sendable, CustomTestStringConvertible {
        let language: String
        let code: String
        var testDescription: String { code.split(separator: "\n").last.map(String.init) ?? "" }

        /// What is missing on this machine; nil if nothing is.
        var missing: String? {
            switch language {
            case "python":
                guard Python.path != nil else { return "python3" }
                let modules = code.matches(of: /(?m)^(?:import|from) (\w+)/).map { String($0.1) }
                let needed = modules + (code.contains("import_tf_events") ? ["tbparse"] : [])
                return needed.first { !Python.has($0) }
            case "r": return Python.find("Rscript") == nil ? "Rscript" : nil
            default:
                let program = String(code.prefix { $0 != " " })
                return program == "bnexp" || Python.find(program) != nil ? nil : program
            }
        }
    }

    /// Every snippet of the page works as it is typed, after the demo; those whose programs are missing are named.
    @Test func snippetsOfThePageWork() throws {
        let page = try String(contentsOf: repository.appendingPathComponent("docs/interop.md"), encoding: .utf8)
        let snippets = page.matches(of: /(?s)```(\w+)\n(.*?)```/).map {
            Snippet(language: String($0.1), code: String($0.2))
        }
        #expect(snippets.count > 10)
        try withTemporaryFolder { folder in
            for name in ["configs", "data"] {
                try FileManager.default.createSymbolicLink(
                    at: folder.appendingPathComponent(name), withDestinationURL: repository.appendingPathComponent(name)
                )
            }
            for config in ["configs/mnist_bn.json", "configs/mnist_nobn.json"] {
                try succeeds("run", config, "-q", "--db", "demo.sqlite", "--set", "training.steps=120", in: folder)
            }
            let environment = [
                "BNEXP_DB": "demo.sqlite", "TRACKIO_DIR": folder.appendingPathComponent("trackio").path,
                "HF_HUB_OFFLINE": "1",
            ]
            var unwritten: Set<String> = []
            for snippet in snippets {
                // What a snippet would have written that was left out, later ones lack too.
                if let missing = snippet.missing ?? unwritten.first(where: snippet.code.contains) {
                    print("docs/interop.md: \(missing) is missing for: \(snippet.testDescription)")
                    unwritten.formUnion(snippet.code.matches(of: /"(changed\.\w+)"/).map { String($0.1) })
                    continue
                }
                let command: [String]
                switch snippet.language {
                case "python": command = [try #require(Python.path), "-c", snippet.code]
                case "r": command = [try #require(Python.find("Rscript")), "-e", snippet.code]
                default:
                    let quick = snippet.code.replacing("bnexp run ", with: "bnexp run --set training.steps=20 ")
                    let folders = Python.find("datasette").map {
                        "PATH=\"${PATH}:\(($0 as NSString).deletingLastPathComponent)\"; "
                    }
                    command = [
                        "/bin/bash", "-ec", "\(folders ?? "")bnexp() { '\(binary.path)' \"$@\"; }; \(quick)",
                    ]
                }
                let result = try run(command, in: folder, environment: environment)
                #expect(result.exitCode == 0, "\(snippet.code): \(result.errors)")
            }
        }
    }
}
