import Support

extension Table {
    /// Returns the table with columns that the user names, in that order; none of them is left out.
    ///
    /// - Throws: `Failure` of status `usage` for a name that the table does not have.
    package func choosing(_ names: [String]) throws(Failure) -> Table {
        guard let table = try [self].choosing(names).first else { return self }
        return table
    }

    fileprivate func keeping(_ names: [String]) -> Table {
        let places = names.compactMap { columns.firstIndex(of: $0) }
        var table = Table(columns: places.map { columns[$0] }, rows: rows.map { row in places.map { row[$0] } })
        table.settingRowCount = settingRowCount
        table.settingColumnCount = places.prefix { $0 < settingColumnCount }.count
        table.fit = .folding(keyCount: 1)
        return table
    }
}

extension [Table] {
    /// Returns the tables with those of the named columns that each has, which may be none.
    ///
    /// - Throws: `Failure` of status `usage` for a name that no table has.
    package func choosing(_ names: [String]) throws(Failure) -> [Table] {
        let known = flatMap(\.columns)
        for name in names where !known.contains(name) {
            let all = known.enumerated().filter { known.firstIndex(of: $1) == $0 }.map(\.element)
            let hint =
                nearest(to: name, among: all).map { "did you mean \($0)?" } ?? "it has \(all.joined(separator: ", "))"
            throw Failure(.usage, "--columns: the table has no column \"\(name)\"; \(hint)")
        }
        return map { $0.keeping(names) }
    }
}
