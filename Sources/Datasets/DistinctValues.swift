/// Counts each of the different numbers among many, as long as there are few of them.
///
/// A table of open addressing: a number is found in a few comparisons, which a dictionary would take ten times as long
/// for.
struct DistinctValues {
    /// The largest number of different values that are told apart.
    static let limit = 1000
    private static let slotCount = 4096

    private var keys = [Double](repeating: 0, count: slotCount)
    private var counts = [Int](repeating: 0, count: slotCount)
    /// How many different values there were; no more than `limit + 1`.
    private(set) var count = 0

    /// Whether there were more than are told apart.
    var isOverfull: Bool { count > DistinctValues.limit }

    /// Counts a finite number.
    mutating func add(_ number: Double) {
        guard !isOverfull else { return }
        let key = number + 0  // -0 is 0
        var slot = Int(truncatingIfNeeded: (key.bitPattern &* 0x9E37_79B9_7F4A_7C15) >> 52)
        while counts[slot] > 0 && keys[slot] != key { slot = (slot + 1) & (DistinctValues.slotCount - 1) }
        if counts[slot] == 0 {
            count += 1
            keys[slot] = key
        }
        counts[slot] += 1
    }

    /// The values in ascending order with their counts; nil if there were too many.
    var sorted: [(value: Double, count: Int)]? {
        guard !isOverfull else { return nil }
        return keys.indices.filter { counts[$0] > 0 }.map { (keys[$0], counts[$0]) }.sorted { $0.0 < $1.0 }
    }
}
