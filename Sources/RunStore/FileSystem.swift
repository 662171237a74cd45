import Foundation
import Support

/// The file system that a path lies on: where it is mounted, and its type.
package struct FileSystem: Equatable {
    package var mountPoint: String
    package var type: String

    /// - Parameter mountInfo: lines as Linux gives them in /proc/self/mountinfo: `36 35 98:0 / /mnt rw,noatime shared:1
    ///   - ext4 /dev/sda rw`; the mount point is the fifth field, the type the first after the lone hyphen. Blanks in
    ///   paths are written `\040`.
    package init?(of path: String, mountInfo: String) {
        var best: FileSystem?
        for line in mountInfo.split(separator: "\n") {
            let fields = line.split(separator: " ").map { String($0).replacing("\\040", with: " ") }
            guard fields.count > 6, let hyphen = fields[6...].firstIndex(of: "-"), hyphen + 1 < fields.count else {
                continue
            }
            let mountPoint = fields[4]
            let holdsPath = mountPoint == "/" || path == mountPoint || path.hasPrefix(mountPoint + "/")
            // Of equal mount points the later one covers the earlier.
            if holdsPath, mountPoint.count >= best?.mountPoint.count ?? 0 {
                best = FileSystem(mountPoint: mountPoint, type: fields[hyphen + 1])
            }
        }
        guard let best else { return nil }
        self = best
    }

    /// Finds the file system of a file or folder that exists; nil where the system does not tell.
    init?(ofExisting path: String) {
        let place = withLinksResolved(path)
        guard let mountInfo = FileManager.default.contents(atPath: "/proc/self/mountinfo") else { return nil }
        self.init(of: place, mountInfo: String(decoding: mountInfo, as: UTF8.self))
    }

    private init(mountPoint: String, type: String) {
        self.mountPoint = mountPoint
        self.type = type
    }

    /// Whether several machines may see it, or a program serves it: there the shared memory of a write-ahead log does
    /// not work reliably.
    ///
    /// Source: SQLite documentation, "Write-Ahead Logging": "All processes using a database must be on the same host
    /// computer".
    package var isShared: Bool {
        let types = [
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs",
            "ncpfs", "fuse",
        ]
        return types.contains(type) || type.hasPrefix("fuse.")
    }
}

/// The type of the network file system that a file lies or would lie on; nil on a local one, or where the system does
/// not tell.
///
/// Of the shared file systems these are the ones that are certainly seen by several machines; one that a local program
/// serves is not.
package func networkFileSystem(of path: String) -> String? {
    guard let system = FileSystem(ofExisting: URL(fileURLWithPath: path).deletingLastPathComponent().path),
        ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs"].contains(
            system.type)
    else { return nil }
    return system.type
}
