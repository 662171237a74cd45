import Foundation
import GRDB
import RunStore
import TestSupport
import Testing
import Training

/// `bnexp plot` on planted runs and a planted sweep: two normalizations, two rates, two seeds.
///
/// Run 8 diverged.
@Suite struct PlotCommandTests {
    private func inPlantedFolder(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("results.sqlite").path
            try ResultsFile(writing: path).close()
            var sql = "INSERT INTO sweep VALUES (1, '00000000-old', 'rates', '{}'), (2, 'abcdef12-new', 'rates', '{}');"
            for run in 1...8 {
                let (seed, rate, variant) = (run % 2, run % 4 / 2 == 0 ? 0.1 : 1, run <= 4 ? "BN" : "plain")
                sql += """
                    INSERT INTO run (id, uuid, name, status, created_at, seed, config, config_hash, data_hash, identity, precision, version, threads, cpu, blas,
                        blas_kernel, engine_path, command, last_step) VALUES (\(run), 'uuid-\(run)', '\(run < 3 ? "same" : "run\(run)")',
                        '\(run == 8 ? "diverged" : "finished")', '', \(seed), '{}', '', '', 'identity\(run)', 'float32', '', 1, '', '', '', '', '', 10);
                    INSERT INTO run_parameter VALUES (\(run), 'loss.kind', '\(run == 7 ? "mean_squared_error" : "softmax_cross_entropy")'),
                        (\(run), 'seed', \(seed));
                    INSERT INTO sweep_trial VALUES (2, \(run), 'identity\(run)');
                    INSERT INTO sweep_value VALUES (2, \(run), 'seed', NULL, \(seed)), (2, \(run), 'optimizer.learning_rate', NULL, \(rate)),
                        (2, \(run), 'schedule.learning_rate', NULL, 1), (2, \(run), 'variant', '\(variant)', '{}');
                    """
                for step in [0, 5, 10] {
                    sql += """
                        INSERT INTO training_step VALUES (\(run), \(step), 0, \(Double(run) / Double(step + 1)), NULL, 0.5, 0.1, 1);
                        INSERT INTO evaluation VALUES (\(run), \(step), 'test', 'running', 1, \(Double(run * step) / 100), 10);
                        """
                    for layer in [0, 1] {
                        sql += """
                            INSERT INTO parameter_statistic (run_id, step, layer, parameter, gradient_norm, nonfinite_count)
                                VALUES (\(run), \(step), \(layer), 'weight', \(Double(run) * pow(10, Double(layer))), 0);
                            """
                    }
                }
            }
            sql +=
                "INSERT INTO sweep_trial VALUES (2, 9, 'identity-of-none'); INSERT INTO sweep_value VALUES (2, 9, "
                + "'variant', 'plain', '{}');"
            try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: sql) }
            try body(folder)
        }
    }

    private func plot(_ arguments: String..., input: String? = nil, in folder: URL) throws -> CommandResult {
        let result = try bnexp(["plot"] + arguments, in: folder, input: input)
        #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
        return result
    }

    private func refuses(_ arguments: [String], exitCode: Int32 = 64, _ words: String..., in folder: URL) throws {
        let result = try bnexp(["plot"] + arguments, in: folder)
        #expect(result.exitCode == exitCode && result.output.isEmpty, "\(arguments): \(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(word) is not in: \(result.errors)") }
    }

    @Test func runsAreDrawnInTheTerminalOrAsSVG() throws {
        try inPlantedFolder { folder in
            let text = try plot("run3", "run4", "--metric", "loss", "--width", "60", "--height", "12", in: folder)
            let lines = text.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(
                lines.count == 13 && lines[0] == "training loss (nats) by step" && lines[1] == "A  run3   B  run4"
                    && text.errors.isEmpty)
            #expect(lines.allSatisfy { $0.count <= 60 } && !text.output.contains("\u{1B}") && text.output.contains("┤"))
            let columns = try run([binary.path, "plot", "1"], in: folder, environment: ["COLUMNS": "44"]).output.split(
                separator: "\n")
            #expect(columns.map(\.count).max() == 44 && columns.count == 20)
            #expect(
                try plot("1", "2", "--metric", "accuracy", in: folder).output.contains(
                    "A  same, seed=1   B  same, seed=0"),
                "repeated names have what differs")
            #expect(try plot("1", "1", in: folder).output.contains("━━ same\n"), "once")
            let log = try plot("run3", "--metric", "loss", "--log-y", "--svg", "--title", "a < b", in: folder).output
            let sameLog = try plot("run3", "--metric", "loss", "--log", "--svg", "--title", "a < b", in: folder).output
            #expect(log.hasPrefix("<svg") && log.contains("a &lt; b") && log == sameLog)
            let file = try plot("run3", "-o", "f.svg", in: folder)
            let written = try String(contentsOf: folder.appendingPathComponent("f.svg"), encoding: .utf8)
            #expect(file.output.isEmpty && written.contains("test accuracy"))
            let layers = try plot("1", "2", "--metric", "weight_gradient_norm", "--svg", in: folder).output
            #expect(layers.contains(">same, seed=0, layer 1</text>") && layers.matches(of: /<polyline/).count == 4)
            let map = try plot("1", "--heat-map", "--metric", "weight_gradient_norm", "--log-color", in: folder).output
            #expect(
                map.contains("1  █ 10") && map.contains("0  ░  1") && map.contains("same: weight gradient norm (L2)"),
                "\(map)")
        }
    }

    @Test func severalMetricsAndLayersHavePanels() throws {
        try inPlantedFolder { folder in
            let metrics = try plot(
                "run3", "run4", "--metric", "loss", "--metric", "test_accuracy", "--svg", in: folder
            ).output
            for title in ["training loss (nats)", "test accuracy"] { #expect(metrics.contains(">\(title)</text>")) }
            #expect(metrics.matches(of: /<polyline/).count == 4 && metrics.matches(of: />run4<\/text>/).count == 1)
            let layers = try plot(
                "run3", "run4", "--metric", "weight_gradient_norm", "--by", "layer", "--svg", in: folder
            ).output
            #expect(layers.contains(">layer 0</text>") && layers.contains(">layer 1</text>"))
            #expect(
                layers.matches(of: />run3<\/text>/).count == 1 && layers.matches(of: />40<\/text>/).count == 2
                    && layers.matches(of: />step<\/text>/).count == 1
                    && layers.matches(of: />weight gradient norm/).count == 1, "one axis, legend and label each")
            let one = try plot(
                "run3", "run4", "--metric", "weight_gradient_norm", "--layer", "1", "--svg", in: folder
            ).output
            #expect(one.matches(of: /<polyline/).count == 2 && one.contains(">run4, layer 1</text>"))
            let shades = try plot("run3", "run4", "--metric", "weight_gradient_norm", "--svg", in: folder).output
            #expect(
                shades.matches(of: /polyline [^>]*#0072B2/).count == 1
                    && shades.matches(of: /polyline [^>]*#A6CEE4/).count == 1,
                "a hue for a run, lighter for the next layer")
            #expect(try plot("run7", "run3", "--metric", "loss", in: folder).output.hasPrefix("training loss by step"))
            let groups = try plot("1", "2", "run3", "--by", "variant", "--svg", in: folder).output
            #expect(groups.matches(of: /<polyline/).count == 3 && groups.contains(">same, seed=1</text>"))
        }
    }

    @Test func divergedRunsAndLimitsAreShown() throws {
        try inPlantedFolder { folder in
            let text = try plot("run7", "run8", "--metric", "loss", "--width", "60", in: folder).output
            #expect(text.contains("run8 (× diverged)") && text.contains("×\n"), "\(text)")
            let map = try plot(
                "1", "run7", "--heat-map", "--metric", "weight_gradient_norm", "--color-max", "70", in: folder
            ).output
            #expect(map.matches(of: /░▒▓█ 70/).count == 1, "one scale for both: \(map)")
            let limited = try plot(
                "run3", "--metric", "loss", "--y-min", "0", "--y-max", "1", "--color", "run3=#123456", "--svg",
                in: folder
            ).output
            #expect(limited.contains("clip-path") && limited.contains("#123456") && !limited.contains(">3</text>"))
            let tall = try plot("run3", "--metric", "loss", "--y-max", "0.5", "--width", "60", in: folder).output
            #expect(tall.contains("0.5 ┤") && !tall.contains("  1 ┤"))
        }
    }

    /// A run that diverged, beside others, does not flatten them, and is told of.
    @Test func axesEndBeforeWhatFlattensTheOthers() throws {
        try inPlantedFolder { folder in
            try DatabaseQueue(path: folder.appendingPathComponent("results.sqlite").path).inDatabase {
                try $0.execute(
                    sql: """
                        UPDATE training_step SET loss = 1e13 WHERE run_id = 8 AND step = 5;
                        UPDATE training_step SET loss = NULL WHERE run_id = 8 AND step = 10;
                        """)
            }
            let note = "1 value above 8 is not shown; --y-max all shows it"
            let text = try plot("run7", "run8", "--metric", "loss", in: folder)
            #expect(text.output.contains("▲") && text.output.contains("8 ┤"), "\(text.output)")
            #expect(text.errors.contains(note) && text.errors.contains("1 value is not a number"), "\(text.errors)")
            let file = try plot("run7", "run8", "--metric", "loss", "--svg", in: folder)
            #expect(file.output.contains(">\(note)</text>") && file.errors.contains(note))
            let all = try plot("run7", "run8", "--metric", "loss", "--y-max", "all", in: folder)
            #expect(all.output.contains("1e13 ┤") && !all.errors.contains("not shown"), "\(all.output)")
            let some = try plot("run7", "run8", "--metric", "loss", "--y-max", "20", in: folder)
            #expect(some.output.contains("20 ┤") && some.output.contains("▲"), "what the reader cuts is marked too")
            #expect(some.errors.contains("1 value above 20 is not shown\n"), "\(some.errors)")
        }
    }

    /// A legend says what a sweep chose for its trials; the seeds of a variant have the same colours in each panel.
    @Test func trialsAreCalledByTheirSettings() throws {
        try PlantedResults.inFolder { folder in
            let runs = try plot("1", "3", "--metric", "loss", "--svg", in: folder).output
            #expect(runs.contains(">learning_rate=0.1</text>") && !runs.contains("rates/"))
            let variants = try plot("1", "2", "3", "4", "--metric", "loss", "--by", "variant", "--svg", in: folder)
                .output
            for text in ["seed=0", "seed=1", "learning_rate=0.1", "learning_rate=1"] {
                #expect(variants.matches(of: try Regex(">\(text)</text>")).count == 1, "\(text)")
            }
            #expect(variants.matches(of: /polyline [^>]*#0072B2/).count == 2)
        }
    }

    @Test func distributionsAndClocksAreDrawn() throws {
        try inPlantedFolder { folder in
            var sql = "UPDATE run SET steps_per_epoch = 5;"
            for (step, seconds) in [(0, 0.0), (5, 40), (10, 200)] {
                sql += "INSERT INTO step_time VALUES (1, 1, \(step), \(seconds), '');"
                for (percentile, value) in [(15, -1), (50, 0), (85, 3)] {
                    sql += """
                        INSERT INTO activation_percentile (run_id, step, layer, site, percentile, value)
                            VALUES (1, \(step), 0, 'preactivation', \(percentile), \(value)),
                                (1, \(step), 0, 'activation', \(percentile), 100);
                        """
                }
                sql += """
                    INSERT INTO histogram (run_id, step, layer, site, counts)
                        VALUES (1, \(step), 2, 'preactivation', '[0,1,3,0]');
                    INSERT INTO normalization_statistic (run_id, step, layer, gamma_mean, gamma_minimum, gamma_maximum)
                        VALUES (1, \(step), 0, 1, 0.5, 2);
                    """
            }
            sql += """
                INSERT INTO run_parameter VALUES (1, 'logging.histograms.minimum', -1.0),
                    (1, 'logging.histograms.maximum', 1.0), (1, 'logging.histograms.bins', 2);
                """
            try DatabaseQueue(path: folder.appendingPathComponent("results.sqlite").path).inDatabase {
                try $0.execute(sql: sql)
            }
            let seconds = try plot("1", "--metric", "loss", "--x", "seconds", "--svg", in: folder).output
            #expect(seconds.contains(">seconds of training</text>") && seconds.contains(">200</text>"))
            let places = seconds.firstMatch(of: /points="([0-9.]+),[0-9.]+ ([0-9.]+),[0-9.]+ ([0-9.]+),/)
            #expect(places?.1 == "68" && places?.2 == "194.4" && places?.3 == "700", "a fifth of the way")
            let epochs = try plot("1", "--metric", "loss", "--x", "epoch", "--svg", in: folder).output
            #expect(epochs.contains(">epoch</text>") && epochs.contains(">2</text>") && !epochs.contains(">10</text>"))
            let band = try plot("1", "--metric", "activation_percentile", "--svg", in: folder).output
            #expect(band.contains("fill-opacity") && band.contains(">-1</text>") && band.contains(">3</text>"))
            #expect(!band.contains(">100</text>"), "of preactivations alone")
            let gamma = try plot("1", "--metric", "gamma", "--svg", in: folder).output
            #expect(gamma.contains("fill-opacity") && gamma.contains(">0.5</text>"))
            let map = try plot("1", "--metric", "histogram", "--heat-map", in: folder).output
            #expect(
                map.contains("layer 2") && map.contains("above 1 ░") && map.contains("\n    -0.5 ")
                    && map.contains("below -1 ░") && !map.contains(" 0.75\n"), "\(map)")
            let note = try plot("1", "run3", "--metric", "gamma", in: folder)
            #expect(note.errors.contains("run 3 (run3) has no gamma, and is left out"))
        }
    }

    /// Without colours a run has its dashes, and its layers have their markers.
    @Test func layersAreToldApartInGrey() throws {
        try inPlantedFolder { folder in
            let svg = try plot("run3", "run4", "--metric", "weight_gradient_norm", "--grey", "--svg", in: folder).output
            // Layer 0 of both runs at three steps and in the legend.
            #expect(svg.matches(of: /<circle/).count == 8 && svg.contains("stroke-dasharray"), "\(svg)")
        }
    }

    @Test func figuresHaveTheSizeOfThePaper() throws {
        try inPlantedFolder { folder in
            func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }
            _ = try plot("1", "-o", "a.pdf", "--size", "89x60", "--font-size", "7", in: folder)
            let pdf = String(decoding: try bytes("a.pdf"), as: UTF8.self)
            #expect(pdf.hasPrefix("%PDF-1.7") && pdf.contains("/MediaBox [0 0 252.2835 170.0787]"))
            _ = try plot("1", "-o", "a.pdf", in: folder)
            _ = try plot("1", "-o", "a.png", "--size", "89x60", in: folder)
            _ = try plot("1", "-o", "a.png", "--size", "89x60", in: folder)
            let png = Array(try bytes("a.png"))
            #expect(png[16..<24] == [0, 0, 4, 28, 0, 0, 2, 197], "1052 x 709 pixels: \(png[16..<24])")
            _ = try plot("1", "-o", "a.svg", "--size", "89x60", in: folder)
            #expect(String(decoding: try bytes("a.svg"), as: UTF8.self).contains("width=\"89mm\" height=\"60mm\""))
            let lost = try plot("1", "-o", "b.pdf", "--title", "損失 β", in: folder)
            #expect(lost.errors.contains("question marks for 失 損"), "\(lost.errors)")
            try Data("text".utf8).write(to: folder.appendingPathComponent("c.pdf"))
            try refuses(["1", "-o", "c.pdf"], exitCode: 73, "--force", in: folder)
        }
    }

    @Test func anySelectIsDrawn() throws {
        try inPlantedFolder { folder in
            let byPosition = try plot(
                "--sql",
                "SELECT step AS t, loss AS L, name FROM training_step JOIN run ON run.id = run_id WHERE run_id > 6 "
                    + "ORDER BY step DESC",
                "--svg", in: folder
            ).output
            #expect(
                byPosition.contains(">t</text>") && byPosition.contains(">L</text>")
                    && byPosition.contains(">run8</text>"))
            let first = byPosition.firstMatch(of: /points="([^ ]*),[^ ]* ([^ ]*),/)
            #expect(Double(first?.1 ?? "") ?? 9 < Double(first?.2 ?? "") ?? 0, "in the order of x")
            let panels = try plot(
                "--sql", "-", "--x-label", "time",
                input:
                    "SELECT loss AS y, step AS x, loss / 2 AS low, loss * 2 AS high, seed AS panel FROM training_step "
                    + "JOIN run ON run.id = run_id WHERE run_id < 3",
                in: folder)
            #expect(
                panels.output.matches(of: /time/).count == 1 && panels.output.hasPrefix("━━ y\n\n1\n"),
                "\(panels.output)")
            let colours = try plot(
                "--sql", "SELECT 1 AS x, 1 AS y, 'a' AS series, 'p' AS panel UNION ALL SELECT 1, 1, 'b', 'q'", "--svg",
                in: folder
            ).output
            #expect(
                colours.matches(of: />b<\/text>/).count == 1 && colours.matches(of: /circle [^>]*#D55E00/).count == 1,
                "b has its colour in both panels")
            let areas = try plot(
                "--sql", "SELECT 1 AS x, 2 AS y, 1 AS low, 3 AS high UNION SELECT 2, 2, 1, 3", "--svg", in: folder)
            #expect(areas.output.contains("fill-opacity"))
            let gap = try plot("--sql", "SELECT 1 AS x, 1 AS y UNION SELECT 2, NULL UNION SELECT 3, 9e999", in: folder)
            #expect(
                gap.errors.contains("rows without y, which are gaps in lines: 1")
                    && gap.errors.contains("1 value that is infinite or beyond 1e300 is left out"), "\(gap.errors)")
            #expect(
                try plot("--sql", "SELECT NULL, 1 UNION ALL SELECT 2, 3", in: folder).errors.contains(
                    "rows without NULL, left out: 1"))
            let map = try plot(
                "--sql", "SELECT 'b' AS rate, 'r' AS kind, 0.25 AS loss UNION ALL SELECT 'a', 'r', 0.75", "--heat-map",
                in: folder
            ).output
            #expect(map.contains("r  ░ 0.25 █ 0.75"), "texts in the order of the rows: \(map)")
        }
    }

    @Test func sweepsAreDrawnOverStepsAndAxes() throws {
        try inPlantedFolder { folder in
            let curves = try plot("--sweep", "rates", "--metric", "loss", "--svg", in: folder)
            for name in ["BN, optimizer.learning_rate 0.1", "plain, optimizer.learning_rate 1"] {
                #expect(curves.output.contains(">\(name)</text>"), "\(name)")
            }
            #expect(
                curves.output.matches(of: /<polyline/).count == 4
                    && curves.output.matches(of: /fill-opacity/).count == 3, "run 8 has left its seed alone")
            #expect(
                curves.errors.contains("1 of 9 trials diverged and are left out")
                    && curves.errors.contains("1 of 9 trials have no run yet"))
            let variants = try plot(
                "--sweep", "abcd", "--x", "optimizer.learning_rate", "--log-x", "--metric", "test_accuracy", in: folder
            ).output
            #expect(variants.contains("A  BN   B  plain") && variants.contains("rates: test accuracy"), "\(variants)")
            let categories = try plot("--sweep", "latest", "--x", "variant", in: folder).output
            #expect(
                categories.contains("A  optimizer.learning_rate 0.1   B  optimizer.learning_rate 1")
                    && categories.contains("plain"), "\(categories)")
            let final = try plot("--sweep", "latest", "--x", "variant", "--svg", in: folder).output
            for note in [
                "1 of 9 trials diverged and are left out", "hollow markers are means without some of the seeds",
            ] {
                #expect(final.contains(">\(note)</text>"), "\(note)")
            }
            #expect(final.matches(of: /<circle [^>]*fill="#FFFFFF"/).count == 1, "run 8 has left its seed alone")
            // Final accuracies are run / 10: runs 1 and 4, 2 and 3, 5 without 8, which diverged, 6 and 7.
            let map = try plot(
                "--sweep", "2", "--x", "optimizer.learning_rate", "--y", "variant", "--metric", "evaluation_accuracy",
                in: folder
            ).output
            #expect(map.contains("   BN  ░ 0.25 ░ 0.25\nplain  ▓  0.5 █ 0.65"), "\(map)")
            let layers = try plot(
                "--sweep", "2", "--x", "layer", "--metric", "weight_gradient_norm", "--svg", in: folder
            ).output
            #expect(layers.contains(">layer</text>") && layers.matches(of: /<polyline/).count == 4)
            let panels = try plot("--sweep", "2", "--metric", "loss", "--by", "variant", "--svg", in: folder).output
            for text in ["BN", "plain", "optimizer.learning_rate 0.1", "step"] {
                #expect(panels.matches(of: try Regex(">\(text)</text>")).count == 1, "\(text)")
            }
            #expect(
                panels.matches(of: /polyline [^>]*#0072B2/).count == 2
                    && panels.matches(of: /polyline [^>]*#A6CEE4/).count == 2, "shades of one hue for the rates")
            let maps = try plot(
                "--sweep", "2", "--x", "optimizer.learning_rate", "--y", "variant", "--metric", "weight_gradient_norm",
                "--by", "layer", in: folder
            ).output
            #expect(maps.contains("layer 0\n") && maps.contains("layer 1\n") && maps.matches(of: /░▒▓█/).count == 1)
        }
    }

    @Test func sweepsAreDrawnOverEpochsAndSeconds() throws {
        try inPlantedFolder { folder in
            try refuses(
                ["--sweep", "2", "--metric", "loss", "--x", "epoch"], "has no steps of an epoch", "leave out --x",
                in: folder)
            try DatabaseQueue(path: folder.appendingPathComponent("results.sqlite").path).inDatabase {
                try $0.execute(
                    sql: """
                        UPDATE run SET steps_per_epoch = 5;
                        INSERT INTO step_time SELECT run_id, 1, step, step * run_id, '' FROM training_step;
                        """)
            }
            let epochs = try plot("--sweep", "2", "--metric", "loss", "--x", "epoch", "--svg", in: folder).output
            #expect(epochs.contains(">epoch</text>") && epochs.contains(">2</text>") && !epochs.contains(">10</text>"))
            // Runs 6 and 7 end after 60 and 70 seconds, on an axis to 80.
            let seconds = try plot("--sweep", "2", "--metric", "loss", "--x", "seconds", "--svg", in: folder).output
            #expect(seconds.contains(">seconds of training</text>") && seconds.contains(" 581.5,"), "\(seconds)")
        }
    }

    @Test func mistakesAreExplained() throws {
        try inPlantedFolder { folder in
            try refuses(["--metric", "lossy"], "no metric \"lossy\"", "dead_unit_fraction", in: folder)
            try refuses(["nobody"], "no run \"nobody\"", in: folder)
            try refuses(["1", "--metric", "mean_gap"], "run 1 (same) has no mean_gap", "bnexp show 1", in: folder)
            try refuses(["1", "--split", "train"], "has no evaluation_accuracy of split train", in: folder)
            try refuses(
                ["1", "--heat-map", "--metric", "loss"], "a metric that layers have", "weight_gradient_norm", in: folder
            )
            try refuses(["1", "--metric", "loss", "--layer", "0"], "loss has no layers", in: folder)
            try refuses(["1", "--metric", "histogram"], "--heat-map", in: folder)
            try refuses(["1", "--x", "seconds"], "has no times of its steps", "leave out --x", in: folder)
            try refuses(["1", "--x", "epoch"], "has no steps of an epoch", in: folder)
            try refuses(["--sweep", "2", "--by", "layer"], "no axis \"layer\"", "variant", in: folder)
            try refuses(["--sweep", "2", "--by", "seed"], "means over the seeds", in: folder)
            try refuses(
                ["--sweep", "2", "--x", "variant", "--by", "variant"], "variant is an axis of the picture", in: folder)
            try refuses(["1", "--metric", "loss", "--by", "layer"], "loss has no layers; leave out --by", in: folder)
            try refuses(["1", "--metric", "loss", "--by", "metric"], "repeat --metric", in: folder)
            try refuses(["1", "--by", "variants"], "expected layer, metric or variant", in: folder)
            try refuses(["1", "--heat-map", "--by", "layer"], "leave out --by", in: folder)
            try refuses(["--sweep", "2", "--metric", "loss", "--layer", "0"], "loss has no layers", in: folder)
            try refuses(["1", "--metric", "test_loss", "--split", "test"], "no effect on test_loss", in: folder)
            try refuses(["--sweep", "2", "--x", "epoch", "--y", "variant"], "leave out --y", in: folder)
            try refuses(["1", "--value-label", "v"], "--y-label", in: folder)
            try refuses(["1", "--grey"], "for files", in: folder)
            try refuses(["1", "-o", "a.pdf", "--dpi", "300"], "for PNG files", in: folder)
            try refuses(["1", "--log-y", "--y-min", "0"], "positive numbers only", in: folder)
            try refuses(["1", "--y-max", "none"], "--y-max", in: folder)
            try refuses(["1", "--y-min", "2", "--y-max", "1"], "not below", in: folder)
            try refuses(["1", "--color-min", "2"], "give --heat-map", in: folder)
            try refuses(["1", "--color", "same=8"], "NAME=1 to NAME=7", in: folder)
            try refuses(["1", "--color", "nobody=1"], "no line has this name", "same", in: folder)
            try refuses(["1", "--size", "89x60"], "are for files", in: folder)
            try refuses(["1", "-o", "a.pdf", "--size", "89"], "width and the height in mm", in: folder)
            try refuses(["1", "-o", "a.pdf", "--size", "20x20"], "has no room", "smaller --font-size", in: folder)
            try refuses(["1", "-o", "a.png", "--size", "2000x2000", "--dpi", "1200"], "40 million", in: folder)
            try refuses(["--sweep", "nothing"], "no sweep \"nothing\"", "2 (rates)", in: folder)
            try refuses(
                ["--sweep", "2", "--x", "momentum"], "no axis \"momentum\"", "optimizer.learning_rate", in: folder)
            try refuses(["--sweep", "2", "--x", "learning_rate"], "several axes", "schedule.learning_rate", in: folder)
            try refuses(
                ["--sweep", "2", "--x", "variant", "--log-x"], "a logarithmic x axis needs numbers", "BN, plain",
                in: folder)
            try refuses(
                ["--sweep", "2", "--x", "variant", "--y", "variant"], "both axes of the heat map are variant",
                in: folder)
            try refuses(["--sweep", "2", "--metric", "final_loss"], "no curve", "--x AXIS", in: folder)
            try refuses(["--sweep", "1"], "no trial of sweep 1", in: folder)
            try refuses(
                ["--sweep", "2", "--x", "variant", "--metric", "validation_accuracy"], "has validation_accuracy",
                "diverged, finished, not run", in: folder)
            try refuses(["--sweep", "2", "--y", "variant"], "--y needs --x", in: folder)
            try refuses(["--sweep", "2", "--heat-map"], "give --x and --y", in: folder)
            try refuses(["--x", "variant"], "--sweep", in: folder)
            try refuses(["1", "--sweep", "2"], "draws no runs by name", in: folder)
            try refuses(["--sql", "SELECT 1", "--sweep", "2"], "give one of them", in: folder)
            try refuses(["--sql", "SELECT 1 AS x, 2 AS z"], "no column for y", "found x, z", in: folder)
            try refuses(["--sql", "SELECT 1, 2, 3, 4 AS rest"], "column rest", "no role", in: folder)
            try refuses(
                ["--sql", "SELECT 1 AS a, 'text' AS b"], "column b (y)", "\"text\" in row 1", "numbers", in: folder)
            try refuses(["--sql", "SELECT 1 AS x, 2 AS y, 3 AS low"], "low and high", in: folder)
            try refuses(["--sql", "SELECT 'a', 1", "--log-x"], "a logarithmic x axis needs numbers", in: folder)
            try refuses(["--sql", "SELECT 1 AS x, 2 AS y WHERE false"], "no rows", in: folder)
            try refuses(["--sql", "SELECT NULL AS x, 2 AS y"], "NULL in every row", in: folder)
            try refuses(["--sql", "DELETE FROM run"], "would change the file", in: folder)
            try refuses(
                ["--sql", "SELECT 1, 2, 3 UNION ALL SELECT 1, 2, 4", "--heat-map"], "several rows", "GROUP BY",
                in: folder)
            try refuses(["--sql", "SELECT 1, 2, 3", "--heat-map", "--log-y"], "--log-color", in: folder)
            try refuses(["1", "--log-color"], "--heat-map", in: folder)
            try refuses(["1", "--width", "3"], "20 to 1000", in: folder)
            try refuses(["1", "--svg", "--height", "30"], "leave them out for SVG", in: folder)
            try refuses(["1", "--svg", "-o", "a.svg"], "give one of them", in: folder)
            try refuses(["1", "-o", "a.gif"], "ends with .svg, .pdf or .png", in: folder)
            try refuses(["1", "-o", "none/a.svg"], exitCode: 73, "none/a.svg cannot be written", in: folder)
            try refuses(["--db", "missing.sqlite"], exitCode: 73, "there is no results file", in: folder)
        }
    }
}
