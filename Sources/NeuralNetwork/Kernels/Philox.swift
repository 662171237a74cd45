/// Philox 4x32-10, a counter-based random number generator: block number `counter` of the stream `key` is computed on
/// demand.
///
/// There is no state to share or to order: any thread can compute any block, and streams with different keys are
/// independent. Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section
/// 4.3 and table 2.
package struct Philox: Sendable {
    package let key: (UInt32, UInt32)

    package init(key: (UInt32, UInt32)) { self.key = key }

    /// Returns the four 32-bit words of block `counter`, after ten rounds.
    package func block(_ counter: (UInt32, UInt32, UInt32, UInt32)) -> (UInt32, UInt32, UInt32, UInt32) {
        var (c0, c1, c2, c3) = counter
        var (k0, k1) = key
        for _ in 0..<10 {
            let first = c0.multipliedFullWidth(by: 0xD251_1F53)
            let second = c2.multipliedFullWidth(by: 0xCD9E_8D57)
            (c0, c1, c2, c3) = (second.high ^ c1 ^ k0, second.low, first.high ^ c3 ^ k1, first.low)
            k0 &+= 0x9E37_79B9  // golden ratio
            k1 &+= 0xBB67_AE85  // square root of 3, minus 1
        }
        return (c0, c1, c2, c3)
    }
}
