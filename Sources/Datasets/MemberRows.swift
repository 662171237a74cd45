import Foundation

/// Rows each of which is a dataset of its own, all of one shape and type.
final class MemberRows: RowSource {
    let found: FoundRows
    private let members: [any RowSource]
    private var table = NameTable()

    /// - Parameter members: sources of one row each, at least one.
    init(_ members: [any RowSource], place: String, notes: [String]) throws(DataError) {
        var first = members[0].found
        for member in members.dropFirst() {
            guard member.found.rowShape == first.rowShape, member.found.format == first.format,
                member.found.areNames == first.areNames
            else {
                throw DataError(
                    "\(place): Its datasets are no rows of one matrix: \(first.place) is "
                        + "\(describe(shape: first.rowShape)) \(first.typeName), \(member.found.place) is "
                        + "\(describe(shape: member.found.rowShape)) \(member.found.typeName). Name one dataset, or "
                        + "store all in one shape and type.")
            }
        }
        (first.place, first.rowCount, first.blockRows, first.rawOffset) = (place, members.count, 1, nil)
        first.notes = notes
        found = first
        self.members = members
    }

    var names: [String] { table.names }

    func requirePresent(_ rows: RowSet) throws(DataError) {
        for row in rows { try members[row].requirePresent(.range(0..<1)) }
    }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        for (index, row) in rows.enumerated() {
            let place = target + index * found.rowByteCount
            try members[row].read(0..<1, into: place)
            guard found.areNames else { continue }
            // Each member has a numbering of its own.
            let number = Int(place.load(as: Int32.self))
            place.storeBytes(of: table.number(ArraySlice(members[row].names[number].utf8)), as: Int32.self)
        }
    }
}

extension HDF5File {
    /// The rows of the datasets whose paths a pattern fits, in which `*` stands for the names in one group, in the
    /// natural order of these: 2 before 10.
    func rows(matching pattern: String, areTargets: Bool, _ permissions: HDF5Permissions) throws(DataError)
        -> any RowSource
    {
        var found = [""]
        for part in pattern.split(separator: "/").map(String.init) {
            var next: [String] = []
            for group in found {
                let start = group.isEmpty ? "" : "\(group)/"
                guard part.contains("*") else {
                    next.append(start + part)
                    continue
                }
                guard group.isEmpty || kind(of: group) == "group" else { continue }
                next += try memberNames(ofGroup: group.isEmpty ? "/" : group)
                    .filter { fnmatch(part, $0, 0) == 0 }.map { start + $0 }
            }
            found = next
        }
        found = found.filter { kind(of: $0) == "dataset" }
        guard !found.isEmpty else {
            throw DataError(
                file: path, dataset: pattern,
                "No dataset has such a path, where * stands for any name; bnexp data inspect lists what there is.")
        }
        return try members(found, pattern: pattern, areTargets: areTargets, permissions)
    }

    private func members(_ names: [String], pattern: String, areTargets: Bool, _ permissions: HDF5Permissions)
        throws(DataError) -> any RowSource
    {
        guard names.count <= 1 << 20 else {
            throw DataError(
                file: path, dataset: pattern, "\(names.count) datasets are too many to be rows; store one matrix.")
        }
        var members: [any RowSource] = []
        for name in names {
            _ = try follow(name)
            let dataset = try dataset(name)
            var notes: [String] = []
            try dataset.checkPresence(in: self, permissions, &notes)
            if case .strings = dataset.valueType.form, areTargets, dataset.shape.reduce(1, *) == 1 {
                members.append(
                    NameRows(dataset, rowCount: 1, notes: []) { (_, body) throws(DataError) in
                        try dataset.readStrings(0..<1, body)
                    })
            } else {
                members.append(try OneRow(dataset, permissions))
            }
        }
        return try MemberRows(
            members, place: place(file: path, dataset: pattern),
            notes: [
                "'\(pattern)': its \(names.count) datasets are the rows, from '\(names[0])' to "
                    + "'\(names[names.count - 1])'"
            ])
    }
}

extension HDF5File {
    /// The names in a group, in natural order.
    private func memberNames(ofGroup group: String) throws(DataError) -> [String] {
        let (names, isComplete) = names(inGroup: group)
        guard isComplete else { throw DataError(file: path, dataset: group, "It cannot be listed; it is damaged.") }
        return names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }
}

/// A dataset that is one row.
final class OneRow: RowSource {
    let found: FoundRows
    private let dataset: HDF5Dataset
    private let source: DatasetRows

    init(_ dataset: HDF5Dataset, _ permissions: HDF5Permissions) throws(DataError) {
        self.dataset = dataset
        source = try DatasetRows(
            dataset, dimension: 0, rowShape: Array(dataset.shape.dropFirst()), columns: nil, packing: nil, permissions,
            notes: [])
        var found = source.found
        (found.rowCount, found.rowShape) = (1, dataset.shape)
        self.found = found
    }

    func requirePresent(_ rows: RowSet) throws(DataError) {
        if let count = dataset.extent.first { try source.requirePresent(.range(0..<count)) }
    }

    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        try source.read(0..<(dataset.extent.first ?? 1), into: target)
    }
}
