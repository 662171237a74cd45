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
    func checkedUUID() throws -> String { try checkedUUID(of: checked("uuid")) }

    /// The same in the column with a number, from 0.
    func checkedUUID(at index: Int) throws -> String { try checkedUUID(of: checked(at: index)) }

    private func checkedUUID(of uuid: String) throws -> String {
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard !uuid.isEmpty, uuid.utf8.allSatisfy(isPlain) else {
            throw ResultsError(
                "the results file is damaged or was changed by another program: a run has the uuid "
                    + "\(quotedForJSON(uuid)); bnexp doctor checks the file")
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
            "the results file is damaged or was changed by another program: a row has \(found.prefix(60)) in the "
                + "column \(column), expected \(Value.self); bnexp doctor checks the file")
    }
}
