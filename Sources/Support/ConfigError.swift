/// A mistake in a config or in an option that sets one of its keys.
package struct ConfigError: UserError, Equatable {
    package let message: String
    package var exitStatus: ExitStatus { .badInput }

    /// Makes an error that reads `configs/a.json:3:5: optimizer.learning_rate: found -1, expected a number above 0`.
    package init(at position: SourcePosition?, path: String = "", _ message: String) {
        self.message = [position?.description, path.isEmpty ? nil : path, message].compactMap { $0 }.joined(
            separator: ": ")
    }
}
