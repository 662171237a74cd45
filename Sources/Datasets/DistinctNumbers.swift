/// The different numbers in a column, in ascending order, each with the row where it comes first.
struct DistinctNumbers {
    let numbers: [Double]
    let firstRows: [Int]
    /// The index in `numbers` of each small whole number; -1 for one that does not occur.
    private let small: [Int32]
    private let others: [Double: Int32]

    private static let smallCount = 1 << 12

    /// - Parameter column: examples of one number each.
    init(_ column: Examples) throws(DataError) {
        var firstSmall = [Int](repeating: -1, count: DistinctNumbers.smallCount), firstOther: [Double: Int] = [:]
        try column.forEachRow(.range(0..<column.rowCount)) { row, values in
            let number = values[0]
            if let place = smallPlace(number) {
                if firstSmall[place] < 0 { firstSmall[place] = row }
            } else if firstOther[number] == nil {
                firstOther[number] = row
            }
        }
        let found =
            (firstOther.map { ($0.key, $0.value) }
            + firstSmall.indices.filter { firstSmall[$0] >= 0 }.map { (Double($0), firstSmall[$0]) })
            .sorted { $0.0 < $1.0 }
        numbers = found.map(\.0)
        firstRows = found.map(\.1)
        var small = [Int32](repeating: -1, count: DistinctNumbers.smallCount), others: [Double: Int32] = [:]
        for (index, number) in numbers.enumerated() {
            if let place = smallPlace(number) { small[place] = Int32(index) } else { others[number] = Int32(index) }
        }
        self.small = small
        self.others = others
    }

    /// The index in `numbers` of a number that occurs.
    @inline(__always)
    func index(of number: Double) -> Int {
        if let place = smallPlace(number) { return Int(small[place]) }
        return Int(others[number] ?? 0)
    }
}

/// The place of a small whole number in a table; nil for others, -0 included as 0.
@inline(__always)
private func smallPlace(_ number: Double) -> Int? {
    guard number >= 0, number < 4096, case let place = Int(number), Double(place) == number else { return nil }
    return place
}
