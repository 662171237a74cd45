import CPUGuard

/// Returns a b + c lane by lane, rounded once where the processor fuses the two operations and twice where it does not.
///
/// A binary does the one or the other everywhere, so that all ways to one result agree bit for bit.
@inline(__always)
package func multiplyAdd<Lanes: SIMD>(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes where Lanes.Scalar: Scalar {
    bnexp_fuses_multiply_add() ? c.addingProduct(a, b) : a * b + c
}
