import Datasets

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
    /// The inputs in the order of their features.
    let inputs: [Int]
    /// The targets in the order that was asked for.
    let targets: [Int]

    /// - Parameter file: what messages call the table.
    /// - Throws: an error that lists the columns where there is none of a name.
    init(_ names: [String], _ options: TableOptions, file: String) throws(DataError) {
        let hasHeader = names != names.indices.map { "\($0 + 1)" }
        func column(_ reference: String, _ option: String) throws(DataError) -> Int {
            if let index = names.firstIndex(of: reference) { return index }
            if let number = Int(reference), number >= 1, number <= names.count { return number - 1 }
            throw DataError(
                file: file,
                "There is no column '\(reference)', which \(option) names. "
                    + (hasHeader
                        ? "Its columns are \(listed(names)); a number counts them from 1."
                        : "It has no header, and its columns are numbered from 1 to \(names.count)."))
        }
        func columns(_ references: [String], _ option: String) throws(DataError) -> [Int] {
            var found: [Int] = []
            for reference in references {
                // A name may have commas itself.
                let parts = names.contains(reference) ? [reference] : reference.split(separator: ",").map(String.init)
                for part in parts { found.append(try column(part, option)) }
            }
            if let twice = found.enumerated().first(where: { found[..<$0].contains($1) }) {
                throw DataError(file: file, "\(option) names the column '\(names[twice.element])' twice.")
            }
            return found
        }
        let targets =
            options.targets.isEmpty
            ? [try likelyTarget(names, file)] : try columns(options.targets, "--target")
        let skipped = Set(try columns(options.skipped, "--skip"))
        let inputs =
            options.columns.isEmpty
            ? names.indices.filter { !skipped.contains($0) && !targets.contains($0) }
            : try columns(options.columns, "--columns")
        for target in targets where skipped.contains(target) || inputs.contains(target) {
            throw DataError(
                file: file,
                "The column '\(names[target])' is the target; leave it out of \(skipped.contains(target) ? "--skip" : "--columns")."
            )
        }
        if let both = inputs.first(where: skipped.contains) {
            throw DataError(file: file, "The column '\(names[both])' is named by both --columns and --skip.")
        }
        guard !inputs.isEmpty else {
            throw DataError(
                file: file,
                "No column is left for the inputs: it has \(listed(names)). If that is one column where there should be more, "
                    + "give --delimiter.")
        }
        var roles = names.map { _ in Role.unused }
        for input in inputs { roles[input] = .input }
        for (number, target) in targets.enumerated() { roles[target] = .target(number) }
        self.names = names
        self.roles = roles
        self.inputs = inputs
        self.targets = targets
    }
}

/// The column that is called as targets often are.
private func likelyTarget(_ names: [String], _ file: String) throws(DataError) -> Int {
    for name in ["target", "label", "class", "y", "species"] {
        if let index = names.firstIndex(where: { $0.lowercased() == name }) { return index }
    }
    throw DataError(
        file: file,
        "--target is missing, and no column is called target, label, class, y or species. Its columns are \(listed(names)); "
            + "name one of them or its number.")
}

/// Names for messages, the first and the last where there are many.
func listed(_ names: [String]) -> String {
    let shown = names.count <= 20 ? names : Array(names.prefix(12)) + ["... (\(names.count) in all)"] + names.suffix(2)
    return shown.joined(separator: ", ")
}
