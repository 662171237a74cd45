import Foundation
import GRDB
import RunStore
import TestSupport
import Testing

private func inNewFile(_ body: (ResultsFile) throws -> Void) throws {
    try withTemporaryFolder { try body(try ResultsFile(writing: $0.appendingPathComponent("r.sqlite").path)) }
}

@Suite struct RunWriterTests {
    @Test func everyRecordComesBack() throws {
        try inNewFile { file in
            let writer = try file.begin(
                parameters: [("a.b", .number(0.1)), ("c", .text("x")), ("d", .integer(1))],
                layers: [
                    LayerRecord(
                        layer: 0, kind: "linear", inputs: 3, outputs: 2, activation: "relu", normalization: "batch",
                        parameterCount: 10)
                ])
            var rows = trainingStep(0, loss: .nan)
            rows.evaluations = [
                EvaluationRecord(
                    step: 0, split: "test", mode: "running", loss: .infinity, accuracy: nil, exampleCount: 5)
            ]
            rows.activationStatistics = [
                ActivationStatisticRecord(
                    step: 0, layer: 1, site: "linear", mean: 1, standardDeviation: 2, minimum: 3, maximum: 4,
                    zeroFraction: 5, saturatedFraction: nil,
                    deadUnitFraction: 6, gradientNorm: 7, nonfiniteCount: 8)
            ]
            rows.activationPercentiles = [
                ActivationPercentileRecord(step: 0, layer: 1, site: "linear", percentile: 50, value: -1)
            ]
            rows.parameterStatistics = [
                ParameterStatisticRecord(
                    step: 0, layer: 1, parameter: "weight", gradientNorm: 1, weightNorm: 2, updateNorm: nil,
                    updateRatio: nil, nonfiniteCount: 3)
            ]
            rows.normalizationStatistics = [
                NormalizationStatisticRecord(
                    step: 0, layer: 1, batchMeanNorm: 1, runningMeanNorm: 2, meanGap: nil, batchVarianceMean: 4,
                    runningVarianceMean: 5, varianceGap: 6,
                    gammaMean: 7, gammaMinimum: 8, gammaMaximum: 9, betaMean: 10, betaMinimum: 11, betaMaximum: 12)
            ]
            try writer.append(rows)
            try writer.finish(
                status: .diverged, exitReason: "why", lastStep: 4, peakMemoryBytes: 9,
                phases: [PhaseRecord(phase: .train, wallSeconds: 2, cpuSeconds: 1)])
            func row(_ table: String) throws -> [SQLValue] { try file.query("SELECT * FROM \(table)").rows[0] }
            #expect(
                try row("training_step") == [1, 0, 0].map { .integer($0) } + [
                    .null, .null, .number(0.5), .number(0.1), .number(2),
                ])
            #expect(
                try row("evaluation") == [
                    .integer(1), .integer(0), .text("test"), .text("running"), .number(.infinity), .null, .integer(5),
                ])
            #expect(
                try row("activation_statistic") == [.integer(1), .integer(0), .integer(1), .text("linear")]
                    + (1...5).map { .number(Double($0)) }
                    + [.null, .number(6), .number(7), .integer(8)])
            #expect(
                try row("activation_percentile") == [
                    .integer(1), .integer(0), .integer(1), .text("linear"), .number(50), .number(-1),
                ])
            #expect(
                try row("parameter_statistic") == [
                    .integer(1), .integer(0), .integer(1), .text("weight"), .number(1), .number(2), .null, .null,
                    .integer(3), .null,
                ])
            #expect(
                try row("normalization_statistic") == [
                    .integer(1), .integer(0), .integer(1), .number(1), .number(2), .null,
                ]
                    + (4...12).map { .number(Double($0)) })
            #expect(try row("run_phase") == [.integer(1), .integer(1), .text("train"), .number(2), .number(1)])
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
                    parameterCount: 1)
            }
            let writer = try file.begin(
                runRecord("v"), parameters: [("model.normalization.kind", .text("batch"))],
                layers: [layer(0), layer(1)])
            for (step, loss, accuracy) in [(0, 3.0, 0.1), (5, 1.0, 0.9), (10, 2.0, 0.7)] {
                var rows = trainingStep(step, loss: loss)
                rows.evaluations = [
                    EvaluationRecord(
                        step: step, split: "test", mode: "running", loss: loss, accuracy: accuracy, exampleCount: 4)
                ]
                rows.activationPercentiles = [0, 1].map {
                    ActivationPercentileRecord(
                        step: step, layer: $0, site: "preactivation", percentile: 50, value: loss)
                }
                rows.parameterStatistics = ["weight", "bias"].map {
                    ParameterStatisticRecord(
                        step: step, layer: 0, parameter: $0, gradientNorm: loss, weightNorm: 1, updateNorm: 1,
                        updateRatio: 1, nonfiniteCount: 0)
                }
                rows.activationStatistics = ["activation", "preactivation"].map {
                    ActivationStatisticRecord(
                        step: step, layer: 0, site: $0, mean: 0, standardDeviation: 0, minimum: 0, maximum: 0,
                        zeroFraction: 0, saturatedFraction: 0,
                        deadUnitFraction: 0.25, gradientNorm: 0, nonfiniteCount: 0)
                }
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
