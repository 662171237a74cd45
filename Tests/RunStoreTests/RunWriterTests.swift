import Foundation
import GRDB
import RunStore
import Support
import TestSupport
import Testing
import Training

private func inNewFile(_ body: (ResultsFile) throws -> Void) throws {
    try withTemporaryFolder { try body(try ResultsFile(writing: $0.appendingPathComponent("r.sqlite").path)) }
}

@Suite struct RunWriterTests {
    /// Texts that are longer than the blocks that a hash takes, and such that end where one does.
    @Test func textsOfAnyLengthAreHashed() throws {
        try withResultsFile { file, _ in
            let run = try file.addRun("a")
            var expected: [UInt8] = []
            for (number, length) in [0, 1, 65_400, 65_536, 70_000, 200_000, 7, 131_072].enumerated() {
                try plant(
                    "INSERT INTO class VALUES (\(run.id), \(number), hex(zeroblob(\(length / 2))) || '\(number)')",
                    in: file.path)
                let text = String(repeating: "0", count: length / 2 * 2) + "\(number)"
                for (name, type, bits) in [("class", 1, number), ("name", 3, text.utf8.count)] {
                    expected += Array(name.utf8) + [UInt8(type)]
                    withUnsafeBytes(of: UInt64(bits).littleEndian) { expected.append(contentsOf: $0) }
                }
                expected += Array(text.utf8) + [0x0A]
            }
            let hash = SHA256.hexadecimal(Data(expected))
            #expect(try file.content(ofRun: Int64(run.id)).tables.first { $0.name == "class" }?.hash == hash)
        }
    }

    @Test func whatARunIsComesBack() throws {
        try inNewFile { file in
            let writer = try file.begin(
                parameters: [("a.b", .number(0.1)), ("c", .text("x")), ("d", .integer(1))],
                layers: [
                    LayerRecord(
                        layer: 0, kind: "linear", inputs: 3, outputs: 2, activation: "relu", normalization: "batch",
                        parameterCount: 10, isScaleInvariant: true)
                ])
            try writer.finish(
                status: .diverged, exitReason: "why", lastStep: 4, peakMemoryBytes: 9,
                phases: [PhaseRecord(phase: .train, wallSeconds: 2, cpuSeconds: 1)])
            #expect(
                try file.query("SELECT * FROM run_phase").rows == [
                    [.integer(1), .integer(1), .text("train"), .number(2), .number(1)]
                ])
            #expect(try file.query("SELECT kind, outputs FROM layer").rows == [[.text("linear"), .integer(2)]])
            #expect(
                try file.query("SELECT path, value FROM run_parameter ORDER BY path").rows == [
                    [.text("a.b"), .number(0.1)], [.text("c"), .text("x")], [.text("d"), .integer(1)],
                ])
            #expect(try file.query("SELECT tag FROM tag").rows == [[.text("t")]])
            #expect(
                try file.query(
                    "SELECT status, created_at, exit_reason, last_step, peak_memory_bytes, finished_at IS NOT NULL "
                        + "FROM run"
                ).rows == [
                    [
                        .text("diverged"), .text("2023-11-14T22:13:20.250Z"), .text("why"), .integer(4), .integer(9),
                        .integer(1),
                    ]
                ])
        }
    }

    /// Values of every kind, texts that are empty or hold a zero among them, are bound to statements one by one.
    @Test func everyKindOfValueComesBack() throws {
        try inNewFile { file in
            let writer = try file.begin()
            let sites = ["", "a\u{0}b", "\u{1F642}", String(repeating: "x", count: 5000)]
            for (step, mean) in [nil, Double.nan, .infinity, -0.0].enumerated() {
                var rows = MetricRows(step: step)
                rows.append(ActivationRow(step: step, layer: -step, site: sites[step], mean: mean, deadUnitFraction: 1))
                try writer.append(rows)
            }
            try writer.flush()
            let found = try file.query(
                "SELECT layer, site, mean, dead_unit_fraction FROM activation_statistic ORDER BY step")
            let means: [SQLValue] = [.null, .null, .number(.infinity), .number(0)]
            #expect(
                found.rows
                    == (0..<4).map { [.integer(-$0), .text(sites[$0]), means[$0], .number(1)] })
            try writer.finish(status: .finished, exitReason: nil, lastStep: 3, peakMemoryBytes: 0, phases: [])
        }
    }

    /// Runs that begin, end and are read by turns, as in a sweep, while another program adds a table.
    @Test func readingBetweenRunsSeesWhatIsThere() throws {
        try inNewFile { file in
            for number in 1...3 {
                let writer = try file.begin()
                try writer.append(trainingStep(number))
                try writer.finish(status: .finished, exitReason: nil, lastStep: 1, peakMemoryBytes: 0, phases: [])
                let content = try file.content(ofRun: Int64(number))
                #expect(try file.recordedContentHash(ofRun: Int64(number)) == content.hash)
                #expect(content.rowCount(of: "training_step") == 1)
                try plant("CREATE TABLE other_\(number) (run_id INTEGER, step INTEGER)", in: file.path)
            }
            #expect(throws: (any Error).self) { try file.query("SELECT * FROM missing") }
            #expect(try file.query("SELECT count(*) FROM run").rows == [[.integer(3)]])
        }
    }

    /// The thread of a writer lets go of the file, whether or not the run could be written.
    @Test(arguments: [1, 2]) func theThreadEndsWithTheRun(secondStep: Int) throws {
        try withTemporaryFolder { folder in
            weak var closed: ResultsFile?
            do {
                let file = try ResultsFile(writing: folder.appendingPathComponent("r.sqlite").path)
                closed = file
                let writer = try file.begin()
                for step in [1, secondStep] { try writer.append(trainingStep(step)) }
                do {
                    try writer.finish(
                        status: .finished, exitReason: nil, lastStep: 2, peakMemoryBytes: 0, phases: [])
                    #expect(secondStep == 2)
                } catch {
                    #expect(secondStep == 1, "the same primary key again: \(error)")
                }
            }
            #expect(closed == nil)
        }
    }

    /// Another connection holds the write lock until far more rows wait than the queue takes.
    @Test func aSlowFileDelaysAndLosesNothing() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("r.sqlite").path
            let file = try ResultsFile(writing: path)
            let writer = try file.begin()
            let appended = DispatchSemaphore(value: 0), hasEnded = DispatchSemaphore(value: 0)
            let rowCount = 1000
            try DatabaseQueue(path: path).inDatabase { other in
                try other.beginTransaction(.immediate)
                Thread.detachNewThread {
                    for step in 0..<rowCount where (try? writer.append(trainingStep(step))) != nil { appended.signal() }
                    hasEnded.signal()
                }
                // The queue has room for so many, and not for all.
                for _ in 0..<64 { appended.wait() }
                #expect(hasEnded.wait(timeout: .now()) == .timedOut)
                try other.rollback()
            }
            hasEnded.wait()
            try writer.flush()
            #expect(
                try file.query("SELECT count(*), max(step) FROM training_step").rows == [
                    [.integer(rowCount), .integer(rowCount - 1)]
                ])
            try writer.finish(
                status: .finished, exitReason: nil, lastStep: rowCount - 1, peakMemoryBytes: 0, phases: [])
        }
    }

    @Test func theWritersErrorSurfacesAndNothingHangs() throws {
        try inNewFile { file in
            let writer = try file.begin()
            try writer.append(trainingStep(1))
            try writer.append(trainingStep(1))  // the same primary key again
            #expect(throws: ResultsError.self) {
                for step in 2..<500 { try writer.append(trainingStep(step)) }
                try writer.flush()
            }
            #expect(throws: ResultsError.self) {
                try writer.finish(status: .finished, exitReason: nil, lastStep: 1, peakMemoryBytes: 0, phases: [])
            }
        }
    }

    @Test func viewsAnswerTheirQuestions() throws {
        try inNewFile { file in
            let layer = {
                LayerRecord(
                    layer: $0, kind: "linear", inputs: 1, outputs: 1, activation: "relu", normalization: "none",
                    parameterCount: 1, isScaleInvariant: false)
            }
            let writer = try file.begin(
                runRecord("v"), parameters: [("model.normalization.kind", .text("batch"))],
                layers: [layer(0), layer(1)])
            for (step, loss, accuracy) in [(0, 3.0, 0.1), (5, 1.0, 0.9), (10, 2.0, 0.7)] {
                var rows = trainingStep(step, loss: loss)
                rows.append(
                    EvaluationRow(
                        step: step, split: "test", mode: "running", loss: loss, accuracy: accuracy, exampleCount: 4))
                rows.append(
                    contentsOf: [0, 1].map { PercentileRow(step: step, layer: $0, percentile: 50, value: loss) })
                rows.append(
                    contentsOf: ["weight", "bias"].map {
                        ParameterRow(step: step, parameter: $0, gradientNorm: loss)
                    })
                rows.append(
                    contentsOf: ["activation", "preactivation"].map {
                        ActivationRow(step: step, layer: 0, site: $0, deadUnitFraction: 0.25)
                    })
                try writer.append(rows)
            }
            try writer.finish(
                status: .finished, exitReason: nil, lastStep: 10, peakMemoryBytes: 0,
                phases: [PhaseRecord(phase: .train, wallSeconds: 4, cpuSeconds: 4)])
            #expect(
                try file.query("SELECT split, mode, step, accuracy FROM final_accuracy").rows == [
                    [.text("test"), .text("running"), .integer(10), .number(0.7)]
                ])
            #expect(try file.query("SELECT step, loss FROM loss_by_step").rows.count == 3)
            #expect(
                try file.query("SELECT step, value FROM last_hidden_percentile").rows == [
                    [.integer(0), .number(3)], [.integer(5), .number(1)], [.integer(10), .number(2)],
                ])
            #expect(
                try file.query("SELECT gradient_norm FROM weight_gradient_norm").rows == [
                    [.number(3)], [.number(1)], [.number(2)],
                ])
            #expect(try file.query("SELECT step, dead_unit_fraction FROM dead_unit").rows.count == 3)
            #expect(
                try file.query(
                    "SELECT normalization, first_loss, final_loss, test_accuracy, best_test_accuracy, test_loss, "
                        + "train_seconds, steps_per_second FROM run_summary"
                ).rows
                    == [
                        [
                            .text("batch"), .number(3), .number(2), .number(0.7), .number(0.9), .number(2), .number(4),
                            .number(2.5),
                        ]
                    ])
        }
    }
}
