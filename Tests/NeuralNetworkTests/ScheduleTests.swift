import NeuralNetwork
import Testing

/// Schedules at the ends of their cycles, and far from the start; PyTorch's own values are among the golden ones.
@Suite struct ScheduleTests {
    private func rate(_ kind: LearningRateSchedule.Kind, _ step: Int, warmup: Int = 0) -> Double {
        LearningRateSchedule(kind, warmupSteps: warmup).rate(step: step, base: 1)
    }

    /// Cycles of 3, 6 and 12 updates begin at 0, 3, 9 and 21.
    @Test func cosinesRestart() {
        let kind = LearningRateSchedule.Kind.cosineRestarts(first: 3, factor: 2, minimum: 0.2)
        for start in [0, 3, 9, 21] { #expect(rate(kind, start) == 1) }
        for end in [2, 8, 20] { #expect(rate(kind, end) < rate(kind, end - 1) && rate(kind, end) > 0.2) }
        #expect(abs(rate(kind, 6) - 0.6) < 1e-15 && abs(rate(kind, 15) - 0.6) < 1e-15)
        #expect(rate(kind, 4, warmup: 5) == 1 && rate(kind, 5, warmup: 5) == 1 && rate(kind, 8, warmup: 5) == 1)
        #expect(rate(.cosineRestarts(first: 1, factor: 1, minimum: 0), 5) == 1)
    }

    /// Up in 2 and down in 4 updates, from 1 to 3.
    @Test func cyclesRiseAndFall() {
        func rates(_ envelope: LearningRateSchedule.Envelope) -> [Double] {
            (0...8).map { rate(.cyclic(maximum: 3, up: 2, down: 4, envelope), $0) }
        }
        #expect(rates(.constant) == [1, 2, 3, 2.5, 2, 1.5, 1, 2, 3])
        #expect(rates(.halved) == [1, 2, 3, 2.5, 2, 1.5, 1, 1.5, 2])
        #expect(rates(.exponential(factor: 0.5)) == [1, 1.5, 1.5, 1.1875, 1.0625, 1.015625, 1, 1.0078125, 1.0078125])
    }

    @Test func lateUpdatesHaveRates() {
        let last = 1_000_000_000_000
        let kinds: [LearningRateSchedule.Kind] = [
            .cosineRestarts(first: 1, factor: 1000, minimum: 0), .cosineRestarts(first: last, factor: 1000, minimum: 0),
            .cosineRestarts(first: 7, factor: 1, minimum: 0), .cyclic(maximum: 2, up: last, down: last, .halved),
            .cyclic(maximum: 2, up: 1, down: 1, .halved),
            .cyclic(maximum: 2, up: 1, down: 1, .exponential(factor: 0.9)),
        ]
        for kind in kinds {
            let found = rate(kind, last)
            #expect(found.isFinite && found >= 0 && found <= 2, "\(kind)")
        }
    }
}
