import GRDB
import Support

extension Row {
    /// The value of a column, which a stranger's file may hold as another type than the schema says.
    ///
    /// - Throws: `ResultsError` if it is NULL or of another type than is asked for.
    func checked<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        guard let index = columnNames.firstIndex(of: column) else { throw ResultsError("there is no column \(column)") }
        return try checked(at: columnNames.distance(from: columnNames.startIndex, to: index))
    }

    /// The value of the column `uuid`, which names folders: a stranger's file must not lead to others.
    func checkedUUID() throws -> String {
        let uuid: String = try checked("uuid")
        guard uuid.wholeMatch(of: /[A-Za-z0-9-]+/) != nil else {
            throw ResultsError(
                "the results file is damaged or was changed by another program: a run has the uuid \(quotedForJSON(uuid)); "
                    + "bnexp doctor checks the file")
        }
        return uuid
    }

    /// The value of the column with a number, from 0; see `checked(_:)`.
    func checked<Value: DatabaseValueConvertible>(at index: Int) throws -> Value {
        let value = databaseValues[databaseValues.index(databaseValues.startIndex, offsetBy: index)]
        if let value = Value.fromDatabaseValue(value) { return value }
        let column = columnNames[columnNames.index(columnNames.startIndex, offsetBy: index)]
        let found = value.isNull ? "NULL" : "\(value)"
        throw ResultsError(
            "the results file is damaged or was changed by another program: a row has \(found.prefix(60)) in the column "
                + "\(column), expected \(Value.self); bnexp doctor checks the file")
    }
}
