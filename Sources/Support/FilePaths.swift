import Foundation

/// Returns the absolute path of something, which need not exist, with the symbolic links in it resolved: one file has
/// one such path under every name.
package func withLinksResolved(_ path: String) -> String {
    URL(fileURLWithPath: absolutePath(path)).resolvingSymlinksInPath().standardizedFileURL.path
}

/// Returns the absolute path of something, which need not exist.
///
/// A `~` is a name like any other here, since shells have put the home folder in its place where it is meant.
package func absolutePath(_ path: String) -> String {
    let isAbsolute = path.hasPrefix("/")
    let whole = isAbsolute ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(fileURLWithPath: whole).standardizedFileURL.path
}

/// Returns the first bytes of a file, as many as there are up to a number; none where it cannot be read.
package func beginning(of path: String, byteCount: Int) -> Data {
    (try? FileHandle(forReadingAtPath: path)?.read(upToCount: byteCount)) ?? Data()
}
