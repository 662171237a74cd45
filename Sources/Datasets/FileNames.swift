import Foundation

/// The files of some names, in which `*`, `?` and `[...]` stand for what they do in a shell; those of one such name
/// come in natural order, 2 before 10.
///
/// - Throws: an error if a pattern fits no file.
package func existingFiles(_ names: [String]) throws(DataError) -> [String] {
    var files: [String] = []
    for name in names {
        guard name.contains(where: { "*?[".contains($0) }), access(name, F_OK) != 0 else {
            files.append(name)
            continue
        }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(name, 0, nil, &found) == 0 else {
            throw DataError(file: name, "No file has such a name. Check the path.")
        }
        let paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        files += paths.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }
    return files
}
