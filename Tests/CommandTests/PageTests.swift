import Charts
import Foundation
import GRDB
import RunStore
import Support
import TestSupport
import Testing
import Training

/// The page of `bnexp report` and `bnexp serve`, in a real browser.
///
/// On failure the picture of the window stays; its path is in the message.
@Suite(.serialized, .enabled(if: Browser.path != nil, "there is no Chromium"))
final class PageTests {
    private let folder: URL
    private let results: String

    /// Two seeds of twins with everything that a page shows, and a run that diverges and whose name is a script.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("bnexp-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        results = folder.appendingPathComponent("results.sqlite").path
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let hostileName = "<script>alert(1)</script> & \"q\" '"

    private func makeRuns(seeds: [Int] = [1, 2]) throws {
        let common = [
            "training.steps=100", "logging.every=5", "evaluation.every=10", "model.hidden=[16, 16, 16, 16]",
            #"logging.histograms={"every": 50, "bins": 10, "minimum": -4, "maximum": 4}"#,
            #"logging.landscape={"every": 50, "step_sizes": [0.5, 2]}"#, #"logging.covariate_shift={"every": 50}"#,
            #"logging.geometry={"every": 50, "rows": 20, "threshold": 0.01}"#, #"logging.confusion={"every": "run"}"#,
            #"logging.hessian={"every": 50, "eigenvalues": 2, "probes": 0}"#,
        ]
        for (config, name, more) in [
            ("mnist_bn", "bn", [#"evaluation.modes=["running", "batch"]"#]), ("mnist_nobn", "plain", []),
        ] {
            for seed in seeds { try train(config, name: "\(name)-\(seed)", common + more + ["seed=\(seed)"]) }
        }
        try train(
            "mnist_nobn", name: PageTests.hostileName,
            ["training.steps=100", "model.activation=relu", "optimizer.learning_rate=500", "logging.every=1"], exit: 2)
    }

    private func train(_ config: String, name: String, _ settings: [String], exit: Int32 = 0) throws {
        let result = try bnexp(
            [
                "run", repository.appendingPathComponent("configs/\(config).json").path, "--name", name, "--progress",
                "none",
            ]
                + settings.flatMap { ["--set", $0] }, in: folder)
        #expect(result.exitCode == exit, "\(result.errors)")
    }

    /// Opens a page, tries it, and expects that neither its scripts nor its policy have complained.
    ///
    /// - Parameter expected: a word of the complaints that are right.
    private func browsing(_ address: String, expecting expected: String? = nil, _ body: (Browser) throws -> Void) throws
    {
        let browser = try Browser(address, profile: folder)
        do { try body(browser) } catch {
            let picture = FileManager.default.temporaryDirectory.appendingPathComponent(
                "bnexp-page-\(UUID().uuidString).png")
            try? browser.photograph(picture)
            Issue.record("\(error); the window is in \(picture.path)")
        }
        #expect(browser.complaints.filter { !$0.contains(expected ?? "nothing") }.isEmpty, "\(browser.complaints)")
    }

    private func report(_ runs: [String], _ more: [String] = []) throws -> String {
        let result = try bnexp(["report"] + runs + ["-o", "page.html", "--force"] + more, in: folder)
        #expect(result.exitCode == 0 && result.output == "page.html\n", "\(result.errors)")
        return folder.appendingPathComponent("page.html").absoluteString
    }

    @Test func everyPictureIsDrawnFromOneFileAlone() throws {
        try makeRuns()
        let page = try report(["bn-1", "plain-1", "bn-2", "plain-2", PageTests.hostileName])
        try browsing(page) { browser in
            // Names are texts.
            #expect(try browser.text("document.body.innerText").contains(PageTests.hostileName))
            #expect(try browser.number("document.querySelectorAll('main script').length") == 0)
            try browser.evaluate("figures.forEach((figure) => figure.draw())")
            #expect(try browser.number("figures.length") >= 24, "every section of runs has pictures")
            let empty = try browser.text(
                "figures.filter((figure) => figure.panels.every((panel) => panel.isEmpty)).map((figure) => figure.id).join()"
            )
            #expect(empty.isEmpty)
            #expect(try browser.number("document.querySelectorAll('#learning\\\\.loss .diverged').length") == 1)
            // Nothing but the SQL that is shown, and its rows, is drawn.
            let shown = try browser.evaluate(
                "figures.filter((figure) => figure.data.kind === 'lines').map((figure) => [figure.description.sql, figure.data.panels.flatMap((panel) => panel.series).reduce((sum, line) => sum + line.x.length, 0)])"
            )
            let pairs = try #require(shown as? [[Any]])
            let file = try ResultsFile(reading: results)
            for pair in pairs {
                let sql = try #require(pair[0] as? String)
                #expect(try file.query(sql).rows.count == Int(try #require(pair[1] as? Double)), "\(sql)")
            }
            // The command that is offered draws the same from the same rows.
            let commands = try #require(
                try browser.evaluate("figures.map((figure) => figure.description.command)") as? [String])
            for command in commands {
                let words = command.replacingOccurrences(of: "bnexp plot", with: "'\(binary.path)' plot")
                let plot = try shell(words + " --svg", in: folder)
                #expect(plot.exitCode == 0 && plot.output.hasPrefix("<svg "), "\(command): \(plot.errors)")
            }
        }
    }

    /// The page computes the axes again when it is zoomed; they are those of every other drawing.
    @Test func axesAndColoursAreThoseOfPlot() throws {
        try makeRuns(seeds: [1])
        try browsing(try report(["bn-1", "plain-1"])) { browser in
            var state: UInt64 = 7
            func random() -> Double {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Double(state >> 11) / 9_007_199_254_740_992
            }
            for trial in 0..<300 {
                let isLogarithmic = trial % 3 == 0
                let size = pow(10, random() * 12 - 6)
                var ends = [random() * size, random() * size]
                if !isLogarithmic, trial % 2 == 1 { ends[0] = -ends[0] }
                if trial % 17 == 0 { ends[1] = ends[0] }
                let chart = LineChart(
                    title: "", xLabel: "", yLabel: "", yScale: isLogarithmic ? .logarithmic : .linear,
                    series: [.init(name: "", points: [(0, ends.min()!), (1, ends.max()!)])])
                let axis = try #require(Figure.lines([chart]).json["panels"]?.array?.first?["yAxis"])
                let scale = isLogarithmic ? "logarithmic" : "linear"
                let found = try browser.text(
                    """
                    (({ low, high, ticks }) => [low, high, ...ticks].map((value) => value.toPrecision(12)).join() + " "
                        + ticks.map((tick) => numberText(tick)).join())(makeAxis(\(ends.min()!), \(ends.max()!), "\(scale)"))
                    """)
                let numbers =
                    [axis["low"], axis["high"]].compactMap { $0?.double }
                    + (axis["ticks"]?.array ?? []).compactMap(\.double)
                let labels = (axis["labels"]?.array ?? []).compactMap(\.string).joined(separator: ",")
                let expected = try browser.text(
                    "[\(numbers.map { "\($0)" }.joined(separator: ","))].map((value) => value.toPrecision(12)).join()")
                #expect(found == expected + " " + labels, "\(ends) \(scale)")
            }
            let svg = try bnexp(
                ["plot", "--heat-map", "--sql", "SELECT 0 AS x, 0 AS y, 0 AS value UNION ALL SELECT 1, 0, 1"]
                    + ["--svg"], in: folder
            ).output
            for end in ["0", "1"] {
                let color = try browser.text("hexOf(viridis(page.palette.viridis, \(end)))")
                #expect(svg.contains("fill=\"\(color)\""))
            }
            // The axis that is drawn is the one that the program computed.
            let same = try browser.evaluate(
                """
                (() => { const figure = figures.find(({ id }) => id === "learning.loss"); figure.draw();
                    const { yAxis } = figure.panels[0].description, own = figure.panels[0].yAxis;
                    return yAxis.low === own.low && yAxis.high === own.high && yAxis.labels.join() === own.ticks.map((tick) => numberText(tick)).join(); })()
                """)
            #expect(same as? Bool == true)
        }
    }

    @Test func theMouseZoomsAndTheAddressKeepsIt() throws {
        try makeRuns(seeds: [1])
        let page = try report(["bn-1", "plain-1"])
        try browsing(page) { browser in
            try browser.evaluate("sections[1].figures.forEach((figure) => figure.draw())")
            try browser.drag("#learning\\.loss .panel", from: (0.3, 0.5), to: (0.6, 0.5))
            #expect(try browser.text("location.hash").contains("zoom=learning"))
            let axis = "figures.find(({ id }) => id === 'learning.loss').panels[0].xAxis"
            let (low, high) = (try browser.number("\(axis).low"), try browser.number("\(axis).high"))
            #expect(low > 15 && low < 40 && high > 45 && high < 70, "\(low) to \(high)")
            // All pictures of the section have the same zoom, and the cursor of one is in all.
            let other = try browser.number("figures.find(({ id }) => id === 'learning.accuracy').panels[0].xAxis.low")
            #expect(other == low)
            #expect(try browser.number("document.querySelectorAll('#section-learning line.cursor').length") >= 3)
        }
        // The address alone brings all of it back.
        try browsing(page + "#zoom=learning%3A0.3%3A1.2&x=epoch&hide=2&theme=dark&seeds=mean&log=learning.loss") {
            browser in
            try browser.evaluate("figures.slice(0, 2).forEach((figure) => figure.draw())")
            let figure = "figures.find(({ id }) => id === 'learning.loss')"
            #expect(try browser.text("\(figure).panels[0].yAxis.scale") == "logarithmic")
            #expect(try browser.text("document.documentElement.dataset.theme") == "dark")
            #expect(try browser.number("\(figure).panels[0].shown.length") == 1, "one of two runs is hidden")
            // 100 steps of 60 of 4,000 rows are one and a half epochs.
            #expect(try browser.number("\(figure).panels[0].xAxis.high") == 1.2)
            #expect(try browser.text("\(figure).panels[0].xLabel") == "epoch")
        }
    }

    @Test func runsAreHiddenAndKeysMoveTheCursor() throws {
        try makeRuns(seeds: [1])
        try browsing(try report(["bn-1", "plain-1"])) { browser in
            try browser.evaluate("figures[0].draw()")
            let lines = "document.querySelectorAll('#learning\\\\.loss .drawing g path[stroke]').length"
            #expect(try browser.number(lines) == 2)
            try browser.click("#learning\\.loss .legend button")
            #expect(try browser.number(lines) == 1)
            #expect(try browser.text("location.hash").contains("hide=1"))
            try browser.evaluate("document.querySelector('#learning\\\\.loss .panel').focus()")
            try browser.press("Home")
            try browser.press("ArrowRight")
            #expect(
                try browser.text("document.querySelector('#learning\\\\.loss .readout').innerText").contains("step 5"))
            #expect(
                try browser.text("document.activeElement.getAttribute('aria-label')").contains("plain-1: 21 points"))
            // The downloads are what is drawn.
            #expect(try browser.text("figures[0].csv()").hasPrefix("panel,series,step,loss of the batch,low,high\r\n"))
            #expect(try browser.text("figures[0].svg()").contains("xmlns=\"http://www.w3.org/2000/svg\""))
        }
    }

    @Test func aSweepIsShownOverItsAxes() throws {
        let config = repository.appendingPathComponent("configs/mnist_bn.json").path
        let swept = try bnexp(
            [
                "sweep", config, "--axis", "optimizer.learning_rate=0.001,0.1,10", "--axis",
                "model.activation=relu,tanh",
                "--seeds", "1..2", "--set", "training.steps=20", "--set", "logging.every=10", "--progress", "none",
            ], in: folder)
        #expect(swept.exitCode == 0, "\(swept.errors)")
        let result = try bnexp(["report", "--sweep", "latest", "-o", "page.html"], in: folder)
        #expect(result.exitCode == 0, "\(result.errors)")
        try browsing(folder.appendingPathComponent("page.html").absoluteString) { browser in
            // What was varied and what it did, in words and as a row for each setting, which no column cuts.
            let differences = "document.querySelector('#section-differences')"
            let answer = try browser.text("\(differences).innerText")
            #expect(
                answer.contains("12 runs: 6 settings, each with 2 seeds.")
                    && answer.contains("test_accuracy is highest for"))
            #expect(
                answer.contains("They differ in model.activation: relu, tanh; optimizer.learning_rate: 0.001, 0.1, 10.")
            )
            #expect(try browser.number("\(differences).querySelectorAll('tbody tr').length") == 6)
            let cut = try browser.number(
                "[...\(differences).querySelectorAll('th, td')].filter((cell) => cell.getClientRects()[0].height > 40).length"
            )
            #expect(cut == 0 && answer.contains("activation=relu, learning_rate=0.1"))
            // More runs than colours are drawn as the means of their settings.
            try browser.evaluate("figures.find(({ id }) => id === 'learning.loss').draw()")
            let legend = "document.querySelectorAll('#learning\\\\.loss .legend .entry')"
            #expect(try browser.number("\(legend).length") == 6)
            #expect(try browser.text("\(legend)[0].innerText").contains("(2 seeds)"))
            try browser.click("#learning\\.loss .legend button")
            #expect(try browser.text("location.hash").contains("hide=1%2C2"))
            try browser.evaluate("figures.find(({ id }) => id === 'gradients.weight').draw()")
            #expect(try browser.number("figures.find(({ id }) => id === 'gradients.weight').panels.length") == 5)

            try browser.evaluate("sections[1].figures.forEach((figure) => figure.draw())")
            let sweep = "sections[1].figures"
            let bars = try browser.number("document.querySelectorAll('#sweep\\\\.over_0 .bar').length")
            #expect(bars >= 4, "a deviation over the seeds")
            #expect(try browser.number("document.querySelectorAll('#sweep\\\\.map .cell').length") == 6)
            let trains = try browser.text("document.querySelector('#section-sweep .tablebox').innerText")
            #expect(trains.contains("Where optimizer.learning_rate trains") && trains.contains("of 3"))
            #expect(
                try browser.text("\(sweep).map(({ id }) => id).join()") == "sweep.over_0,sweep.over_1,sweep.map")
            // Rates over four decades stand on a logarithmic axis, with a line for each activation.
            let axes = try browser.text(
                "\(sweep).slice(0, 2).map((figure) => figure.panels[0].xAxis.scale).sort().join()")
            #expect(axes == "linear,logarithmic")
            #expect(try browser.text("document.querySelector('#section-sweep').innerText").contains("best_mean"))
            #expect(try browser.number("\(sweep)[2].panels[0].description.values.length") == 6)
        }
    }

    /// Many rates have colours in their order, and names that are read.
    @Test func oneNumberIsAnOrderOfColours() throws {
        let config = repository.appendingPathComponent("configs/mnist_bn.json").path
        let rates = (0..<9).map { "\(0.9 - Double($0) / 30)" }.joined(separator: ",")
        let swept = try bnexp(
            [
                "sweep", config, "--axis", "optimizer.learning_rate=\(rates)", "--set", "training.steps=2",
                "--progress",
                "none",
            ], in: folder)
        #expect(swept.exitCode == 0, "\(swept.errors)")
        try browsing(try report(["--sweep", "latest"])) { browser in
            // Trials that run at once get numbers in any order.
            let ends = "[0, 1].map((place) => page.described.find(({ order }) => order === place))"
            #expect(
                try browser.text("\(ends).map(({ label }) => label).join()")
                    == "learning_rate=0.633333,learning_rate=0.9")
            #expect(
                try browser.text("\(ends).map(({ id }) => colorOf(id)).join()")
                    == browser.text("[0, 0.9].map((place) => hexOf(viridis(page.palette.viridis, place))).join()"))
            try browser.evaluate("figures.find(({ id }) => id === 'learning.loss').draw()")
            #expect(try browser.number("document.querySelectorAll('#learning\\\\.loss .legend .entry').length") == 9)
        }
    }

    /// A run that leaves its beginning far behind flattens no picture, and nothing of it is left out without a word.
    @Test func oneWildRunLeavesTheOthersReadable() throws {
        try makeRuns(seeds: [1])
        try plant("UPDATE training_step SET loss = 1e6 WHERE run_id = 2 AND step = 50")
        let page = try report(["bn-1", "plain-1"])
        try browsing(page) { browser in
            let figure = "figures.find(({ id }) => id === 'learning.loss')"
            try browser.evaluate("\(figure).draw()")
            #expect(try browser.number("\(figure).panels[0].yAxis.high") < 10)
            #expect(try browser.number("document.querySelectorAll('#learning\\\\.loss .beyond').length") >= 1)
            #expect(try browser.text("\(figure).note.textContent").contains("“all values” shows everything"))
            #expect(try browser.text("\(figure).svg()").contains("“all values”"))
            try browser.evaluate("\(figure).allTool.click()")
            #expect(try browser.number("\(figure).panels[0].yAxis.high") >= 1e6)
            #expect(try browser.text("location.hash").contains("all=learning.loss"))
            #expect(try browser.number("document.querySelectorAll('#learning\\\\.loss .beyond').length") == 0)
        }
        try browsing(page + "#all=learning.loss") { browser in
            let figure = "figures.find(({ id }) => id === 'learning.loss')"
            try browser.evaluate("\(figure).draw()")
            #expect(try browser.number("\(figure).panels[0].yAxis.high") >= 1e6)
        }
    }

    /// A mean says over how many seeds it is, a cross stands where a seed diverged, and tables leave that seed out.
    @Test func meansTellOfSeedsThatDiverged() throws {
        try makeRuns()
        try plant(
            """
            UPDATE run SET status = 'diverged', last_step = 50 WHERE id = 2;
            DELETE FROM training_step WHERE run_id = 2 AND step > 50; DELETE FROM parameter_statistic WHERE run_id = 2 AND step > 0;
            """)
        try browsing(try report(["1", "2", "3", "4"]) + "#seeds=mean") { browser in
            let figure = "figures.find(({ id }) => id === 'learning.loss')", panel = "\(figure).panels[0]"
            try browser.evaluate("figures.forEach((figure) => figure.draw())")
            #expect(try browser.text("\(figure).legend.innerText").contains("bn (2 seeds, 1 diverged)"))
            #expect(try browser.text("\(panel).shown.map(({ counts }) => counts.at(-1)).sort().join()") == "1,2")
            let line = "\(panel).shown.find((line) => line.diverged)",
                cross = "\(panel).marks(\(panel).shown).filter(({ kind }) => kind === 'cross')"
            let crosses = try browser.text("\(cross).map(({ x }) => x.toFixed(1)).join()")
            #expect(try crosses == browser.text("\(panel).px(50).toFixed(1)"))
            #expect(try browser.number("\(line).low.filter(Number.isFinite).length") == 11, "a band of two seeds alone")
            #expect(
                try browser.text("figures.find(({ id }) => id === 'activations.percentiles').note.textContent")
                    .contains(
                        "areas the means of what the title says"))
            let answer = try browser.text("document.querySelector('#section-differences').innerText")
            #expect(answer.contains("(1 of 2; 1 diverged)"), "\(answer)")
        }
        // Maps of one picture have one axis, from 0, with cells where something was measured.
        try browsing(try report(["1", "2"]) + "#seeds=each") { browser in
            let figure = "figures.find(({ id }) => id === 'gradients.weight')"
            try browser.evaluate("\(figure).draw()")
            #expect(
                try browser.text("\(figure).panels.map(({ xAxis }) => [xAxis.low, xAxis.high]).join(' ')")
                    == "0,102.5 0,102.5")
            #expect(try browser.text("[...\(figure).panels[1].edges].join()") == "0,5", "as narrow as the others")
        }
    }

    /// Only pictures of tables with new rows are made again, and a file that is gone is told.
    @Test func newsAreWhatIsNew() throws {
        try makeRuns(seeds: [1])
        let errors = try serving(["1"]) { address in
            try browsing(address, expecting: "410 (Gone)") { browser in
                let news = "ask('news.json', { runs: '1', after: '1:100', state: page.state })"
                #expect(try browser.number("\(news).then(({ figures }) => figures.length)") == 0)
                try plant(
                    "INSERT INTO training_step (run_id, step, epoch, loss, learning_rate) VALUES (1, 101, 1, 0.5, 0.1)")
                let ids = try browser.text("\(news).then(({ figures }) => figures.map(({ id }) => id).join())")
                #expect(ids == "learning.loss,learning.learning_rate")
                try FileManager.default.moveItem(atPath: results, toPath: results + ".old")
                try browser.wait(
                    "document.getElementById('notice').textContent.includes('was moved, replaced or deleted')")
                try FileManager.default.moveItem(atPath: results + ".old", toPath: results)
                try browser.wait("document.getElementById('notice').textContent === ''")
            }
        }
        #expect(errors.matches(of: /was moved, replaced or deleted/).count == 1)
    }

    /// What is printed or seen on a telephone is not cut.
    @Test func everyPictureFitsItsSheet() throws {
        try makeRuns(seeds: [1])
        let page = try report(["bn-1", "plain-1"])
        try browsing(page + "#x=epoch&hide=2") { browser in
            try browser.evaluate("dispatchEvent(new Event('beforeprint'))")
            let state = try browser.text("document.getElementById('state').textContent")
            #expect(state == "Drawn over epochs; hidden: plain-1.")
            let widest = try browser.number(
                "Math.max(...[...document.querySelectorAll('.drawing')].map((node) => node.getBoundingClientRect().right - document.querySelector('main').getBoundingClientRect().left))"
            )
            #expect(widest <= 700)
            try browser.evaluate("dispatchEvent(new Event('afterprint'))")
            #expect(try browser.text("document.getElementById('state').textContent").isEmpty)
        }
        try browsing(page) { browser in
            try browser.resize(width: 400, height: 800)
            try browser.evaluate("figures.forEach((figure) => figure.draw())")
            #expect(try browser.number("document.documentElement.scrollWidth") <= 400)
        }
    }

    @Test func aMillionPointsKeepTheirExtremes() throws {
        try makeRuns(seeds: [])
        try plant(
            """
            DELETE FROM training_step;
            WITH RECURSIVE t (step) AS (SELECT 10 UNION ALL SELECT step + 1 FROM t WHERE step < 1000009)
            INSERT INTO training_step (run_id, step, epoch, loss, learning_rate)
            SELECT 1, step, 0, CASE step WHEN 123456 THEN 9 WHEN 654321 THEN -7 ELSE 1 + step % 100 / 100.0 END, 0.1 FROM t
            """)
        try browsing(try report(["1"])) { browser in
            try browser.evaluate("figures[0].draw()")
            #expect(try browser.number("figures[0].panels[0].shown[0].x.length") > 999_000)
            #expect(try browser.text("figures[0].note.textContent").contains("zoom in to see every point"))
            let marks = "figures[0].panels[0].marks(figures[0].panels[0].shown)"
            #expect(try browser.number("\(marks).reduce((sum, mark) => sum + mark.count, 0)") < 6000)
            for value in ["9", "-7"] {
                let y = try browser.text("figures[0].panels[0].py(\(value)).toFixed(1)")
                #expect(try browser.text("\(marks)[0].path").contains(y), "the spike to \(value) at \(y)")
            }
        }
    }

    @Test func tenThousandRunsAreATable() throws {
        try makeRuns(seeds: [1])
        try plant(
            """
            WITH RECURSIVE t (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM t WHERE n < 10006)
            INSERT INTO run (id, uuid, name, status, created_at, seed, config, config_hash, data_hash, identity, precision, version, threads, cpu, blas,
                blas_kernel, engine_path, command, last_step)
            SELECT n, 'uuid-' || n, 'many-' || n, 'finished', '2026-01-01T00:00:00.000Z', n, '{}', '', '', 'i' || n, 'float32', '', 1, '', '', '', '', '', 1 FROM t
            """)
        try serving(["1", "2"]) { address in
            try browsing(address) { browser in
                #expect(try browser.text("document.querySelector('.count').textContent") == "10000 runs")
                #expect(try browser.number("document.querySelectorAll('.space .row').length") < 60)
                try browser.evaluate("figures[0].draw()")
                #expect(
                    try browser.number("document.querySelectorAll('#learning\\\\.loss .drawing g path').length") >= 2)
                try browser.evaluate(
                    "Object.assign(table.filter, { value: 'many-777' }).dispatchEvent(new Event('input'))")
                #expect(try browser.text("document.querySelector('.count').textContent") == "11 of 10000 runs")
                try browser.evaluate(
                    "Object.assign(table.filter, { value: 'name=bn-1' }).dispatchEvent(new Event('input'))")
                #expect(try browser.text("document.querySelector('.space .row').innerText").contains("bn-1"))
            }
        }
    }

    /// A page that is open while a run writes gets its rows, and the mark of one that diverges.
    @Test func aRunIsFollowedUntilItDiverges() throws {
        try train("mnist_bn", name: "first", ["training.steps=20", "logging.every=5"])
        try serving(["1"]) { address in
            try browsing(address) { browser in
                let started = try StartedCommand(
                    [
                        binary.path, "run", repository.appendingPathComponent("configs/mnist_bn.json").path, "--name",
                        "live",
                        "--progress", "json", "--set", "training.steps=100000000", "--set", "logging.every=10", "--set",
                        "evaluation.every=1000000",
                    ], in: folder)
                try started.wait(forCommitOfStep: 50)
                try browser.wait("page.rows.length === 2")
                try browser.evaluate("choose([1, 2])")
                try browser.wait("figures.some(({ id }) => id === 'learning.loss')")
                let count =
                    "figures.find(({ id }) => id === 'learning.loss').data.panels[0].series.find(({ run }) => run === 2)?.x.length ?? 0"
                let before = try browser.number(count)
                try browser.wait("(\(count)) > \(before) + 20")
                // No step comes twice, and none is left out.
                let gaps = try browser.number(
                    "figures.find(({ id }) => id === 'learning.loss').data.panels[0].series.find(({ run }) => run === 2).x.filter((x, place) => x !== 10 * place).length"
                )
                #expect(gaps == 0)
                started.signal(SIGINT)
                _ = try started.finish()
                try browser.wait("page.rows.some((row) => row[0] === 2 && row.includes('interrupted'))")
            }
        }
    }

    @Test func onlyPagesOfItsOwnAreAnswered() throws {
        try train("mnist_bn", name: "first", ["training.steps=20"])
        try serving(["1"]) { address in
            let url = try #require(URL(string: address)), port = try #require(url.port)
            let token = String(try #require(url.query).dropFirst("token=".count))
            let cookie = "Cookie: bnexp-\(token.prefix(8))=\(token)"
            func ask(_ path: String, _ options: [String]) throws -> (status: String, body: String) {
                let result = try shell(
                    "curl -s -o - -w '\\n%{http_code}' --path-as-is "
                        + options.map { "'\($0.replacingOccurrences(of: "'", with: "'\\''"))'" }.joined(separator: " ")
                        + " 'http://127.0.0.1:\(port)\(path)'", in: folder)
                let lines = result.output.components(separatedBy: "\n")
                return (lines.last ?? "", lines.dropLast().joined(separator: "\n"))
            }
            let good = try ask("/", ["-H", cookie])
            #expect(good.status == "200" && good.body.hasPrefix("<!DOCTYPE html>"))
            for (options, status, reason) in [
                (["-H", cookie, "-H", "Host: evil.example"], "421", "expected 127.0.0.1, localhost or [::1]"),
                (["-H", cookie, "-H", "Host: 127.0.0.1.evil.example"], "421", "evil"),
                (["-H", cookie, "-H", "Host: localhost:80@evil"], "421", "evil"),
                (["-H", cookie, "-H", "Host: evil.example", "-H", "Host: localhost"], "421", "evil"),
                (["-H", cookie, "-X", "POST"], "405", "only GET and HEAD"),
                (["-H", cookie, "-X", "DELETE"], "405", "DELETE"),
                (["-H", cookie, "-H", "Sec-Fetch-Site: cross-site"], "403", "another page"),
                (["-H", cookie, "-H", "Sec-Fetch-Site: same-site"], "403", "another page"),
                ([], "403", "the token is missing or wrong"),
                (["-H", "Cookie: bnexp-\(token.prefix(8))=\(String(token.reversed()))"], "403", "the token"),
            ] {
                for path in ["/", "/page.json", "/sql.json?statement=SELECT%201"] {
                    let answer = try ask(path, options)
                    #expect(answer.status == status && answer.body.contains(reason), "\(options): \(answer)")
                }
            }
            for host in ["localhost", "localhost:9999", "[::1]:80", "127.0.0.1:1"] {
                #expect(try ask("/", ["-H", cookie, "-H", "Host: \(host)"]).status == "200", "\(host)")
            }
            #expect(try ask("/../../etc/passwd", ["-H", cookie]).status == "404")
            #expect(try ask("/page.json?runs=1;x", ["-H", cookie]).body.contains("expected ids between commas"))
            func sql(_ statement: String) throws -> (status: String, body: String) {
                let escaped = statement.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                return try ask("/sql.json?statement=\(escaped)", ["-H", cookie])
            }
            #expect(try sql("SELECT count(*) AS n FROM run").body.contains("\"rows\": [[1]]"))
            for statement in [
                "DELETE FROM run", "ATTACH 'other.sqlite' AS other", "PRAGMA user_version", "CREATE TEMP TABLE t (x)",
                "SELECT load_extension('x')", "VACUUM INTO 'copy.sqlite'", "BEGIN",
            ] {
                let answer = try sql(statement)
                #expect(answer.status == "400" && answer.body.contains("only a SELECT"), "\(statement): \(answer)")
            }
            #expect(try sql("SELECT 1; SELECT 2").body.contains("expected one SELECT"))
            #expect(try sql("SELECT zeroblob(900000000)").body.contains("too big"))
            let wide = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100) "
            #expect(try sql(wide + "SELECT zeroblob(900000) FROM t").body.contains("\"isCut\": true"))
            let endless = try sql(
                "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c")
            #expect(endless.status == "400" && endless.body.contains("stopped after 5 s"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("copy") }.isEmpty)
            // Only this machine can connect at all.
            let listening = try shell(
                "grep -il ':\(String(format: "%04X", port)) 00000000:0000 0A' /proc/net/tcp6 || true", in: folder)
            #expect(listening.output.isEmpty)
        }
    }

    @Test func aSocketIsForItsUserAlone() throws {
        try train("mnist_bn", name: "first", ["training.steps=20"])
        let socket = folder.appendingPathComponent("page.socket").path
        let server = try StartedCommand([binary.path, "serve", "--socket", socket], in: folder)
        try server.wait(for: "ssh -L")
        let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let answer = try shell("curl -s --unix-socket '\(socket)' http://localhost/page.json", in: folder)
        #expect(answer.output.hasPrefix("{\"title\""))
        let second = try bnexp(["serve", "--socket", socket], in: folder)
        #expect(second.exitCode == 73 && second.errors.contains("another program listens"))
        server.signal(SIGTERM)
        #expect(try server.finish() == .exit(0) && !FileManager.default.fileExists(atPath: socket))
        // A file that is no socket is not touched.
        let file = try bnexp(["serve", "--socket", results], in: folder)
        #expect(file.exitCode == 73 && FileManager.default.fileExists(atPath: results))
    }

    private func shell(_ command: String, in folder: URL) throws -> CommandResult {
        try run(["/bin/bash", "-c", command], in: folder)
    }

    private func plant(_ sql: String) throws {
        try DatabaseQueue(path: results).write { try $0.execute(sql: sql) }
    }

    /// Serves the results while `body` runs, with the address that is printed.
    ///
    /// - Returns: what it wrote to standard error.
    @discardableResult
    private func serving(_ runs: [String], _ body: (String) throws -> Void) throws -> String {
        let server = try StartedCommand([binary.path, "serve"] + runs, in: folder)
        try server.wait(for: "ssh -L")
        let address = server.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(address.hasPrefix("http://127.0.0.1:") && address.contains("/?token="))
        try body(address)
        server.signal(SIGINT)
        #expect(try server.finish() == .exit(0))
        return server.errors
    }
}
