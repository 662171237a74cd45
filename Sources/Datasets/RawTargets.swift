import Support

/// Targets as a file has them, before it is settled what they mean.
package struct RawTargets: Sendable {
    enum Content: Sendable {
        /// Numbers, with the names that the file gives some of them.
        case numbers(Examples, names: [Int: String])
        /// The number of its name for each row, `int32`.
        case names([String], Examples)
    }
    let content: Content
    let place: String
    let typeName: String

    /// Reads targets.
    ///
    /// - Parameter rows: in ascending order.
    package init(_ targets: RowsOnDisk, rows: RowSet) throws(DataError) {
        place = targets.found.place
        typeName = targets.found.typeName
        let (values, names) = try targets.read(rows)
        let examples = Examples(values, rows, of: targets.found)
        if targets.found.areNames {
            content = .names(names, examples)
        } else {
            try examples.requireFinite(.range(0..<examples.rowCount))
            content = .numbers(examples, names: targets.found.valueNames)
        }
    }

    /// Reads targets alone.
    package init(file: String, _ request: DatasetRequest, _ permissions: HDF5Permissions = .init()) throws(DataError) {
        let targets = try RowsOnDisk(file: file, request, areTargets: true, permissions)
        try self.init(targets, rows: .range(0..<targets.rowCount))
    }

    func error(_ problem: String) -> DataError { DataError("\(place): \(problem)") }

    /// The targets as rows of probabilities (N x K), if they are such and no row of a single 1 among zeros; nil
    /// otherwise.
    var probabilities: Examples? {
        guard case .numbers(let values, _) = content, values.shape.count == 1, values.featureCount > 1 else {
            return nil
        }
        guard !values.format.isInteger else { return nil }
        var areProbabilities = true, hasShares = false
        do {
            try values.forEachRow(.range(0..<values.rowCount)) { _, row in
                let isFit = row.allSatisfy { $0 >= 0 && $0 <= 1 } && abs(row.reduce(0, +) - 1) < 1e-3
                areProbabilities = areProbabilities && isFit
                hasShares = hasShares || row.contains { $0 > 0 && $0 < 1 }
            }
        } catch {
            return nil
        }
        return areProbabilities && hasShares ? values : nil
    }

    /// The targets as values; names are none.
    func values() throws(DataError) -> Examples {
        guard case .numbers(let values, _) = content else {
            throw error(
                "It holds values of type \(typeName), which the loss cannot compare; expected numbers. For classes "
                    + "choose loss.kind softmax_cross_entropy, or set data.targets to \"classes\".")
        }
        return values
    }
}

/// What the loss makes of targets.
package enum TargetUse: Hashable, Sendable {
    case classes
    /// Rows of probabilities are taken too.
    case classesOrProbabilities
    /// Values to be compared with each output.
    case values
}

/// How labels become classes; the config key `data.class_map`.
package enum ClassMapping: Hashable, Sendable {
    /// 0, 1, 2, ... are classes as they are; other numbers, names and booleans are numbered in sorted order.
    case automatic
    /// Labels are the numbers of classes.
    case asNumbers
    /// The class of each label.
    case given([String: Int])
}
