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

/// Returns the arguments so that negative numbers are values: joined to the option before them, or behind `--`.
func argumentsWithNegativeValues(_ arguments: [String]) -> [String] {
    guard !arguments.contains("--") else { return arguments }
    var result: [String] = [], values: [String] = []
    for argument in arguments {
        guard argument.wholeMatch(of: /-\.?[0-9].*/.dotMatchesNewlines()) != nil else {
            result.append(argument)
            continue
        }
        if let option = result.last, option.wholeMatch(of: /--[a-z][a-z-]*/) != nil {
            result[result.count - 1] = "\(option)=\(argument)"
        } else {
            values.append(argument)
        }
    }
    return result + (values.isEmpty ? [] : ["--"] + values)
}

/// Refuses a word behind a single dash, such as `-threads`, of which an `h` would be taken for `-h`, so that help were
/// printed and nothing done.
func requireTwoDashes(in arguments: [String]) throws(Failure) {
    guard let command = arguments.first, !command.hasPrefix("-"), !["sql", "note", "tag"].contains(command) else {
        return
    }
    var mayBeValue = false
    for argument in arguments.prefix(while: { $0 != "--" }) {
        defer { mayBeValue = argument.wholeMatch(of: /--[a-z][a-z-]*|-o/) != nil }
        guard !mayBeValue, argument.wholeMatch(of: /-[A-Za-z].+/.dotMatchesNewlines()) != nil, argument.contains("h"),
            argument.wholeMatch(of: /-[hoqv]+/) == nil
        else { continue }
        throw Failure(
            .usage,
            "unknown option \(argument); options of several letters have two dashes, -\(argument), and a name that begins "
                + "with a dash is written ./\(argument)")
    }
}

/// Refuses an option that is given twice though it has one value, of which the first would be lost.
func requireSingle(in arguments: [String]) throws(Failure) {
    let longNames = ["-o": "--output", "-q": "--quiet", "-v": "--verbose"]
    var repeatable: Set<String> = [
        "--axis", "--by", "--columns", "--mode", "--perturb", "--sbatch", "--set", "--split", "--status", "--table",
        "--tag",
        "--test", "--train",
        "--where",
    ]
    if arguments.first == "plot" {
        repeatable.subtract(["--split", "--by"])
        repeatable.formUnion(["--metric", "--layer", "--color"])
    }
    if ["csv", "tsv"].contains(arguments.dropFirst(2).first) {
        repeatable.remove("--test")
        repeatable.formUnion(["--target", "--columns", "--skip"])
    }
    var seen: Set<String> = []
    for argument in arguments.prefix(while: { $0 != "--" }) {
        guard let name = argument.prefixMatch(of: /--[a-z][a-z-]*|-[oqv]/).map({ String($0.output) }) else { continue }
        let option = longNames[name] ?? name
        guard !repeatable.contains(option), !seen.insert(option).inserted else { continue }
        throw Failure(.usage, "\(option) is given twice; give it once")
    }
}
