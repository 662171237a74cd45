/// Counts each of the different numbers among many, as long as there are few of them.
///
/// A table of open addressing: a number is found in a few comparisons, which a dictionary would take ten times as long
/// for.
struct DistinctValues {
    /// The largest number of different values that are told apart.
    static let limit = 1000
    private static let slotCount = 4096

    private var keys = [UInt64](repeating: 0, count: slotCount)
    private var counted = [Int](repeating: 0, count: slotCount)
    /// How many different values there were; no more than `limit + 1`.
    private(set) var count = 0

    /// Whether there were more than are told apart.
    var isOverfull: Bool { count > DistinctValues.limit }

    /// Counts a finite number, whose key is its bits.
    mutating func add(_ number: Double) { add(key: (number + 0).bitPattern) }  // -0 is 0

    /// Counts integers, whose keys are their bits.
    mutating func add(whole numbers: some Sequence<UInt64>) {
        guard !isOverfull else { return }
        for number in numbers {
            add(key: number)
            if isOverfull { return }
        }
    }

    private mutating func add(key: UInt64) {
        guard !isOverfull else { return }
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 52)
        while counted[slot] > 0 && keys[slot] != key { slot = (slot + 1) & (DistinctValues.slotCount - 1) }
        if counted[slot] == 0 {
            count += 1
            keys[slot] = key
        }
        counted[slot] += 1
    }

    /// The keys with their counts, in no order; meaningless if there were too many.
    var counts: [(key: UInt64, count: Int)] {
        keys.indices.filter { counted[$0] > 0 }.map { (keys[$0], counted[$0]) }
    }
}
