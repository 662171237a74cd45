import ArgumentParser

/// The one run that a command is about.
struct RunArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("An id, the beginning of a uuid, a name, or latest.", valueName: "run"), completion: .run)
    var runName: String
}
