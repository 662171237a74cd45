import CPUGuard

// Vectors of the width that one instruction handles, for the kernels that the compiler does not vectorize of its own accord.

extension Scalar {
    /// How many values `Lanes` holds.
    @inline(__always) static var laneCount: Int { Lanes.scalarCount }

    @inline(__always)
    static func load(_ source: UnsafePointer<Self>) -> Lanes { UnsafeRawPointer(source).loadUnaligned(as: Lanes.self) }

    @inline(__always)
    static func store(_ lanes: Lanes, _ target: UnsafeMutablePointer<Self>) {
        UnsafeMutableRawPointer(target).storeBytes(of: lanes, as: Lanes.self)
    }
}

/// a b + c lane by lane, rounded once where the processor fuses the two operations and twice where it does not; a binary does the one
/// or the other everywhere, so that all ways to one result agree bit for bit.
@inline(__always)
func multiplyAdd<Lanes: SIMD>(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes where Lanes.Scalar: Scalar {
    bnexp_fuses_multiply_add() ? c.addingProduct(a, b) : a * b + c
}

/// The same for one value.
@inline(__always)
func multiplyAdd<S: Scalar>(_ a: S, _ b: S, _ c: S) -> S {
    bnexp_fuses_multiply_add() ? c.addingProduct(a, b) : a * b + c
}
