import Foundation
import RunStore
import Support

/// A folder of one name on the machine's own disk that one process at a time works in, and that the next one finds
/// again.
final class ScratchFolder: Sendable {
    let path: String
    /// The lock dies with the process, however it ends.
    private let lock: Int32

    /// - Parameters:
    ///   - place: the folder that it is made in.
    ///   - work: what is worked on, for messages.
    init(named name: String, in place: String, work: String) throws(Failure) {
        path = withLinksResolved(place) + "/" + name
        if let type = networkFileSystem(of: path) {
            throw Failure(
                .cannotWrite,
                "\(place) lies on a network disk (\(type)), where SQLite's log does not work; give "
                    + "--scratch a folder on a disk of this machine")
        }
        while true {
            try ScratchFolder.make(path)
            let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            // Whoever ended just now has removed the folder.
            if descriptor < 0, errno == ENOENT { continue }
            guard descriptor >= 0 else {
                throw Failure(
                    .cannotWrite, "\(path) cannot be used: \(String(cString: strerror(errno))); give another --scratch")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let reason = errno
                close(descriptor)
                throw Failure(
                    reason == EWOULDBLOCK ? .busyRun : .cannotWrite,
                    reason == EWOULDBLOCK
                        ? "another process on \(thisHost) works on \(work), in \(path); wait until it has "
                            + "ended, or stop it"
                        : "\(path) cannot be locked: \(String(cString: strerror(reason))); give --scratch a "
                            + "folder on a disk of this machine")
            }
            var (opened, named) = (stat(), stat())
            if fstat(descriptor, &opened) == 0, stat(path + "/lock", &named) == 0, opened.st_ino == named.st_ino {
                lock = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit { close(lock) }

    /// Removes the folder and all that is in it; the lock last, so that nothing of the next process goes with it.
    func remove() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name != "lock" {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
        unlink(path + "/lock")
        rmdir(path)
    }

    /// Makes the folder, for nobody else; one of another user, or a link, is refused.
    private static func make(_ path: String) throws(Failure) {
        if mkdir(path, 0o700) == 0 { return }
        let reason = errno
        var status = stat()
        guard reason == EEXIST, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid()
        else {
            throw Failure(
                .cannotWrite,
                "\(path) cannot be made: \(String(cString: strerror(reason))); give --scratch a folder on a disk "
                    + "of this machine that may be written")
        }
    }
}
