import GRDB

/// The connection of a results file, as whoever reads uses it.
struct Connection: Sendable {
    private let queue: DatabaseQueue
    private let isWritable: Bool

    init(_ queue: DatabaseQueue, isWritable: Bool) {
        self.queue = queue
        self.isWritable = isWritable
    }

    /// Runs `body`, which only reads, on a view of the file that does not change meanwhile.
    ///
    /// GRDB's own `read` sets a pragma, after which SQLite prepares every kept statement again: the connection that
    /// writes a sweep's trials reads before each of them, and does so in a transaction that writes nothing.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        guard isWritable else { return try queue.read(body) }
        return try queue.inDatabase { try $0.transaction(.deferred, body) }
    }

    /// Copies the file to another one.
    func backup(to other: DatabaseQueue) throws { try queue.backup(to: other) }

    func close() throws { try queue.close() }
}

extension Database {
    /// Returns what `body` does in one transaction.
    func transaction<Result>(_ kind: TransactionKind, _ body: (Database) throws -> Result) throws -> Result {
        var result: Result?
        try inTransaction(kind) {
            result = try body(self)
            return .commit
        }
        guard let result else { preconditionFailure("a committed transaction has a result") }
        return result
    }

    /// Executes a statement that the connection keeps prepared.
    func executeKept(sql: String, arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
