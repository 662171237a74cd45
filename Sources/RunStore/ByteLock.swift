import Foundation

/// A lock on one byte of a results file's lock file, which the system releases when its process ends, however it ends.
///
/// The lock file stands beside the results file and stays empty: bytes beyond the end of a file can be locked. It works
/// between processes of one machine, whatever their names, users, process-id and host-name namespaces are. On Linux a
/// lock belongs to the open file and not to the process, so that two holders in one process exclude each other too.
final class ByteLock: Sendable {
    /// What became of an attempt to take a lock.
    enum Attempt {
        case taken(ByteLock)
        /// Another holder has it.
        case held
        /// The file system has no locks.
        case unavailable
        /// The lock file cannot be opened.
        case refused(ResultsError)
    }
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// The lock file of a results file.
    /// - Parameter path: of the results file, with links resolved.
    static func file(of path: String) -> String { path + ".lock" }

    /// Takes the lock on a byte, without waiting for another holder.
    static func take(_ byte: Int64, of path: String) -> Attempt {
        // Whoever may read the results file may see who works on its runs; whoever may write it may lock.
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o666 : 0o644
        guard let descriptor = open(path, O_RDWR | O_CREAT, mode) else {
            let isShortOfFiles = [EMFILE, ENFILE].contains(errno), reason = String(cString: strerror(errno))
            return .refused(
                ResultsError(
                    "\(file(of: path)) cannot be locked: \(reason). "
                        + (isShortOfFiles
                            ? "Allow more (ulimit -n), or take fewer files or jobs at a time"
                            : "Processes of bnexp exclude each other by it: remove it if no other works on the file, or "
                                + "make it writable")))
        }
        var region = region(byte, F_WRLCK)
        guard fcntl(descriptor, set, &region) == 0 else {
            let reason = errno
            close(descriptor)
            return [EAGAIN, EACCES].contains(reason) ? .held : .unavailable
        }
        return .taken(ByteLock(descriptor))
    }

    /// Whether someone holds the lock on a byte, also this process; false where there are no locks.
    static func isHeld(_ byte: Int64, of path: String) -> Bool {
        guard let descriptor = open(path, O_RDONLY, 0) else { return false }
        defer { close(descriptor) }
        var region = region(byte, F_WRLCK)
        return fcntl(descriptor, get, &region) == 0 && region.l_type != Int16(F_UNLCK)
    }

    /// Opens the lock file of a results file, never through a link and never anything but a regular file.
    private static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32? {
        let descriptor = Foundation.open(file(of: path), flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return descriptor }
        close(descriptor)
        errno = EINVAL
        return nil
    }

    private static func region(_ byte: Int64, _ type: Int32) -> flock {
        var region = flock()
        region.l_type = Int16(type)
        region.l_whence = Int16(SEEK_SET)
        region.l_start = off_t(byte)
        region.l_len = 1
        return region
    }

    #if os(Linux)
        // F_OFD_GETLK and F_OFD_SETLK, which the C library shows to GNU sources only (fcntl_locking(2)).
        private static let (get, set): (Int32, Int32) = (36, 37)
    #else
        private static let (get, set) = (F_GETLK, F_SETLK)
    #endif
}
