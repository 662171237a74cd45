/// Returns the candidate that a mistyped name most likely means; nil if none is near.
///
/// Few of its letters are wrong, missing, too many or swapped with the next one.
package func nearest(to name: String, among candidates: [String]) -> String? {
    let ranked = candidates.map { (candidate: $0, distance: editDistance(name, $0)) }
    // One mistake in up to four letters, two in up to seven: "nope" does not mean "name".
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= (name.count + 1) / 3 else {
        return nil
    }
    return best.candidate
}

/// Returns the number of insertions, deletions, substitutions and swaps of neighbours that turn `first` into `second`.
///
/// Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors", 1964, with no letter
/// changed twice.
private func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first), second = Array(second)
    var before: [Int] = [], last = Array(0...second.count)
    for i in first.indices {
        var row = [i + 1]
        for j in second.indices {
            var distance = min(last[j] + (first[i] == second[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                distance = min(distance, before[j - 1] + 1)
            }
            row.append(distance)
        }
        (before, last) = (last, row)
    }
    return last[second.count]
}
