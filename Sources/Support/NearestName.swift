/// Returns the candidate with the smallest edit distance to `name`, or nil if even that differs in more than half of
/// the name.
package func nearest(to name: String, among candidates: [String]) -> String? {
    let ranked = candidates.map { (candidate: $0, distance: editDistance(name, $0)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance * 2 <= name.count else { return nil }
    return best.candidate
}

/// Returns the number of insertions, deletions and substitutions that turn `first` into `second` (Levenshtein, 1966).
private func editDistance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    var distances = Array(0...second.count)
    for (i, character) in first.enumerated() {
        var diagonal = distances[0]
        distances[0] = i + 1
        for (j, other) in second.enumerated() {
            let substituted = diagonal + (character == other ? 0 : 1)
            diagonal = distances[j + 1]
            distances[j + 1] = min(substituted, diagonal + 1, distances[j] + 1)
        }
    }
    return distances[second.count]
}
