import ArgumentParser
import Foundation
import Support

/// Refuses a word in the place of a subcommand that is none, with the nearest one.
///
/// The parser would call it an unexpected argument.
func requireKnownSubcommand(in arguments: [String], of root: any ParsableCommand.Type) throws(Failure) {
    var command = root, path = [root.configuration.commandName ?? ""]
    for argument in arguments.drop(while: { $0 == "help" }) {
        let configuration = command.configuration
        guard !argument.hasPrefix("-"), argument != "help", !configuration.subcommands.isEmpty else { return }
        let names = configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
        guard let place = names.firstIndex(of: argument) else {
            let near = nearest(to: argument, among: names)
            // What is no subcommand is the argument of the default one, such as a sweep file.
            if configuration.defaultSubcommand != nil,
                near == nil || FileManager.default.fileExists(atPath: argument)
            {
                return
            }
            let hint =
                near.map { "did you mean \($0)?" }
                ?? "expected one of \(names.joined(separator: ", "))"
            throw Failure(.usage, "unknown subcommand \"\(argument)\" of \(path.joined(separator: " ")); \(hint)")
        }
        path.append(argument)
        command = configuration.subcommands[place]
    }
}
