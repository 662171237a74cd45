import ArgumentParser
import Training

/// Which state of a run a command computes with, and on what data.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The run's checkpoint: last (the newest that is intact), best, the number of a step, or a file.",
            valueName: "best|last|STEP|FILE"),
        completion: .hdf5File)
    var checkpoint = "last"
    @Option(
        help: ArgumentHelp(
            "The HDF5 file that has the run's data now, if it has moved; other data are refused.", valueName: "FILE"),
        completion: .hdf5File)
    var data: String?

    /// Whether an option says another thing than what is meant without it.
    var isGiven: Bool { checkpoint != "last" || data != nil }

    var choice: CheckpointChoice { CheckpointChoice(checkpoint) }
}
