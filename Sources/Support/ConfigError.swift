/// A mistake in a config or in an option that sets one of its keys.
package struct ConfigError: UserError, Equatable {
    package let message: String
    package let exitStatus: ExitStatus

    /// Makes an error that reads `configs/a.json:3:5: optimizer.learning_rate: found -1, expected a number above 0`.
    ///
    /// - Parameter exitStatus: `usage` for an option that cannot be read, whatever the config is.
    package init(
        at position: SourcePosition?, path: String = "", _ message: String, exitStatus: ExitStatus = .badInput
    ) {
        self.exitStatus = exitStatus
        self.message = [position?.description, path.isEmpty ? nil : path, message].compactMap { $0 }.joined(
            separator: ": ")
    }
}
