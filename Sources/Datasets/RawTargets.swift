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

/// How labels become classes; the config key `data.class_map`.
package enum ClassMapping: Hashable, Sendable {
    /// 0, 1, 2, ... are classes as they are; other numbers, names and booleans are numbered in sorted order.
    case automatic
    /// Labels are the numbers of classes.
    case asNumbers
    /// The class of each label.
    case given([String: Int])
}
