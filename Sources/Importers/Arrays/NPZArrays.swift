import Datasets

/// Describes the arrays of an npz file: a zip archive with an npy file for each, whose values are not read yet.
///
/// Members that are no npy files are left out.
/// - Parameter output: the file beside which compressed arrays are unpacked to temporary ones.
/// - Throws: an error if the archive or a header in it is damaged.
func npzArrays(_ path: String, beside output: String) throws(DataError) -> [StoredArray] {
    let source = try SourceBytes(path: path, SourceKind.npz.description)
    let start = try source.prefix(512)
    guard SourceKind(start) == .npz else { throw source.error(wrongKind(start, expected: .npz)) }
    let members = try ZIPArchive(source).members
    var arrays: [StoredArray] = []
    for member in members where member.name.hasSuffix(".npy") {
        let name = String(member.name.dropLast(4))
        let start = try member.prefix(NPYHeader.mostBytes)
        arrays.append(
            try StoredArray(
                npy: name, place: "\(path), array '\(name)'", start: start, byteCount: member.byteCount
            ) { () throws(DataError) in try member.content(beside: output) })
    }
    guard !arrays.isEmpty else {
        throw source.error(
            "It holds no npy file, but \(quotedList(members.map(\.name))); expected arrays as numpy.savez writes them.")
    }
    return arrays
}

/// The first names, for messages.
func quotedList(_ names: [String]) -> String {
    let shown = names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
    return names.isEmpty ? "nothing" : names.count > 12 ? shown + " and \(names.count - 12) more" : shown
}
