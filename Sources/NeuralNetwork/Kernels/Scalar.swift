import CPUGuard
import Foundation

/// A floating-point type that networks compute in: `Float` (float32) or `Double` (float64).
///
/// Kernels are generic over it, so that both precisions come from one source. It adds to `BinaryFloatingPoint` only
/// what the standard library lacks, or lacks in a form that vectorizes.
package protocol Scalar: BinaryFloatingPoint, SIMDScalar, Codable, BitwiseCopyable, Sendable {
    /// Returns e^x within 2 ulp, without branches, so that loops over it vectorize; see `ElementaryFunctions.swift`.
    static func exponential(_ x: Self) -> Self
    /// Returns a b + c in a form that vectorizes; see `multiplyAdd` of vectors.
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self
    /// Returns the square root in a form that vectorizes.
    static func root(_ x: Self) -> Self
    /// Returns x where the condition holds, else 0, without a branch, so that loops over it vectorize.
    static func keep(_ x: Self, if condition: Bool) -> Self
    /// Returns the natural logarithm, as the C library computes it.
    static func logarithm(_ x: Self) -> Self
    /// Returns round((x - minimum) scale), for results from 0 to 2^16 - 1, in a form that vectorizes; it never
    /// decreases with x.
    static func bucket(_ x: Self, minimum: Self, scale: Self) -> UInt16
    /// Returns the smallest, the largest and the number of zeros of `count` values, at least one, all finite.
    static func extremes(_ values: UnsafePointer<Self>, count: Int) -> Extremes<Self>
    /// Returns how many values lie below `low` or above `high`; what is not a number does neither.
    static func countOutside(_ values: UnsafePointer<Self>, count: Int, low: Self, high: Self) -> Int
    /// A vector of the width that one instruction handles: 256 bits, or 512 where scripts/setup finds that they pay
    /// (`WIDE_VECTORS`).
    associatedtype Lanes: SIMD where Lanes.Scalar == Self
    /// Writes a square block transposed, as many rows and columns as a vector has lanes: row r of the source, `stride`
    /// apart, becomes column r of the target, whose rows are `targetStride` apart.
    static func transpose(
        _ source: UnsafePointer<Self>, _ stride: Int, _ target: UnsafeMutablePointer<Self>, _ targetStride: Int)
}

extension Float: Scalar {
    #if WIDE_VECTORS
        package typealias Lanes = SIMD16<Float>
    #else
        package typealias Lanes = SIMD8<Float>
    #endif

    @inline(__always)
    package static func transpose(
        _ source: UnsafePointer<Float>, _ stride: Int, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
    ) {
        #if WIDE_VECTORS
            bnexp_transpose_float_16(source, stride, target, targetStride)
        #else
            bnexp_transpose_float_8(source, stride, target, targetStride)
        #endif
    }

    @inline(__always)
    package static func multiplyAdd(_ a: Float, _ b: Float, _ c: Float) -> Float { bnexp_multiply_add_float(a, b, c) }

    @inline(__always)
    package static func root(_ x: Float) -> Float { bnexp_square_root_float(x) }

    @inline(__always)
    package static func keep(_ x: Float, if condition: Bool) -> Float {
        Float(bitPattern: x.bitPattern & (condition ? ~0 : 0))
    }

    package static func bucket(_ x: Float, minimum: Float, scale: Float) -> UInt16 {
        // Adding 1.5 * 2^23 leaves the rounded integer in the low bits.
        UInt16(truncatingIfNeeded: ((x - minimum) * scale + 12_582_912).bitPattern)
    }

    package static func logarithm(_ x: Float) -> Float { Foundation.log(x) }
}

extension Double: Scalar {
    #if WIDE_VECTORS
        package typealias Lanes = SIMD8<Double>
    #else
        package typealias Lanes = SIMD4<Double>
    #endif

    @inline(__always)
    package static func transpose(
        _ source: UnsafePointer<Double>, _ stride: Int, _ target: UnsafeMutablePointer<Double>, _ targetStride: Int
    ) {
        #if WIDE_VECTORS
            bnexp_transpose_double_8(source, stride, target, targetStride)
        #else
            bnexp_transpose_double_4(source, stride, target, targetStride)
        #endif
    }

    @inline(__always)
    package static func multiplyAdd(_ a: Double, _ b: Double, _ c: Double) -> Double {
        bnexp_multiply_add_double(a, b, c)
    }

    @inline(__always)
    package static func root(_ x: Double) -> Double { bnexp_square_root_double(x) }

    @inline(__always)
    package static func keep(_ x: Double, if condition: Bool) -> Double {
        Double(bitPattern: x.bitPattern & (condition ? ~0 : 0))
    }

    package static func bucket(_ x: Double, minimum: Double, scale: Double) -> UInt16 {
        UInt16(truncatingIfNeeded: ((x - minimum) * scale + 6_755_399_441_055_744).bitPattern)
    }

    package static func logarithm(_ x: Double) -> Double { Foundation.log(x) }
}
