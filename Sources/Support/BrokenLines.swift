/// Returns a text whose lines are broken at spaces, so that they have at most `width` characters.
///
/// A word that is longer, such as a path, stays whole. What follows a break is indented as the line is, or as much less
/// as its longest word needs.
package func brokenAtSpaces(_ text: String, width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
        guard line.count > width else { return [String(line)] }
        let words = line.split(separator: " ")
        let longest = words.map(\.count).max() ?? 0
        let indentation = String(line.prefix { $0 == " " }.prefix(max(0, width - longest)))
        var lines: [String] = []
        for word in words {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(indentation + word)
            }
        }
        return lines
    }.joined(separator: "\n")
}
