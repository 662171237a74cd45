import CHDF5
import Foundation

/// Access to the HDF5 C library: every call that returns a status or a handle passes through `check`.
///
/// Whether the library may be called from several threads depends on how it was built, which we cannot choose. So each
/// call, together with reading the error stack after a failure, holds one lock.
enum HDF5Library {
    // Not a `Mutex`: a child process gives the lock back that its parent took.
    private static let lock = NSLock()

    private static let hasFilters: Void = registerFilters()

    /// Raw files are looked for beside the file that names them, and not in the working directory; the library asks for
    /// this once, at its first call.
    private static let findsRawFiles: Void = { _ = setenv("HDF5_EXTFILE_PREFIX", "${ORIGIN}", 0) }()

    /// The version of the library, such as 1.10.8.
    static let version: String = {
        _ = findsRawFiles
        var numbers: (UInt32, UInt32, UInt32) = (0, 0, 0)
        H5get_libversion(&numbers.0, &numbers.1, &numbers.2)
        return "\(numbers.0).\(numbers.1).\(numbers.2)"
    }()

    /// Returns the result of `call` if it is not negative, or else throws an error with the library's own account of
    /// the failure.
    ///
    /// `call` must neither enter `check` again nor release the last reference to a handle: the lock is not recursive.
    @discardableResult
    static func check<Status: SignedInteger & Sendable>(
        _ place: String, _ action: String, _ call: () -> Status
    ) throws(DataError) -> Status {
        let (status, reasons) = serialized { () -> (Status, [String]) in
            let status = call()
            return (status, status < 0 ? errorStack() : [])
        }
        guard status >= 0 else {
            let account = reasons.isEmpty ? "it gave no reason" : reasons.joined(separator: "; ")
            throw DataError("\(place): the HDF5 library could not \(action): \(account).")
        }
        return status
    }

    /// Runs `call` while no other call of the library runs.
    static func serialized<Result: Sendable>(_ call: () -> Result) -> Result {
        lock.withLock {
            _ = findsRawFiles
            // Else the library prints each failure on standard error by itself. A thread-safe build keeps this setting
            // per thread.
            _ = H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
            _ = hasFilters
            return call()
        }
    }

    /// Returns the descriptions on the library's error stack, the deepest cause first, without repetition.
    private static func errorStack() -> [String] {
        var reasons: [String] = []
        withUnsafeMutablePointer(to: &reasons) { reasons in
            _ = H5Ewalk2(
                hid_t(H5E_DEFAULT), H5E_WALK_UPWARD,
                { _, entry, context in
                    guard let description = entry?.pointee.desc, let context else { return 0 }
                    let reason = String(cString: description).split(separator: "\n").joined()
                    let reasons = context.assumingMemoryBound(to: [String].self)  // what the caller passes
                    if !reason.isEmpty, !reasons.pointee.contains(reason) { reasons.pointee.append(reason) }
                    return 0
                }, reasons)
        }
        return reasons
    }
}
