import RunStore

/// Follows one value of the evaluations: its best so far, and how long ago that was.
struct MetricWatch {
    private let choice: Config.MetricChoice
    private let mode: String
    private var best: Double?
    private var evaluationsSinceBest = 0
    private var latest: Double?

    /// - Parameter history: the evaluations before a resumed run's step.
    init(_ choice: Config.MetricChoice, mode: String, history: [EvaluationRow]) {
        self.choice = choice
        self.mode = mode
        for row in history { note([row]) }
    }

    /// Notes the evaluations of one step; true if they bring a new best value.
    @discardableResult
    mutating func note(_ evaluations: [EvaluationRow]) -> Bool {
        guard let row = evaluations.first(where: { $0.split == choice.split.rawValue && $0.mode == mode }) else {
            return false
        }
        let value = choice.metric == .loss ? row.loss : row.accuracy ?? .nan
        latest = value
        let isBetter = best.map { choice.metric == .loss ? value < $0 : value > $0 } ?? !value.isNaN
        evaluationsSinceBest = isBetter ? 0 : evaluationsSinceBest + 1
        if isBetter { best = value }
        return isBetter
    }

    /// Why training should stop, if it should.
    func reasonToStop(_ condition: Config.StopRule.Condition) -> String? {
        let name = "\(choice.split.rawValue) \(choice.metric.rawValue)"
        guard let latest else { return nil }
        switch condition {
        case .above(let limit): return latest > limit ? "\(name) \(latest) is above \(limit)" : nil
        case .below(let limit): return latest < limit ? "\(name) \(latest) is below \(limit)" : nil
        case .patience(let count):
            return evaluationsSinceBest >= count
                ? "\(name) has not improved in \(evaluationsSinceBest) evaluations" : nil
        }
    }
}
