import Foundation

/// An eigenvalue of a symmetric tridiagonal matrix, and two components of its unit eigenvector.
package struct TridiagonalEigenpair: Equatable, Sendable {
    package var value: Double
    package var first: Double
    package var last: Double
}

/// Returns the eigenvalues of the symmetric tridiagonal matrix with the given diagonal, the largest first, each within
/// a few 2^-52 of the largest in size.
///
/// `offDiagonal` has one element less than `diagonal`. Of the eigenvectors only the first and the last component are
/// kept, so that the cost is quadratic in the size. Source: QL with implicit shifts, Martin & Wilkinson 1968, "The
/// implicit QL algorithm"; first components alone as Golub & Welsch 1969, "Calculation of Gauss quadrature rules",
/// section 4.
package func tridiagonalEigenpairs(diagonal: [Double], offDiagonal: [Double]) -> [TridiagonalEigenpair] {
    let n = diagonal.count
    guard n > 0 else { return [] }
    precondition(offDiagonal.count == n - 1)
    var d = diagonal, e = offDiagonal + [0]
    var first = [Double](repeating: 0, count: n), last = first
    (first[0], last[n - 1]) = (1, 1)

    /// The end of the part from `start` on that does not fall apart into smaller ones.
    func end(_ start: Int) -> Int {
        var m = start
        while m < n - 1, abs(e[m]) > 0x1p-52 * (abs(d[m]) + abs(d[m + 1])) { m += 1 }
        return m
    }

    for l in 0..<n {
        // Two or three steps are usual, and thirty are never needed.
        for _ in 0..<60 {
            let m = end(l)
            if m == l { break }
            // The eigenvalue of the leading 2 x 2 block that is nearer to its corner is the shift.
            let half = (d[l + 1] - d[l]) / (2 * e[l]), root = hypot(half, 1)
            var g = d[m] - d[l] + e[l] / (half + (half < 0 ? -root : root))
            var sine = 1.0, cosine = 1.0, shift = 0.0, isSplit = false
            for i in (l..<m).reversed() {
                let f = sine * e[i], b = cosine * e[i], length = hypot(f, g)
                e[i + 1] = length
                if length == 0 {
                    d[i + 1] -= shift
                    e[m] = 0
                    isSplit = true
                    break
                }
                (sine, cosine) = (f / length, g / length)
                g = d[i + 1] - shift
                let r = (d[i] - g) * sine + 2 * cosine * b
                shift = sine * r
                d[i + 1] = g + shift
                g = cosine * r - b
                (first[i], first[i + 1]) = (
                    cosine * first[i] - sine * first[i + 1], sine * first[i] + cosine * first[i + 1]
                )
                (last[i], last[i + 1]) = (
                    cosine * last[i] - sine * last[i + 1], sine * last[i] + cosine * last[i + 1]
                )
            }
            if isSplit { continue }
            d[l] -= shift
            (e[l], e[m]) = (g, 0)
        }
    }
    return (0..<n).map { TridiagonalEigenpair(value: d[$0], first: first[$0], last: last[$0]) }
        .sorted { $0.value > $1.value }
}
