/// "bnxp" in ASCII: marks an SQLite file as a results file of bnexp (`PRAGMA application_id`).
let applicationID: Int32 = 0x626E_7870

/// The tables of a results file: those of runs and sweeps, which this module knows, and those of measurements, which
/// are given.
package struct Schema: Sendable {
    /// The tables of measurements, in the order in which they are made.
    package let tables: [TableDeclaration]
    /// The version in which the newest table or column came (`PRAGMA user_version`).
    package let version: Int

    package init(_ rows: [any MetricRow.Type]) {
        tables = rows.map { $0.declaration }
        version = (tables.flatMap { $0.columns.map(\.since) } + runTableMigrations.keys).max() ?? 0
    }

    package func table(named name: String) -> TableDeclaration? { tables.first { $0.name == name } }

    /// The statements that bring a file of the version before to `version`.
    ///
    /// What a released version executes never changes, which tests compare with what was released.
    package func migration(to version: Int) -> String {
        let parts = [runTableMigrations[version]].compactMap { $0 } + tables.flatMap { $0.migration(to: version) }
        return parts.joined(separator: "\n") + "\n"
    }
}

extension MetricRow {
    fileprivate static var declaration: TableDeclaration { table.declaration }
}
