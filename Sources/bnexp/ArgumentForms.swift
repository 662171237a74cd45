import Support

/// Returns the arguments of commands whose values are free text (a statement, a note, tags) so that values which begin
/// with a dash, such as an SQL comment, are not taken for options: they are moved behind `--`.
///
/// What looks like a long option, `--word`, stays one.
func argumentsWithValuesLast(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, ["sql", "note", "tag"].contains(command), !arguments.contains("--") else {
        return arguments
    }
    var options: [String] = [], values: [String] = []
    var isValue = false
    for argument in arguments.dropFirst() {
        let isOption = argument.wholeMatch(of: /--[a-z][a-z-]*(=.*)?/.dotMatchesNewlines()) != nil || argument == "-h"
        if isValue || isOption {
            options.append(argument)
        } else {
            values.append(argument)
        }
        isValue = !isValue && argument == "--db"
    }
    return [command] + options + (values.contains { $0.hasPrefix("-") && $0 != "-" } ? ["--"] : []) + values
}

/// Refuses an option that is given twice though it has one value, of which the first would be lost.
func requireSingle(in arguments: [String]) throws(Failure) {
    let single: Set<String> = [
        "--checkpoint", "--data", "--db", "--extend", "--if-exists", "--inputs", "--jobs", "--metric", "--name",
        "--output",
        "--progress", "--seed", "--shard", "--step", "--sweep", "--threads", "--trial",
    ]
    var seen: Set<String> = []
    for argument in arguments.prefix(while: { $0 != "--" }) {
        let option = String(argument.prefix { $0 != "=" })
        guard single.contains(option), !seen.insert(option).inserted else { continue }
        throw Failure(.usage, "\(option) is given twice; give it once")
    }
}
