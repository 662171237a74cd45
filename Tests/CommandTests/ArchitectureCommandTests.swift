import Datasets
import Foundation
import RunStore
import TestSupport
import Testing

/// Residual networks, SELU, mean-only normalization and whitening by the built command.
@Suite struct ArchitectureCommandTests {
    private static let blocks = "model.residual={\"every\": 1, \"factor\": 0.5, \"train_factor\": true}"
    private static let settings: [String: [String]] = [
        "pre": [blocks, "model.hidden=[6, 6, 6]", "model.normalization={\"kind\": \"batch\"}", "model.dropout=0.2"],
        "post": [
            blocks, "model.residual.placement=post", "model.hidden=[6, 6, 6]",
            "model.normalization={\"kind\": \"ghost_batch\", \"size\": 5}", "optimizer={\"kind\": \"adam\"}",
        ],
        "selu": ["model.activation=selu", "model.dropout=0.3", "model.initialization.kind=lecun"],
        "mean only": [
            "model.normalization={\"kind\": \"batch\", \"divide_by_deviation\": false}", "data.scaling=standardize",
        ],
        "eigen": ["model.normalization={\"kind\": \"decorrelated_batch\", \"group_size\": 4, \"epsilon\": 0.01}"],
        "newton": [
            "model.normalization={\"kind\": \"decorrelated_batch\", \"group_size\": 4, \"method\": \"newton\"}",
            "precision=float64",
        ],
    ]

    private func set(_ settings: [String]) -> [String] { settings.flatMap { ["--set", $0] } }

    private func run(_ settings: [String], in folder: URL) throws {
        let result = try bnexp(["run", "c.json", "-q"] + set(settings), in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    /// The gradients are right, a run that goes on from a checkpoint is the same bits, and a checkpoint is evaluated in every
    /// mode.
    @Test(arguments: settings.keys.sorted()) func worksWithEverythingElse(name: String) throws {
        let settings = (ArchitectureCommandTests.settings[name] ?? []) + ["optimizer.learning_rate=0.05"]
        let evaluated = ["evaluation.splits=[\"train\"]"]
        try withToyFolder { folder in
            for command in ["gradcheck", "verify-resume"] {
                let result = try bnexp([command, "c.json"] + set(settings), in: folder)
                #expect(result.exitCode == 0, "\(command): \(result.output)\(result.errors)")
            }
            let modes = name == "selu" ? [] : ["evaluation.modes=[\"running\", \"batch\", \"recomputed\"]"]
            try run(settings + modes + evaluated + ["checkpoint={}", "loss.l2=0.01"], in: folder)
            for mode in name == "selu" ? ["running"] : ["running", "batch", "recomputed"] {
                let result = try bnexp(["evaluate", "latest", "--mode", mode, "--split", "train"], in: folder)
                #expect(result.exitCode == 0, "\(mode): \(result.errors)")
            }
            let verified = try bnexp(["verify", "latest"], in: folder)
            #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
            let weights = try bnexp(["export", "--weights", "w.safetensors", "latest"], in: folder)
            #expect(weights.exitCode == 0, "\(weights.errors)")
            try run(
                settings + evaluated + ["model.initial_weights=w.safetensors", "training.steps=0", "name=again"],
                in: folder)
            let same = try bnexp(
                [
                    "sql", "--csv",
                    "SELECT count(DISTINCT loss) AS losses, count(*) AS evaluations FROM evaluation JOIN run ON run.id = run_id "
                        + "WHERE mode = 'running' AND step = last_step",
                ], in: folder)
            #expect(same.output == "losses,evaluations\n1,2\n", "\(same.output)\(same.errors)")
        }
    }

    /// `sum` is x + factor h in the file of a dump, and a row of `activation_statistic`.
    @Test func sumsAreDumpedAndMeasured() throws {
        try withToyFolder { folder in
            let settings = ["model.hidden=[6, 6]", "model.normalization={\"kind\": \"batch\"}", "precision=float64"]
            try run([ArchitectureCommandTests.blocks] + settings, in: folder)
            #expect(try bnexp(["dump", "latest", "--step", "3", "-o", "d.h5"], in: folder).exitCode == 0)
            let file = try HDF5File(path: folder.appendingPathComponent("d.h5").path)
            func read(_ name: String) throws -> [Double] { try file.dataset("layer/" + name).read() }
            let factor = try read("1/factor")[0], sums = try read("1/sum")
            let expected = zip(try read("0/linear"), try read("1/linear")).map { $0 + factor * $1 }
            #expect(sums.count == 60 && zip(sums, expected).allSatisfy { abs($0 - $1) < 1e-14 })
            let gradient = try read("1/sum_gradient")
            #expect(
                zip(try read("1/linear_gradient"), gradient).allSatisfy { abs($0 - factor * $1) < 1e-15 })
            let products = zip(gradient, try read("1/linear")).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(try abs(read("1/factor_gradient")[0] - products) < 1e-14)
            let rows = try bnexp(
                ["sql", "--csv", "SELECT DISTINCT layer FROM activation_statistic WHERE site = 'sum'"], in: folder)
            #expect(rows.output == "layer\n1\n")
        }
    }

    @Test func whatCannotBeIsRefused() throws {
        try withToyFolder { folder in
            let wide = [
                ArchitectureCommandTests.blocks, "model.hidden=[6, 6]", "model.normalization={\"kind\": \"batch\"}",
            ]
            for (command, settings, exitCode, parts) in [
                (
                    ["run", "c.json"], [ArchitectureCommandTests.blocks, "model.hidden=[6, 7]"], 65,
                    ["model.hidden", "layer 1", "7 units", "one width"]
                ),
                (
                    ["run", "c.json"], [ArchitectureCommandTests.blocks, "model.hidden=[]"], 65,
                    ["model.residual.every", "0 layers"]
                ),
                (
                    ["run", "c.json"], wide + ["model.residual.fixup=true", "model.weight_normalization=weight_norm"],
                    65,
                    ["model.weight_normalization", "fixup"]
                ),
                (
                    ["run", "c.json"], ["model.normalization={\"kind\": \"decorrelated_batch\"}", "model.hidden=[20]"],
                    65,
                    ["model.normalization.group_size", "10 rows", "newton"]
                ),
                (
                    ["run", "c.json"],
                    [
                        "model.normalization={\"kind\": \"decorrelated_batch\", \"group_size\": 4}",
                        "logging.hessian={\"every\": 5}",
                    ],
                    65, ["logging.hessian", "second derivative"]
                ),
                (["run", "c.json"], ["model.frozen=[\"factor\"]"], 65, ["model.frozen", "factor"]),
                (["explain", "c.json", "--layer", "1"], wide, 64, ["layer 1", "residual block"]),
                (["explain", "c.json", "--layer", "0"], wide, 64, ["layer 0", "skip connection"]),
                (["explain", "c.json"], wide, 64, ["--set model.residual=null"]),
            ] as [([String], [String], Int, [String])] {
                let result = try bnexp(command + set(settings), in: folder)
                #expect(result.exitCode == exitCode, "\(command) \(settings): \(result.errors)")
                for part in parts { #expect(result.errors.contains(part), "\(part): \(result.errors)") }
            }
            // A network of blocks that are joined behind the normalization has a layer that can be explained.
            let explained = try bnexp(
                ["explain", "c.json", "--layer", "0"] + set(wide + ["model.residual.placement=post"]), in: folder)
            #expect(explained.exitCode == 0, "\(explained.errors)")
        }
    }

    /// Whitening by eigenvalues needs more rows than units wherever rows are normalized by themselves, training aside.
    @Test(arguments: [
        (
            ["evaluation.modes=[\"batch\"]", "evaluation.batch_size=29"],
            "evaluation.batch_size: found 29, .*batch of 4 rows"
        ),
        (
            ["evaluation.modes=[\"batch\"]", "evaluation.sample={\"train\": 3}"],
            "evaluation.sample.train: found 3, which leaves a batch of 3 rows of the train split, .*group_size"
        ),
        (
            [
                "evaluation.modes=[\"batch\"]",
                "evaluation.perturbations=[{\"kind\": \"fgsm\", \"epsilon\": 1, \"rows\": 4}]",
            ], "evaluation.perturbations.0..rows: found 4, which leaves a batch of 4 rows .*choose at most 3"
        ),
        (["logging.probe={\"rows\": 4}"], "logging.probe: rows: found 4, but model.normalization.group_size: found 4"),
        (["logging.gradient_noise={\"small_batch\": 2}"], "small_batch: found 2, .* choose one of 5\n"),
        (
            ["logging.gradient_noise={\"rows\": 9}"],
            "rows is 9, which cannot be divided into small batches of at least 5 rows"
        ),
    ])
    func whiteningNeedsRows(settings: [String], words: String) throws {
        try withToyFolder { folder in
            let whitening = "model.normalization={\"kind\": \"decorrelated_batch\", \"group_size\": 4}"
            let result = try bnexp(["run", "c.json", "--dry-run"] + set([whitening] + settings), in: folder)
            #expect(
                result.exitCode == 65 && result.errors.range(of: words, options: .regularExpression) != nil,
                "\(result.errors)")
            let whole = ["evaluation.modes=[\"batch\"]", "evaluation.batch_size=30"]
            #expect(try bnexp(["run", "c.json", "--dry-run"] + set([whitening] + whole), in: folder).exitCode == 0)
        }
    }

    /// What PyTorch has no module for is exported under the names of checkpoints, and bnexp says so.
    @Test func sequentialHasNoSkipConnections() throws {
        try withToyFolder { folder in
            try run(
                [
                    ArchitectureCommandTests.blocks, "model.hidden=[6, 6]", "checkpoint={}",
                    "optimizer.learning_rate=0.05",
                ],
                in: folder)
            let result = try bnexp(["export", "--weights", "w.safetensors", "latest"], in: folder)
            #expect(result.exitCode == 0 && result.errors.contains("no residual connections"), "\(result.errors)")
        }
    }
}
