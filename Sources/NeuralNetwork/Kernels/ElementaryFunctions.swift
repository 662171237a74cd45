// Exponential and hyperbolic tangent in a form that vectorizes: no branches, no calls, no table.
//
// e^x = 2^k e^r with k = round(x / ln 2) and |r| <= ln(2) / 2. ln 2 is split into a part with trailing zeros, so that k
// * high is exact, and the rest. Adding and subtracting 1.5 * 2^(significand bits) rounds to the nearest integer and
// leaves that integer in the low bits. e^r is its Taylor polynomial; the first omitted term is below a quarter ulp:
// 0.3466^8 / 8! = 5e-9 for Float, 0.3466^14 / 14! = 4e-18 for Double.

extension Float {
    /// Returns e^x within 2 ulp for -87 <= x <= 88; beyond, the argument is clamped, so that the result is never zero
    /// or infinite.
    ///
    /// The exponential of NaN is NaN.
    @inline(__always)
    package static func exponential(_ argument: Float) -> Float {
        var x = argument > 88 ? 88 : argument
        x = x < -87 ? -87 : x
        let shifted = x * 1.442_695_040_888_963_4 + 12_582_912
        let k = shifted - 12_582_912
        let r = (x - k * 0.693_359_375) + k * 2.121_944_400_546_905_8e-4
        var p: Float = 1 / 5040
        p = Self.multiplyAdd(p, r, 1 / 720)
        p = Self.multiplyAdd(p, r, 1 / 120)
        p = Self.multiplyAdd(p, r, 1 / 24)
        p = Self.multiplyAdd(p, r, 1 / 6)
        p = Self.multiplyAdd(p, r, 0.5)
        p = Self.multiplyAdd(p, r * r, r) + 1
        return p * Float(bitPattern: (shifted.bitPattern &+ 127) &<< 23)
    }
}

extension Double {
    /// Returns e^x within 2 ulp for -708 <= x <= 709; beyond, the argument is clamped, so that the result is never zero
    /// or infinite.
    ///
    /// The exponential of NaN is NaN.
    @inline(__always)
    package static func exponential(_ argument: Double) -> Double {
        var x = argument > 709 ? 709 : argument
        x = x < -708 ? -708 : x
        let shifted = x * 1.442_695_040_888_963_4 + 6_755_399_441_055_744
        let k = shifted - 6_755_399_441_055_744
        let r = (x - k * 0.693_145_751_953_125) - k * 1.428_606_820_309_417_232e-6
        var p: Double = 1 / 6_227_020_800
        p = Self.multiplyAdd(p, r, 1 / 479_001_600)
        p = Self.multiplyAdd(p, r, 1 / 39_916_800)
        p = Self.multiplyAdd(p, r, 1 / 3_628_800)
        p = Self.multiplyAdd(p, r, 1 / 362_880)
        p = Self.multiplyAdd(p, r, 1 / 40_320)
        p = Self.multiplyAdd(p, r, 1 / 5040)
        p = Self.multiplyAdd(p, r, 1 / 720)
        p = Self.multiplyAdd(p, r, 1 / 120)
        p = Self.multiplyAdd(p, r, 1 / 24)
        p = Self.multiplyAdd(p, r, 1 / 6)
        p = Self.multiplyAdd(p, r, 0.5)
        p = Self.multiplyAdd(p, r * r, r) + 1
        return p * Double(bitPattern: (shifted.bitPattern &+ 1023) &<< 52)
    }
}

extension Scalar {
    /// Returns the logistic function 1 / (1 + e^-x) within 4 ulp.
    @inline(__always)
    package static func sigmoid(_ x: Self) -> Self { 1 / (1 + exponential(-x)) }

    /// Returns tanh x within 4 ulp: x + x^3 P(x^2) / Q(x^2) where |x| < 0.625, else 1 - 2 / (e^(2|x|) + 1) with the
    /// sign of x.
    ///
    /// Source of the rational form: Moshier, Cephes mathematical library, tanh.c.
    @inline(__always)
    package static func hyperbolicTangent(_ x: Self) -> Self {
        let z = x * x
        let p = (-0.964_399_179_425_052_238_628 * z - 99.287_723_100_191_858_656_4) * z - 1614.687_684_417_084_479_52
        let q = ((z + 112.811_678_491_632_931_402) * z + 2235.488_390_601_004_485_83) * z + 4844.063_053_251_254_860_48
        let small = x + x * z * (p / q)
        let magnitude = x < 0 ? -x : x
        let large = 1 - 2 / (exponential(magnitude + magnitude) + 1)
        return magnitude < 0.625 ? small : (x < 0 ? -large : large)
    }

    /// Returns e^x - 1 within 16 ulp, also near 0: 2 t / (1 - t) with t = tanh(x / 2).
    @inline(__always)
    static func exponentialMinusOne(_ x: Self) -> Self {
        let t = hyperbolicTangent(x / 2)
        return 2 * t / (1 - t)
    }
}
