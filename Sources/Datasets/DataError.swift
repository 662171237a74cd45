import Support

/// What is wrong with a data file or with what was asked of it, and what to do about it.
package struct DataError: UserError, Equatable {
    /// One or more sentences: the file and dataset, what was found, what was expected, the remedy.
    ///
    /// What steers a terminal is escaped, line breaks and tabs too: names come from files and from arguments.
    package let message: String
    package let exitStatus: ExitStatus

    package init(_ message: String, exitStatus: ExitStatus = .badInput) {
        self.message = message.escapedForTerminal()
        self.exitStatus = exitStatus
    }

    /// Makes an error whose message begins with the file and, if one is given, the dataset.
    package init(file: String, dataset: String? = nil, _ problem: String, exitStatus: ExitStatus = .badInput) {
        self.init(place(file: file, dataset: dataset) + ": " + problem, exitStatus: exitStatus)
    }
}

/// Runs `body` and adds what only the caller knows to the message of its error.
///
/// - Parameters:
///   - subject: what the message is about, such as a config key; it is written before the message.
///   - remedy: a sentence about what to do; it is written after the message.
package func naming<Result>(
    _ subject: String, remedy: String? = nil, _ body: () throws(DataError) -> Result
) throws(DataError) -> Result {
    do {
        return try body()
    } catch {
        let message = [error.message, remedy].compactMap { $0 }.joined(separator: " ")
        throw DataError("\(subject): \(message)", exitStatus: error.exitStatus)
    }
}

/// Returns the name that messages give to a file or to a dataset in it, as `DataError` shows it.
func place(file: String, dataset: String? = nil) -> String {
    (dataset.map { "\(file), dataset '\($0)'" } ?? file).escapedForTerminal()
}

/// Returns a shape as messages and tables show it: `4000 x 28 x 28`.
package func describe(shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " x ")
}
