import Support

/// Targets as a file has them, before it is settled what they mean.
package struct RawTargets: Sendable {
    enum Content: Sendable {
        /// Numbers, with the names that an enumeration gives some of them.
        case numbers(Examples, names: [Int: String])
        /// The number of its name for each row.
        case names([String], Values<Int32>)
    }
    let content: Content
    let place: String
    let typeName: String

    init(_ read: ReadDataset, from file: NamelessFile) throws(DataError) {
        place = read.place
        typeName = read.typeName
        if read.form == .codes {
            content = .names(read.names, try Values(file, offset: read.offset, count: read.shape.reduce(1, *)))
        } else {
            content = .numbers(
                try Examples(read, from: file),
                names: Dictionary(zip(read.namedValues, read.names), uniquingKeysWith: { $1 }))
        }
    }

    /// Reads targets alone.
    package init(file: String, _ request: DatasetRequest, _ permissions: HDF5Permissions = .init()) throws(DataError) {
        let (read, shared) = try contained(file: file) { (shared) throws(DataError) in
            try HDF5File(path: file).read(request, areTargets: true, permissions, into: shared)
        }
        try self.init(read, from: shared)
    }

    func error(_ problem: String) -> DataError { DataError("\(place): \(problem)") }

    /// The targets as rows of probabilities (N x K), if they are such and no row of a single 1 among zeros; nil otherwise.
    var probabilities: Examples? {
        guard case .numbers(let values, _) = content, values.shape.count == 1, values.featureCount > 1 else {
            return nil
        }
        func areProbabilities<Element: HDF5Element>(_ numbers: Values<Element>) -> Bool {
            var hasShares = false
            for start in stride(from: 0, to: numbers.count, by: values.featureCount) {
                var sum = 0.0
                for index in start..<start + values.featureCount {
                    let number = numbers[index].asDouble
                    guard number >= 0, number <= 1 else { return false }
                    sum += number
                    if number > 0, number < 1 { hasShares = true }
                }
                guard abs(sum - 1) < 1e-3 else { return false }
            }
            return hasShares
        }
        switch values.storage {
        case .uint8: return nil
        case .float32(let numbers): return areProbabilities(numbers) ? values : nil
        case .float64(let numbers): return areProbabilities(numbers) ? values : nil
        }
    }

    /// The targets as values; names are none.
    func values() throws(DataError) -> Examples {
        guard case .numbers(let values, _) = content else {
            throw error(
                "It holds values of type \(typeName), which the loss cannot compare; expected numbers. For classes choose "
                    + "loss.kind softmax_cross_entropy, or set data.targets to \"classes\".")
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
