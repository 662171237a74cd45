import Foundation

/// The program's options, each a name and a value.
///
/// Arguments that are none end the program with status 64.
package struct Options {
    private var values: [String: String] = [:]
    private let usage: String

    /// - Parameter usage: one line that names them all; printed with every refusal, and alone for `--help`.
    package init(_ names: Set<String>, usage: String) {
        self.usage = usage
        var arguments = CommandLine.arguments.dropFirst()
        while let name = arguments.popFirst() {
            if name == "--help" {
                print(usage)
                exit(0)
            }
            guard names.contains(name) else { refuse("unknown argument \(name)") }
            guard let value = arguments.popFirst() else { refuse("\(name) needs a value") }
            values[name] = value
        }
    }

    package func text(_ name: String) -> String? { values[name] }

    /// A whole number from 1 on.
    package func count(_ name: String, default: Int) -> Int {
        guard let value = values[name] else { return `default` }
        guard let count = Int(value), count >= 1 else {
            refuse("\(name) is \(value); it must be a whole number from 1 on")
        }
        return count
    }

    package func choice(_ name: String, of choices: [String]) -> String? {
        guard let value = values[name] else { return nil }
        guard choices.contains(value) else {
            refuse("\(name) is \(value); it must be one of \(choices.joined(separator: ", "))")
        }
        return value
    }

    private func refuse(_ message: String) -> Never { fail("\(message)\n\(usage)", status: 64) }
}

/// Ends the program with a message on standard error.
package func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(status)
}
