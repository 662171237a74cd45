import Matrices

/// Compares an analytic gradient with five-point central differences of a loss, both over all entries of `value`:
///     L'(x) = (L(x - 2s) - 8 L(x - s) + 8 L(x + s) - L(x + 2s)) / (12 s), with an error of order s^4.
///
/// Returns norm(analytic - numeric) / norm(numeric). A pair whose magnitudes are both below 100 * 2^-52 * |loss| / step is below what
/// differences can resolve, and counts as zero on both sides.
package func gradientError(analytic: Matrix<Double>, value: Matrix<Double>, step: Double, loss: () -> Double) -> Double {
    let resolution = 100 * 0x1p-52 * abs(loss()) / step
    var differenceSquares = 0.0, numericSquares = 0.0
    for index in 0..<value.count {
        let original = value.elements[index]
        func lossAt(_ offset: Double) -> Double {
            value.elements[index] = original + offset * step
            return loss()
        }
        let numeric = (lossAt(-2) - 8 * lossAt(-1) + 8 * lossAt(1) - lossAt(2)) / (12 * step)
        value.elements[index] = original
        let exact = analytic.elements[index]
        if abs(numeric) < resolution && abs(exact) < resolution { continue }
        differenceSquares += (exact - numeric) * (exact - numeric)
        numericSquares += numeric * numeric
    }
    if differenceSquares == 0 { return 0 }
    return numericSquares == 0 ? .infinity : (differenceSquares / numericSquares).squareRoot()
}
