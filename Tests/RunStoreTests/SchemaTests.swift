import Foundation
import GRDB
import RunStore
import TestSupport
import Testing
import Training

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
private let fixtures = root.appendingPathComponent("Tests/RunStoreTests/Fixtures")

/// A table of a version that no released schema has, with a column of a later one.
private struct InventedRow: MetricRow {
    let step: Int
    var whole: Int? = nil
    var number = 0.5
    var text = "a"
    var maybe: Double? = nil

    static let table = MetricTable<Self>(
        "invented", since: 1004, "Of tests.",
        [
            .key("step", "t") { $0.step }, .key("group", "a word of SQL") { $0.text },
            .value("whole", "may be NULL") { $0.whole }, .value("number", "never NULL") { $0.number },
            .value("maybe", since: 1005, "of a later version") { $0.maybe },
        ])
}

@Suite struct SchemaTests {
    /// A copy of a results file that a bnexp of an earlier schema made.
    private func withFixture(_ version: Int, _ body: (_ path: String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("old.sqlite").path
            try FileManager.default.copyItem(
                atPath: fixtures.appendingPathComponent("schema-\(version).sqlite").path, toPath: path)
            try body(path)
        }
    }

    private func views(_ file: ResultsFile) throws -> [[SQLValue]] {
        try file.query("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY name").rows
    }

    /// What defines the tables: columns with their types and keys, and how each table is stored.
    private func tables(_ file: ResultsFile) throws -> [[SQLValue]] {
        try file.query(
            """
            SELECT t.name, t.strict, t.wr, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
            FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c
            WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid
            """
        ).rows
            + file.query(
                """
                SELECT m.name, f."table", f."from", f."to", f.on_delete
                FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table' ORDER BY m.name
                """
            ).rows
            + file.query("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name").rows
    }

    /// What a released version executes is in the fixtures, word for word.
    @Test(arguments: 1...4) func aReleasedMigrationIsNeverEdited(version: Int) throws {
        let file = fixtures.appendingPathComponent("migration-\(version).sql")
        #expect(try String(contentsOf: file, encoding: .utf8) == Schema.current.migration(to: version))
    }

    /// Files of every earlier schema keep what they have and get the tables and views of a new one.
    @Test(arguments: 1...4) func earlierSchemasAreUpgraded(version: Int) throws {
        try withResultsFile { new, _ in
            try withFixture(version) { path in
                let before = try ResultsFile(reading: path).query("SELECT * FROM training_step")
                #expect(before.rows.count == (version == 1 ? 6 : 3))
                _ = try ResultsFile(writing: path)
                let file = try ResultsFile(reading: path)
                #expect(try file.query("PRAGMA user_version").rows == [[.integer(Schema.current.version)]])
                #expect(try file.query("SELECT * FROM training_step") == before)
                #expect(try views(file) == views(new))
                #expect(try tables(file) == tables(new))
                #expect(try file.query("SELECT count(*) FROM run_summary WHERE final_loss > 0").rows != [[.integer(0)]])
            }
        }
    }

    /// A table that is declared with a new version is added to files of an earlier one, and so is a column.
    @Test func aDeclarationIsItsMigration() throws {
        let schema = Schema([EvaluationRow.self, InventedRow.self])
        #expect(schema.version == 1005)
        try withFixture(3) { path in
            let file = try ResultsFile(writing: path, schema: schema)
            let writer = try file.begin()
            var rows = MetricRows(step: 7)
            rows.append(contentsOf: [
                InventedRow(step: 7, number: .infinity, maybe: .nan), InventedRow(step: 7, whole: 3, text: "b"),
            ])
            #expect(rows.rows(of: InventedRow.self).count == 2 && rows.rows(of: EvaluationRow.self).isEmpty)
            try writer.append(rows)
            try writer.finish(status: .finished, exitReason: nil, lastStep: 7, peakMemoryBytes: 0, phases: [])
            let stored = try file.query("SELECT step, \"group\", whole, number, maybe FROM invented ORDER BY 2").rows
            #expect(
                stored == [
                    [.integer(7), .text("a"), .null, .number(.infinity), .null],
                    [.integer(7), .text("b"), .integer(3), .number(0.5), .null],
                ])
            let columns = try file.query(
                "SELECT name, type, \"notnull\", pk FROM pragma_table_info('invented') ORDER BY cid"
            ).rows
            #expect(
                columns == [
                    [.text("run_id"), .text("INTEGER"), .integer(1), .integer(1)],
                    [.text("step"), .text("INTEGER"), .integer(1), .integer(2)],
                    [.text("group"), .text("TEXT"), .integer(1), .integer(3)],
                    [.text("whole"), .text("INTEGER"), .integer(0), .integer(0)],
                    [.text("number"), .text("REAL"), .integer(1), .integer(0)],
                    [.text("maybe"), .text("REAL"), .integer(0), .integer(0)],
                ])
            let refusal = message { _ = try ResultsFile(reading: path) }
            #expect(refusal.contains("has schema version 1005, made by a newer bnexp"))
        }
    }

    /// Views are remade where their text is another one; a view that is not known stays.
    @Test func viewsFollowTheBinary() throws {
        try withResultsFile { file, _ in
            let before = try views(file)
            try file.close()
            try plant(
                "DROP VIEW run_summary; CREATE VIEW run_summary AS SELECT 1; DROP VIEW dead_unit; "
                    + "CREATE VIEW a_newer_one AS SELECT 2 AS two", in: file.path)
            let again = try ResultsFile(writing: file.path)
            #expect(try views(again).filter { $0[0] != .text("a_newer_one") } == before)
            #expect(try again.query("SELECT two FROM a_newer_one").rows == [[.integer(2)]])
        }
    }

    /// docs/results.md names every table and view in a heading and every column in the first cell of its table's rows,
    /// in order.
    @Test func documentAndSchemaAgree() throws {
        var documented: [String: [String]] = [:]
        var heading = ""
        for line in try document().split(separator: "\n") {
            if let match = line.wholeMatch(of: /### `([a-z_]+)`.*/) { heading = String(match.1) }
            if let match = line.prefixMatch(of: /\| `([a-z_0-9]+)` \|/) {
                documented[heading, default: []].append(String(match.1))
            }
        }
        try withResultsFile { file, _ in
            var actual: [String: [String]] = [:]
            let names = try file.query(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'grdb%' AND name NOT "
                    + "LIKE 'sqlite%'")
            for name in names.rows.compactMap(\.[0].text) {
                actual[name] = try file.query("SELECT name FROM pragma_table_info('\(name)') ORDER BY cid").rows
                    .compactMap(\.[0].text)
            }
            #expect(documented == actual)
        }
    }

    /// The section of every table of measurements says what its declaration says; lines may be broken elsewhere.
    @Test(arguments: Schema.current.tables.map(\.name)) func documentIsTheDeclaration(table: String) throws {
        func words(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        let section = try #require(Schema.current.table(named: table)).markdown
        #expect(words(try document()).contains(words(section)), "expected in docs/results.md:\n\(section)")
    }

    private func document() throws -> String {
        try String(contentsOf: root.appendingPathComponent("docs/results.md"), encoding: .utf8)
    }
}
