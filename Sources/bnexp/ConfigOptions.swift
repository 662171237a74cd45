import ArgumentParser
import Support
import Training

/// The config of a command, and the options that change it.
struct ConfigOptions: ParsableArguments {
    @Argument(help: "A config file, or - for standard input.", completion: .configFile) var config: String
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set one key: --set optimizer.learning_rate=0.1. May repeat.", valueName: "key.path=VALUE"),
        completion: .setting)
    var overrides: [String] = []
    @Option(parsing: .unconditional, help: "Name of the run; default is the config's.") var name: String?
    @Option(parsing: .unconditional, help: "Seed of the run; default is the config's.") var seed: Int?
    @Option(
        parsing: .unconditionalSingleValue, help: "A tag for the run, beside the config's. May repeat.",
        completion: .tag) var tag: [String] = []

    func validate() throws {
        if let name { try requireName(name, "--name") }
        for tag in tag { try requireName(tag, "--tag") }
        if let seed { try requireRange(0...Int.max, seed, "--seed") }
    }

    /// Loads the config with the changes that the options make.
    /// - Parameter steps: how many steps the run has instead of what the config says.
    func load(steps: Int? = nil) throws(ConfigError) -> LoadedConfig {
        var request = request
        try request.checkRepetition()
        if let steps { request.overrides += ["training.epochs=null", "training.steps=\(steps)"] }
        return try loadConfig(request)
    }

    /// The config and the changes that the options make, as the loader takes them.
    var request: ConfigRequest {
        var request = ConfigRequest(path: config)
        request.overrides = overrides
        request.name = name
        request.seed = seed
        request.tags = tag
        return request
    }
}
