import ArgumentParser
import Reports

/// The option to choose the columns of a table, for people and for programs.
struct ColumnsOption: ParsableArguments {
    /// What is said below a table from which a narrow terminal leaves columns out.
    static let remedy = "--columns NAME,... chooses, --json shows all"

    @Option(
        name: .customLong("columns"), parsing: .unconditional,
        help: ArgumentHelp("Print these columns only, in this order.", valueName: "NAME,..."))
    var list: String?

    private var names: [String]? {
        list.map { list in
            list.split(separator: ",", omittingEmptySubsequences: false).map { name in
                String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
    }

    func validate() throws {
        guard let names else { return }
        if names.contains("") { throw ValidationError("--columns \(list ?? ""): expected names between commas.") }
        if let twice = names.enumerated().first(where: { names.firstIndex(of: $1) != $0 })?.element {
            throw ValidationError("--columns names \(twice) twice; name it once.")
        }
    }

    /// Returns the table with the columns that are asked for, by default all.
    /// - Throws: `Failure` for a name that the table does not have.
    func choose(from table: Table) throws -> Table { try names.map { try table.choosing($0) } ?? table }

    /// Returns several tables with the columns that are asked for, of which some may have none.
    func choose(from tables: [Table]) throws -> [Table] { try names.map { try tables.choosing($0) } ?? tables }
}
