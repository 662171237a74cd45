import Foundation

/// Returns the absolute path of something, which need not exist, with the symbolic links in it resolved: one file has
/// one such path under every name.
package func withLinksResolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
}
