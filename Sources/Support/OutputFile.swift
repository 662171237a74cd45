import Foundation

/// A file that is being written, which takes its name when it is complete.
///
/// A regular file is written under a random name beside its own, which no link can stand for, and then put in the place
/// of one that exists, whose mode and owner it takes over. A symbolic link is followed and stays. What is no regular
/// file, such as a pipe or a device, is written through, and `-` is standard output. A file that is released without
/// `finish()` leaves nothing, and what a killed process left of an output goes when the same output is written again.
package final class OutputFile {
    package let path: String
    package let descriptor: Int32
    /// The two names of a regular file, and whether there was one that it replaces; nil for what is written through.
    private let names: (temporary: String, final: String, isReplaced: Bool)?
    private var isFinished = false

    /// - Parameter workingName: what its name until it is complete begins with, where the file's own name would have
    ///   other programs read it.
    /// - Throws: `Failure` if there is no such folder, or nothing can be written there.
    package init(path: String, workingName: String? = nil) throws(Failure) {
        self.path = path
        if OutputFile.isStandardOutput(path) {
            descriptor = STDOUT_FILENO
            names = nil
            return
        }
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
            throw Failure(.cannotWrite, "\(path) is a folder; name a file in it")
        }
        if exists, status.st_mode & S_IFMT != S_IFREG {
            // Without waiting for a reader that may never come.
            descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
            names = nil
            if descriptor < 0, errno == ENXIO {
                throw Failure(
                    .cannotWrite, "\(path) is a pipe that nobody reads; begin to read it first, or name a file")
            }
            guard descriptor >= 0 else { throw OutputFile.failure(path, errno) }
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
            return
        }
        if exists, access(path, W_OK) != 0 { throw OutputFile.failure(path, errno) }
        let final = try OutputFile.target(of: path)
        let url = URL(fileURLWithPath: final)
        let folder = url.deletingLastPathComponent().path
        // A name may have 255 bytes.
        let start = ".\(String(decoding: (workingName ?? url.lastPathComponent).utf8.prefix(100), as: UTF8.self))."
        removeLeftovers(in: folder, startingWith: start)
        let temporary = "\(folder)/\(start)\(String(UInt64.random(in: .min ... .max), radix: 36))\(partialEnd)"
        // A signal finds a file that is there in the list.
        let opened = PartialFiles.paths.withLock { paths in
            let opened = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            if opened >= 0 { paths.insert(temporary) }
            return opened
        }
        descriptor = opened
        names = (temporary, final, exists)
        guard descriptor >= 0 else { throw OutputFile.failure(path, errno) }
        flock(descriptor, LOCK_EX | LOCK_NB)
        if exists {
            // The owner can be kept by root only; who else may read and write can.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
            _ = fchmod(descriptor, status.st_mode & 0o7777)
        }
    }

    /// Where a regular file is until it is complete, for libraries that write to a name.
    package var temporaryPath: String? { names?.temporary }

    /// A name under which a library in this or a child process opens the file that is being written, also once its own
    /// name is gone.
    package var openedPath: String {
        #if os(Linux)
            return "/proc/\(getpid())/fd/\(descriptor)"
        #else
            return names?.temporary ?? path
        #endif
    }

    /// Whether a path means standard output, which may be a file that the shell has opened.
    package static func isStandardOutput(_ path: String) -> Bool {
        ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path)
    }

    deinit {
        guard !isFinished, descriptor >= 0, descriptor != STDOUT_FILENO else { return }
        close(descriptor)
        guard let names else { return }
        unlink(names.temporary)
        PartialFiles.paths.withLock { _ = $0.remove(names.temporary) }
    }

    package func write(_ bytes: [UInt8]) throws(Failure) {
        guard writeAll(bytes, to: descriptor) else { throw failure }
    }

    /// Writes bytes at an offset of a regular file.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
            guard count > 0 || count < 0 && errno == EINTR else { throw failure }
            written += max(0, count)
        }
    }

    /// Gives the file its name; the output is complete only when this has not thrown.
    package func finish() throws(Failure) {
        guard let names else {
            isFinished = true
            guard descriptor == STDOUT_FILENO || close(descriptor) == 0 else { throw failure }
            return
        }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure }
        // Only a link refuses a name that another process has taken meanwhile; some file systems have none.
        if !names.isReplaced, link(names.temporary, names.final) == 0 {
            unlink(names.temporary)
        } else {
            guard names.isReplaced || errno != EEXIST else {
                throw Failure(.cannotWrite, "\(path) was made by another process meanwhile; name another output")
            }
            guard rename(names.temporary, names.final) == 0 else { throw failure }
        }
        isFinished = true
        PartialFiles.paths.withLock { _ = $0.remove(names.temporary) }
        close(descriptor)
        guard synchronizeFolder(of: names.final) else { throw failure }
    }

    /// What the system says of the last call that failed.
    private var failure: Failure {
        OutputFile.isStandardOutput(path) ? lostOutput() : OutputFile.failure(path, errno)
    }

    private static func failure(_ path: String, _ reason: Int32) -> Failure {
        // A limit of the shell on the size of files is met as a full disk is.
        let text = [ENOSPC, EDQUOT, EFBIG].contains(reason) ? "the disk is full" : String(cString: strerror(reason))
        return Failure(
            .cannotWrite, "\(path) cannot be written: \(text); check its folder, the permissions and the free space")
    }

    /// The file that symbolic links lead to, also where it does not exist yet.
    private static func target(of path: String) throws(Failure) -> String {
        var place = path
        for _ in 0..<40 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            let count = readlink(place, &buffer, buffer.count - 1)
            guard count >= 0 else { return place }
            let link = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let folder = (place as NSString).deletingLastPathComponent
            place = link.hasPrefix("/") || folder.isEmpty ? link : (folder as NSString).appendingPathComponent(link)
        }
        throw failure(path, ELOOP)
    }
}

private let partialEnd = ".partial"

/// Removes partial files that no process works on: whoever does holds a lock, which ends with it.
private func removeLeftovers(in folder: String, startingWith start: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(start) && name.hasSuffix(partialEnd) {
        let descriptor = open("\(folder)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        defer { close(descriptor) }
        if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink("\(folder)/\(name)") }
    }
}

/// Waits until the name of a file or folder is on the disk; false, with the reason in `errno`, where that fails.
private func synchronizeFolder(of path: String) -> Bool {
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that others may write to but not list cannot be synchronized, nor can one on some file systems.
    guard folder >= 0 else { return true }
    defer { close(folder) }
    return fsync(folder) == 0 || errno == EINVAL
}

/// Makes a folder, and those above it that are missing, so that they are there after a loss of power too.
package func makeFolder(_ path: String) throws(Failure) {
    func isFolder() -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
    if isFolder() { return }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if parent != path { try makeFolder(parent) }
    let isMade = mkdir(path, 0o777) == 0 && synchronizeFolder(of: path), reason = errno
    // Another process may have made it meanwhile.
    guard isMade || isFolder() else {
        throw Failure(
            .cannotWrite,
            "the folder \(path) cannot be made: \(String(cString: strerror(reason))); check that no file has its name, "
                + "the permissions and the free space")
    }
}
