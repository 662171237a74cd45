import RunStore
import Support

/// Finds the run of a config that has ended, and checks that more steps give the same bits as if they had been asked
/// for at first.
///
/// - Parameters:
///   - plan: the run as it is.
///   - extended: the run with more steps.
/// - Returns: the run, and the step at which it ended.
/// - Throws: `ConfigError` or `ResultsError` that says why it cannot be extended.
func runToExtend(
    _ plan: RunPlan, identity: String, to extended: RunPlan, in results: ResultsFile
) throws -> (run: ExistingRun, lastStep: Int) {
    guard let run = try results.runs(identity: identity).first else {
        throw ResultsError(
            "\(results.path) has no run of this config to extend; without --extend bnexp run makes one", cause: .request
        )
    }
    let name = "run \(run.uuid)"
    let lastStep = try results.lastStep(ofRun: run.id)
    func refuse(_ reason: String) -> ConfigError { ConfigError(at: nil, path: "--extend", "\(name) \(reason)") }
    switch run.status {
    case .finished: break
    case .diverged: throw refuse("diverged at step \(lastStep); more steps would not change that")
    case .running, .interrupted, .failed, .lost:
        throw refuse("has not ended (\(run.status.rawValue)); finish it first, with --if-exists resume")
    }
    guard extended.totalSteps > plan.totalSteps else {
        throw refuse("has \(plan.totalSteps) steps; found \(extended.totalSteps), expected more")
    }
    guard lastStep == plan.totalSteps else {
        throw refuse("stopped at step \(lastStep) of \(plan.totalSteps), as training.stop_when says, and would again")
    }
    for step in 0..<plan.totalSteps where plan.learningRate(step: step) != extended.learningRate(step: step) {
        throw refuse(
            "cannot be extended, for its schedule depends on the number of steps: the learning rate of step \(step) "
                + "was \(plan.learningRate(step: step)) and would be \(extended.learningRate(step: step)). Start "
                + "another run"
        )
    }
    guard try results.sweep(ofRun: run.id) == nil else {
        throw refuse("is a trial of a sweep, whose file says how many steps it has; change it there")
    }
    return (run, lastStep)
}
