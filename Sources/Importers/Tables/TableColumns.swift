import Datasets
import Support

/// What the user says of the columns of a table, and what follows from their names.
struct TableColumns {
    enum Role: Equatable {
        case input
        /// One of the targets, by its number.
        case target(Int)
        case unused
    }

    let names: [String]
    /// The roles of all columns.
    let roles: [Role]
    /// The columns whose values are texts, whatever they look like.
    let categorical: Set<Int>
    /// The inputs in the order of their features.
    let inputs: [Int]
    /// The targets in the order that was asked for.
    let targets: [Int]

    /// The names as messages show them.
    let shownNames: [String]

    /// - Parameters:
    ///   - hasHeader: whether `names` are those of a header rather than numbers.
    ///   - file: what messages call the table.
    /// - Throws: an error that lists the columns where there is none of a name.
    init(_ names: [String], hasHeader: Bool, _ options: TableOptions, file: String) throws(DataError) {
        let shownNames = names.map(shown)
        func column(_ reference: String, _ option: String) throws(DataError) -> Int {
            if let index = names.firstIndex(of: reference) { return index }
            if let number = Int(reference), number >= 1, number <= names.count { return number - 1 }
            throw DataError(
                file: file,
                "There is no column '\(shown(reference))', which \(option) names. "
                    + (hasHeader
                        ? "Its columns are \(listed(shownNames)); a number counts them from 1."
                        : "It has no header, and its columns are numbered from 1 to \(names.count); --header yes says "
                            + "that line 1 names them."))
        }
        func columns(_ references: [String], _ option: String) throws(DataError) -> [Int] {
            var found: [Int] = []
            for reference in references {
                // A name may have commas itself.
                let parts = names.contains(reference) ? [reference] : reference.split(separator: ",").map(String.init)
                for part in parts { found.append(try column(part, option)) }
            }
            if let twice = found.enumerated().first(where: { found[..<$0].contains($1) }) {
                throw DataError(file: file, "\(option) names the column '\(shownNames[twice.element])' twice.")
            }
            return found
        }
        let targets =
            options.targets.isEmpty
            ? [try likelyTarget(names, hasHeader: hasHeader, file)] : try columns(options.targets, "--target")
        let skipped = Set(try columns(options.skipped, "--skip"))
        let inputs =
            options.columns.isEmpty
            ? names.indices.filter { !skipped.contains($0) && !targets.contains($0) }
            : try columns(options.columns, "--columns")
        let categorical = Set(try columns(options.categorical, "--categorical"))
        if targets.count > 1, let target = targets.first(where: categorical.contains) {
            throw DataError(
                file: file,
                "The target '\(shownNames[target])' is named by --categorical; several targets are numbers. Name one "
                    + "target to have texts as classes.")
        }
        if let unused = categorical.sorted().first(where: { !inputs.contains($0) && !targets.contains($0) }) {
            throw DataError(
                file: file,
                "The column '\(shownNames[unused])', which --categorical names, is left out of the inputs.")
        }
        for target in targets where skipped.contains(target) || inputs.contains(target) {
            throw DataError(
                file: file,
                "The column '\(shownNames[target])' is the target; leave it out of \(skipped.contains(target) ? "--skip" : "--columns")."
            )
        }
        if let both = inputs.first(where: skipped.contains) {
            throw DataError(file: file, "The column '\(shownNames[both])' is named by both --columns and --skip.")
        }
        guard !inputs.isEmpty else {
            throw DataError(
                file: file,
                "No column is left for the inputs: it has \(listed(shownNames)). If that is one column where there "
                    + "should be more, give --delimiter.")
        }
        var roles = names.map { _ in Role.unused }
        for input in inputs { roles[input] = .input }
        for (number, target) in targets.enumerated() { roles[target] = .target(number) }
        self.names = names
        self.shownNames = shownNames
        self.roles = roles
        self.categorical = categorical
        self.inputs = inputs
        self.targets = targets
    }
}

/// What targets are often called.
let usualTargets = ["target", "label", "class", "y", "species"]

/// The column that is called as targets often are.
private func likelyTarget(_ names: [String], hasHeader: Bool, _ file: String) throws(DataError) -> Int {
    for name in usualTargets {
        if let index = names.firstIndex(where: { $0.lowercased() == name }) { return index }
    }
    throw DataError(
        file: file,
        "--target is missing, and no column is called target, label, class, y or species. "
            + (hasHeader
                ? "Its columns are \(listed(names.map(shown))); name one of them or its number."
                : "It has no header, and its columns are numbered from 1 to \(names.count); name one of them, or say "
                    + "with --header yes that line 1 names them."))
}

/// A name on one line of a terminal, cut off where it is very long.
func shown(_ name: String) -> String { (name.count > 60 ? name.prefix(60) + "..." : name).escapedForTerminal() }

/// Names for messages, the first and the last where there are many.
func listed(_ names: [String]) -> String {
    let shown = names.count <= 20 ? names : Array(names.prefix(12)) + ["... (\(names.count) in all)"] + names.suffix(2)
    return shown.joined(separator: ", ")
}
