/// A floating-point type that networks compute in: `Float` (float32) or `Double` (float64).
///
/// Kernels are generic over it, so that both precisions come from one source. It adds to `BinaryFloatingPoint` only what the
/// standard library lacks a vectorizable or dispatchable form of.
public protocol Scalar: BinaryFloatingPoint, SIMDScalar, BitwiseCopyable, Sendable {
}
extension Float: Scalar {}
extension Double: Scalar {}
