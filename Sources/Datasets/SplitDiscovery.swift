import Support

/// The inputs and targets of a split, as they were recognized in a file.
package struct DiscoveredSplit: Equatable, Sendable {
    package let inputs: String
    /// That of the inputs too, where one matrix or table holds both.
    package let targets: String
    /// Of a table, a dataset of a compound type, the fields that are features and the one that is the target.
    package var fields: Fields?

    package struct Fields: Equatable, Sendable {
        package let inputs: [String]
        package let target: String
    }

    package init(inputs: String, targets: String, fields: Fields? = nil) {
        self.inputs = inputs
        self.targets = targets
        self.fields = fields
    }

    /// What is asked of a file to read the split.
    package func request(in file: String) -> SplitRequest {
        let isOneMatrix = inputs == targets && fields == nil
        return SplitRequest(
            files: [file],
            inputs: DatasetRequest(
                name: inputs, columns: isOneMatrix ? .allButLast : nil, fields: fields?.inputs ?? []),
            targets: DatasetRequest(
                name: targets, columns: isOneMatrix ? .last : nil, fields: fields.map { [$0.target] } ?? []))
    }
}

/// Which datasets of a file are the inputs and targets of which split: as the user says, or as names and shapes do.
///
/// Names are those that `ArrayRole` knows; without them two datasets of equally many rows, one of which has one value a
/// row, are inputs and targets. One matrix alone has its target in the last column. AnnData has its inputs in X, and
/// its targets in the column of obs that is categorical or has the name of a target.
package struct DiscoveredSplits: Sendable {
    package let train: DiscoveredSplit
    package private(set) var validation: DiscoveredSplit?
    package private(set) var test: DiscoveredSplit?

    /// - Parameters:
    ///   - inputs: the path of the training inputs; nil to find them.
    ///   - target: the path of the training targets, or the name of a field or of AnnData's column; nil to find them.
    /// - Throws: an error that lists what the file has, where a name is unknown or nothing tells.
    package init(_ summary: FileSummary, inputs: String? = nil, target: String? = nil) throws(DataError) {
        let candidates = Candidates(summary)
        if candidates.areAnnotated {
            train = try candidates.annotated(inputs: inputs, target: target)
            return
        }
        let given = try inputs.map { name throws(DataError) in try candidates.find(name) }
        if let table = given ?? candidates.only, !table.fields.isEmpty {
            train = try candidates.table(table, target: target)
            return
        }
        let targets = try target.map { name throws(DataError) in try candidates.find(name) }
        let splits: [ArrayRole.Split] =
            if let named = given ?? targets {
                [named.role.split]
            } else {
                candidates.all.contains { $0.role.split == .train } ? [.train] : [.none]
            }
        guard let train = splits.lazy.compactMap({ candidates.pair(of: $0, given, targets) }).first else {
            throw candidates.error("Names and shapes do not tell which datasets are inputs and targets.")
        }
        self.train = train
        guard splits == [.train] else { return }
        validation = candidates.counterpart(of: train, .validation)
        test = candidates.counterpart(of: train, .test)
    }
}

/// What a file has that may be inputs or targets.
private struct Candidates {
    struct Candidate {
        let path: String
        /// nil where the file does not tell, as of a categorical column.
        let shape: [Int]?
        let type: String
        let fields: [String]
        let role: ArrayRole

        var width: Int? {
            shape.map { shape in
                shape.dropFirst().reduce(1) { product, length in
                    let (result, hasOverflow) = product.multipliedReportingOverflow(by: length)
                    return hasOverflow ? .max : result
                }
            }
        }
        var summary: String { "'\(path)' (\(shape.map { describe(shape: $0) + " " } ?? "")\(type))" }
    }

    private let file: String
    let all: [Candidate]
    /// Whether the file is AnnData's: a matrix X and columns of its rows.
    let areAnnotated: Bool

    init(_ summary: FileSummary) {
        file = summary.file
        let encoded = summary.groups.compactMap { group in summary.encoding(of: group).map { (group.path, $0) } }
        let broken = Set(summary.problems.map(\.path))
        let datasets = summary.datasets.filter { dataset in
            !dataset.shape.isEmpty && dataset.sameAs == nil && !dataset.path.hasPrefix("#")
                && !broken.contains(dataset.path) && !encoded.contains { dataset.path.hasPrefix($0.0 + "/") }
        }
        all =
            encoded.map { path, encoding in
                Candidate(path: path, shape: nil, type: encoding, fields: [], role: ArrayRole(path))
            }
            + datasets.map { dataset in
                Candidate(
                    path: dataset.path, shape: dataset.shape, type: dataset.type,
                    fields: dataset.fields?.map(\.name) ?? [], role: ArrayRole(dataset.path))
            }
        areAnnotated =
            all.contains { $0.path == "X" }
            && summary.groups.contains {
                $0.path == "obs" && $0.attributes["encoding-type"]?.description == "dataframe"
            }
    }

    /// The one candidate of a file that has no other.
    var only: Candidate? { all.count == 1 ? all[0] : nil }

    func find(_ name: String) throws(DataError) -> Candidate {
        let path = name.hasPrefix("/") ? String(name.dropFirst()) : name
        if let found = all.first(where: { $0.path == path }) { return found }
        let meant = nearest(to: path, among: all.map(\.path)).map { " Did you mean '\($0)'?" } ?? ""
        throw error("There is no dataset '\(name)'.\(meant)")
    }

    /// An error that lists all candidates and the options that choose.
    func error(_ problem: String) -> DataError {
        let shown = all.prefix(20).map(\.summary).joined(separator: ", ")
        let list = all.isEmpty ? "no dataset" : all.count > 20 ? "\(shown) and \(all.count - 20) more" : shown
        return DataError(file: file, "\(problem) It holds \(list). Give --inputs NAME and --target NAME.")
    }

    /// The inputs and targets of one split, of which the user may have named some.
    func pair(of split: ArrayRole.Split, _ inputs: Candidate?, _ targets: Candidate?) -> DiscoveredSplit? {
        if let inputs, let targets { return DiscoveredSplit(inputs: inputs.path, targets: targets.path) }
        let members = all.filter { $0.role.split == split && $0.fields.isEmpty }
        func named(_ part: ArrayRole.Part) -> Candidate? {
            let found = members.filter { $0.role.part == part }
            return found.count == 1 ? found[0] : nil
        }
        if let inputs = inputs ?? named(.inputs), let targets = targets ?? named(.targets) {
            return inputs.path == targets.path ? nil : DiscoveredSplit(inputs: inputs.path, targets: targets.path)
        }
        if members.count == 1, let shape = members[0].shape, shape.count == 2, shape[1] > 1, targets == nil {
            return DiscoveredSplit(inputs: members[0].path, targets: members[0].path)
        }
        return members.count == 2 ? pairByShape(members, inputs, targets) : nil
    }

    /// Two datasets of equally many rows, of which those of the targets have one value.
    private func pairByShape(
        _ members: [Candidate], _ inputs: Candidate?, _ targets: Candidate?
    ) -> DiscoveredSplit? {
        guard members[0].shape?.first == members[1].shape?.first else { return nil }
        let wide = members.filter { ($0.width ?? 0) > 1 }, narrow = members.filter { $0.width == 1 }
        guard wide.count == 1, narrow.count == 1, inputs.map({ $0.path == wide[0].path }) ?? true,
            targets.map({ $0.path == narrow[0].path }) ?? true
        else { return nil }
        return DiscoveredSplit(inputs: wide[0].path, targets: narrow[0].path)
    }

    /// The datasets of another split that have the names of the training ones.
    func counterpart(of train: DiscoveredSplit, _ split: ArrayRole.Split) -> DiscoveredSplit? {
        func path(like name: String) -> String? {
            all.first { $0.role.split == split && $0.role.stem == ArrayRole(name).stem }?.path
        }
        guard let inputs = path(like: train.inputs), let targets = path(like: train.targets) else { return nil }
        return DiscoveredSplit(inputs: inputs, targets: targets)
    }

    /// A dataset of a compound type: one field is the target, all others are features.
    func table(_ table: Candidate, target: String?) throws(DataError) -> DiscoveredSplit {
        let names = table.fields.filter(ArrayRole.isTargetColumn)
        guard let field = target ?? (names.count == 1 ? names[0] : nil), table.fields.contains(field),
            table.fields.count > 1
        else {
            throw DataError(
                file: file, dataset: table.path,
                (target.map { "It has no field '\($0)'." } ?? "Names do not tell which of its fields is the target.")
                    + " Its fields are \(table.fields.joined(separator: ", ")); give one of several with --target NAME."
            )
        }
        // An index counts rows, as those of pandas' tables do.
        let features = table.fields.filter { $0 != field && $0 != "index" }
        return DiscoveredSplit(
            inputs: table.path, targets: table.path, fields: .init(inputs: features, target: field))
    }

    /// AnnData: inputs are X, the target is a column of obs.
    func annotated(inputs: String?, target: String?) throws(DataError) -> DiscoveredSplit {
        let matrix = try find(inputs ?? "X")
        let columns = all.filter { $0.path.hasPrefix("obs/") && !$0.path.hasSuffix("index") }
        if let target {
            let isColumn = columns.contains { $0.path == "obs/" + target }
            return DiscoveredSplit(inputs: matrix.path, targets: try find(isColumn ? "obs/" + target : target).path)
        }
        let named = columns.filter { ArrayRole.isTargetColumn(String($0.path.dropFirst(4))) }
        let likely = named.isEmpty ? columns.filter { $0.type == "categorical" } : named
        guard likely.count == 1 else {
            throw DataError(
                file: file,
                "This is AnnData, whose columns of obs do not tell which is the target: "
                    + "\(columns.map(\.summary).joined(separator: ", ")). Give --target NAME.")
        }
        return DiscoveredSplit(inputs: matrix.path, targets: likely[0].path)
    }
}

extension FileSummary {
    /// What a group stands for as a whole, a sparse matrix or a categorical column; nil for other groups.
    fileprivate func encoding(of group: Group) -> String? {
        if let encoding = group.attributes["encoding-type"]?.description,
            ["csr_matrix", "csc_matrix", "categorical"].contains(encoding)
        {
            return encoding
        }
        let parts = Set(datasets.lazy.map(\.path).filter { $0.hasPrefix(group.path + "/") }.map(\.self))
        func has(_ names: [String]) -> Bool { names.allSatisfy { parts.contains("\(group.path)/\($0)") } }
        let isSparse =
            group.attributes["h5sparse_format"] != nil || group.attributes["MATLAB_sparse"] != nil
            || has(["data", "indices", "indptr", "shape"])
        return isSparse ? "sparse matrix" : nil
    }
}
