import Foundation

/// Distinct texts, numbered in the order in which they were put in; a hash table over their bytes.
struct TextTable {
    /// All texts one after the other.
    private var bytes: [UInt8] = []
    /// Where each text ends in `bytes`.
    private var ends: [Int] = []
    /// The number of a text plus 1 at the place that its hash says or after it; 0 where there is none.
    private var slots = [Int32](repeating: 0, count: 16)
    /// No more texts are kept than these.
    private let limit: Int
    /// Whether there were more.
    private(set) var isOver = false

    var count: Int { ends.count }

    init(limit: Int) { self.limit = limit }

    /// Returns the number of a text, which is put in if it is new; -1 if there is no room for it.
    mutating func number(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var slot = Int(truncatingIfNeeded: (hash ^ hash >> 29) & UInt64(slots.count - 1))
        while slots[slot] != 0 {
            if isText(Int(slots[slot] - 1), text) { return slots[slot] - 1 }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard ends.count < limit else {
            isOver = true
            return -1
        }
        bytes += text
        ends.append(bytes.count)
        slots[slot] = Int32(ends.count)
        if ends.count * 2 > slots.count { grow() }
        return Int32(ends.count - 1)
    }

    /// Puts in the texts of another table, and returns their numbers here.
    mutating func merge(_ other: TextTable) -> [Int32] {
        isOver = isOver || other.isOver
        return (0..<other.count).map { index in
            other[index].withUnsafeBufferPointer { number(of: $0) }
        }
    }

    private func isText(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = index == 0 ? 0 : ends[index - 1]
        guard ends[index] - start == text.count else { return false }
        guard let other = text.baseAddress, !text.isEmpty else { return true }
        return bytes.withUnsafeBufferPointer {
            $0.baseAddress.map { memcmp($0 + start, other, text.count) == 0 } ?? false
        }
    }

    /// The bytes of a text.
    subscript(index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

    /// The texts by their numbers; nil for one that is not UTF-8.
    var strings: [String?] { (0..<count).map { String(validating: self[$0], as: UTF8.self) } }

    private mutating func grow() {
        let old = self
        slots = [Int32](repeating: 0, count: slots.count * 4)
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        for index in 0..<old.count { old[index].withUnsafeBufferPointer { _ = number(of: $0) } }
    }
}
