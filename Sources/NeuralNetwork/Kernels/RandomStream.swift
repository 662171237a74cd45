import Foundation

/// The purpose of random numbers.
///
/// Each purpose has a stream of its own, so that drawing more for one never shifts another.
package enum RandomPurpose: UInt32, Sendable {
    case initialization = 1
    case shuffling = 2
    case split = 3
    case sampling = 4
    case synthesis = 5
    case dropout = 6
    case noise = 7
    case sweep = 8
    case sample = 9
    case recipe = 10
    case curvature = 14
    case labelNoise = 21
    case task = 22
    case perturbation = 23
    case evaluation = 24
}

/// A sequence of random numbers, determined by seed, purpose, index (a layer, an epoch), step and position alone.
package struct RandomStream: Sendable {
    private let generator: Philox
    private let purpose: RandomPurpose
    private let index: UInt32
    private let step: UInt32
    private var counter: UInt64 = 0
    private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var wordsLeft = 0

    package init(seed: UInt64, purpose: RandomPurpose, index: Int = 0, step: Int = 0) {
        generator = Philox(key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
        self.purpose = purpose
        self.index = UInt32(truncatingIfNeeded: index)
        self.step = UInt32(truncatingIfNeeded: step)
    }

    package mutating func nextWord() -> UInt32 {
        if wordsLeft == 0 {
            // 40 bits of position (2^40 blocks), 24 bits that keep purposes apart, 32 bits of index.
            let low = UInt32(truncatingIfNeeded: counter)
            let high = UInt32(truncatingIfNeeded: counter >> 32) & 0xFF
            words = generator.block((low, high | purpose.rawValue << 8, index, step))
            counter += 1
            wordsLeft = 4
        }
        wordsLeft -= 1
        switch wordsLeft {
        case 3: return words.0
        case 2: return words.1
        case 1: return words.2
        default: return words.3
        }
    }

    /// Passes over the next `count` words.
    package mutating func skip(_ count: Int) {
        let left = min(count, wordsLeft), blocks = (count - left) / 4
        wordsLeft -= left
        counter += UInt64(blocks)
        for _ in 0..<(count - left - 4 * blocks) { _ = nextWord() }
    }

    /// Returns a number uniform in [0, 1), a multiple of 2^-53.
    package mutating func nextUniform() -> Double {
        let high = UInt64(nextWord()), low = UInt64(nextWord())
        return Double((high << 32 | low) >> 11) * 0x1p-53
    }

    /// Returns a pair of independent standard normal values, by the transform of Box & Muller (1958).
    package mutating func nextNormalPair() -> (Double, Double) {
        let radius = (-2 * log(1 - nextUniform())).squareRoot()  // 1 - u lies in (0, 1], so the logarithm is finite
        let angle = 2 * Double.pi * nextUniform()
        return (radius * cos(angle), radius * sin(angle))
    }

    /// Returns a number uniform in 0 ..< bound without bias, by the multiplication method of Lemire (2019), "Fast
    /// random integer generation in an interval".
    package mutating func nextIndex(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= Int(UInt32.max))
        let bound32 = UInt32(bound)
        let rejected = (0 &- bound32) % bound32  // 2^32 mod bound
        while true {
            let product = nextWord().multipliedFullWidth(by: bound32)
            if product.low >= rejected { return Int(product.high) }
        }
    }

    /// Shuffles in place: every order is equally likely (Fisher & Yates, Durstenfeld's form).
    ///
    /// It does not allocate.
    package mutating func shuffle(_ indices: inout [UInt32]) {
        var last = indices.count - 1
        while last > 0 {
            indices.swapAt(last, nextIndex(below: last + 1))
            last -= 1
        }
    }
}
