import Foundation
import RunStore
import TestSupport
import Testing
import Training

@Suite struct ExportTests {
    private struct Export: Equatable {
        var columns: [String] = []
        var rows: [[SQLValue]] = []
    }

    private func rows(_ table: String, of runs: [RunReference]?, in file: ResultsFile) throws -> Export {
        var export = Export()
        try file.forEachRow(of: table, runs: runs, start: { export.columns = $0 }, { export.rows.append($0) })
        return export
    }

    private func wide(_ run: RunReference, tables: [String] = [], in file: ResultsFile) throws -> Export {
        var export = Export()
        try file.forEachStep(
            of: run, tables: tables, start: { export.columns = ["step"] + $0.map(\.wideName) },
            { export.rows.append([.integer($0.step)] + $0.values) })
        return export
    }

    @Test func tablesAreThatOfTheRunsAsked() throws {
        try withResultsFile { file, _ in
            let a = try file.addRun("a"), b = try file.addRun("b", steps: [3])
            #expect(
                try rows("training_step", of: nil, in: file).rows.map { Array($0[0...1]) }
                    == [(1, 0), (1, 5), (2, 3)].map { [.integer($0.0), .integer($0.1)] })
            #expect(try rows("training_step", of: [b], in: file).rows.count == 1)
            #expect(try rows("run", of: [a], in: file).rows.count == 1)
            #expect(try rows("run_summary", of: [a, b], in: file).columns.first == "run_id")
            #expect(message { _ = try rows("nope", of: nil, in: file) }.contains("no table \"nope\" of runs"))
            #expect(
                message { _ = try rows("sqlite_master", of: nil, in: file) }.contains(
                    "expected one of run, run_attempt"))
        }
    }

    @Test func aWideRowHasEveryQuantityOfItsStep() throws {
        try withResultsFile { file, _ in
            let writer = try file.begin()
            for step in [0, 10] {
                var rows = trainingStep(step, loss: Double(step))
                rows.append(ActivationRow(step: step, layer: 1, site: "preactivation", mean: 1.5))
                rows.append(
                    contentsOf: [15, 99.5].map {
                        PercentileRow(step: step, layer: 1, percentile: $0, value: $0 + Double(step))
                    })
                rows.append(ParameterRow(step: step, parameter: "weight", gradientNorm: 7))
                try writer.append(rows)
            }
            var evaluation = MetricRows(step: 4)
            evaluation.append(
                EvaluationRow(
                    step: 4, split: "test", mode: "running", loss: 2, accuracy: 0.25, exampleCount: 9))
            try writer.append(evaluation)
            try writer.finish(status: .finished, exitReason: nil, lastStep: 10, peakMemoryBytes: 1, phases: [])
            let run = try file.findRun("1")
            let export = try wide(run, in: file)
            #expect(
                export.columns == [
                    "step", "epoch", "loss", "accuracy", "learning_rate", "gradient_norm", "test_loss.running",
                    "test_accuracy.running",
                    "test_example_count.running", "activation.1.preactivation.mean",
                    "activation.1.preactivation.nonfinite_count",
                    "activation.1.preactivation.p15", "activation.1.preactivation.p99.5", "weight.0.gradient_norm",
                    "weight.0.nonfinite_count",
                ])
            #expect(export.rows.map { $0[0] } == [.integer(0), .integer(4), .integer(10)])
            func value(_ row: Int, _ column: String) -> SQLValue? {
                export.columns.firstIndex(of: column).map { export.rows[row][$0] }
            }
            #expect(
                value(0, "activation.1.preactivation.p15") == .number(15)
                    && value(2, "activation.1.preactivation.p99.5") == .number(109.5))
            #expect(
                value(1, "test_accuracy.running") == .number(0.25) && value(1, "loss") == .null
                    && value(0, "test_loss.running") == .null)
            #expect(value(2, "weight.0.gradient_norm") == .number(7) && value(2, "loss") == .number(10))
            #expect(try wide(run, tables: ["evaluation"], in: file).rows.count == 1)
            #expect(message { _ = try wide(run, tables: ["tag"], in: file) }.contains("no table \"tag\" with steps"))
        }
    }
}
