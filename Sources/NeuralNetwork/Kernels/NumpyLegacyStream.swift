import Foundation

/// The random numbers of NumPy's legacy functions after `numpy.random.seed(seed)`, bit for bit: `random_sample` (and
/// `rand`), `randn` and `randint`.
///
/// For arrays that shall be those of a notebook; bnexp's own random numbers are `RandomStream`'s. The generator is
/// MT19937 of Matsumoto & Nishimura 1998, "Mersenne Twister", seeded by its `init_genrand`.
package struct NumpyLegacyStream: Sendable {
    private var state: [UInt32]
    private var next = NumpyLegacyStream.length
    /// The second value of the pair of which `nextNormal()` returned the first.
    private var sparedNormal: Double?

    private static let length = 624
    private static let middle = 397

    package init(seed: UInt32) {
        var word = seed
        state = [word]
        for index in 1..<UInt32(NumpyLegacyStream.length) {
            word = 1_812_433_253 &* (word ^ word >> 30) &+ index
            state.append(word)
        }
    }

    package mutating func nextWord() -> UInt32 {
        if next == NumpyLegacyStream.length {
            twist()
            next = 0
        }
        var word = state[next]
        next += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C_5680
        word ^= word << 15 & 0xEFC6_0000
        return word ^ word >> 18
    }

    private mutating func twist() {
        let length = NumpyLegacyStream.length
        for index in 0..<length {
            let joined = state[index] & 0x8000_0000 | state[(index + 1) % length] & 0x7FFF_FFFF
            let twisted = joined >> 1 ^ (joined & 1 == 0 ? 0 : 0x9908_B0DF)
            state[index] = state[(index + NumpyLegacyStream.middle) % length] ^ twisted
        }
    }

    /// Returns a number uniform in [0, 1), a multiple of 2^-53, as `random_sample()` does.
    package mutating func nextUniform() -> Double {
        let high = Double(nextWord() >> 5), low = Double(nextWord() >> 6)
        return (high * 0x1p26 + low) * 0x1p-53
    }

    /// Returns a standard normal value, as `randn()` does: by the polar method of Marsaglia & Bray 1964.
    package mutating func nextNormal() -> Double {
        if let spared = sparedNormal {
            sparedNormal = nil
            return spared
        }
        while true {
            let x = 2 * nextUniform() - 1, y = 2 * nextUniform() - 1
            let square = x * x + y * y
            guard square < 1, square != 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            sparedNormal = factor * x
            return factor * y
        }
    }

    /// Returns a number uniform in 0 ..< bound, as `randint(bound)` does: by rejection of masked words.
    package mutating func nextIndex(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= Int(UInt32.max))
        let largest = UInt32(bound - 1)
        guard largest > 0 else { return 0 }
        let mask = UInt32.max >> UInt32(largest.leadingZeroBitCount)
        while true {
            let word = nextWord() & mask
            if word <= largest { return Int(word) }
        }
    }

    /// Returns as many standard normal values, as `randn(count)` does.
    package mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in nextNormal() } }
}
