import GRDB
import Support

/// What is wrong with a results file or with what was asked of it, and what to do about it.
package struct ResultsError: UserError, Equatable {
    /// What an error comes from.
    package enum Cause: Sendable {
        /// The file is damaged, cannot be reached or cannot be written.
        case file
        /// The file is fine, and what was asked of it is not.
        case request
        /// Another process works on the run that was asked for.
        case busyRun
        /// Another program has locked the file.
        case locked
    }
    package let message: String
    package let cause: Cause

    package init(_ message: String, cause: Cause = .file) {
        self.message = message
        self.cause = cause
    }

    package var exitStatus: ExitStatus {
        switch cause {
        case .request: .usage
        case .file, .locked: .cannotWrite
        case .busyRun: .busyRun
        }
    }

    /// Describes an error of SQLite on a file by its message and, if it has one, its statement.
    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self.init("\(path): \(error)")
            return
        }
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self.init("\(path) is not a readable SQLite file (\(reason)); name another results file with --db")
        case .SQLITE_CORRUPT:
            self.init(
                "\(path) is damaged (\(reason)); bnexp doctor --db \(quotedForShell(path)) checks it and says what can "
                    + "be done"
            )
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                "\(path) cannot be written (\(reason)); check its permissions, or name another results file with --db")
        case .SQLITE_FULL:
            self.init(
                "\(path): the disk is full (\(reason)); what was committed before is kept. Free some space and run "
                    + "again"
            )
        case .SQLITE_IOERR:
            self.init(
                "\(path): reading or writing failed (\(reason)); what was committed before is kept. Check the disk, "
                    + "and the limit that ulimit -f sets")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                "\(path) is locked by another program (\(reason))", cause: .locked)
        case .SQLITE_CONSTRAINT:
            self.init(
                "\(path): a row has a value that its table cannot have (\(reason)); the results file is damaged or was "
                    + "changed by another program")
        default:
            self.init("\(path): \(reason)\(error.sql.map { " in: \($0)" } ?? "")")
        }
    }
}

/// Runs `body`, which may throw errors of its own, and turns those of SQLite into a `ResultsError` on the file.
func describingErrors<Result>(of path: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw ResultsError(error, path: path)
    }
}

/// Runs `body` and turns whatever it throws into a `ResultsError` on the file.
func onFile<Result>(_ path: String, _ body: () throws -> Result) throws(ResultsError) -> Result {
    do {
        return try body()
    } catch let error as ResultsError {
        throw error
    } catch {
        throw ResultsError(error, path: path)
    }
}
