import ArgumentParser

/// The single run that a command works on.
struct RunArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("An id, the beginning of a uuid, a name, or latest.", valueName: "run"), completion: .run)
    var runName: String
}
