/// Rows of examples, counted from 0, in an order.
package enum RowSet: RandomAccessCollection, ExpressibleByArrayLiteral, Equatable, Sendable {
    case range(Range<Int>)
    case list([UInt32])

    package init(_ rows: [UInt32]) { self = .list(rows) }

    package init(arrayLiteral rows: UInt32...) { self = .list(rows) }

    package var startIndex: Int { 0 }

    package var endIndex: Int {
        switch self {
        case .range(let range): range.count
        case .list(let rows): rows.count
        }
    }

    @inline(__always)
    package subscript(index: Int) -> Int {
        switch self {
        case .range(let range): range.lowerBound + index
        case .list(let rows): Int(rows[index])
        }
    }

    /// The first rows, as many as there are.
    package func first(_ count: Int) -> RowSet { self[0..<Swift.min(count, self.count)] }

    /// The rows at some places.
    package subscript(places: Range<Int>) -> RowSet {
        switch self {
        case .range(let range): .range(range.lowerBound + places.lowerBound..<range.lowerBound + places.upperBound)
        case .list(let rows): .list(Array(rows[places]))
        }
    }

    /// At most `count` of the rows, evenly spread.
    func spread(_ count: Int) -> RowSet {
        .list(stride(from: 0, to: self.count, by: Swift.max(1, self.count / count)).map { UInt32(self[$0]) })
    }

    /// So many of the rows, or all, if there are fewer, with as equal distances as can be.
    package func evenlySpread(_ count: Int) -> RowSet {
        guard count < self.count else { return self }
        return .list((0..<count).map { UInt32(self[$0 * self.count / count]) })
    }

    /// Where rows that lie in a range stand in this set, which must be in ascending order.
    package func places(in range: Range<Int>) -> Range<Int> {
        if case .range(let rows) = self {
            let common = rows.clamped(to: range)
            return common.isEmpty ? 0..<0 : common.lowerBound - rows.lowerBound..<common.upperBound - rows.lowerBound
        }
        func firstPlace(atLeast row: Int) -> Int {
            var low = 0, high = count
            while low < high {
                let middle = (low + high) / 2
                if self[middle] < row { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let start = firstPlace(atLeast: range.lowerBound)
        return start..<Swift.max(start, firstPlace(atLeast: range.upperBound))
    }

    /// Where a row stands in this set, which must be in ascending order; nil if it does not.
    package func place(of row: Int) -> Int? {
        let places = places(in: row..<row + 1)
        return places.isEmpty ? nil : places.lowerBound
    }

    /// The runs of consecutive rows, as places in this set.
    package func runs(in places: Range<Int>) -> [Range<Int>] {
        if case .range = self { return places.isEmpty ? [] : [places] }
        var runs: [Range<Int>] = [], start = places.lowerBound
        for place in places where place + 1 == places.upperBound || self[place + 1] != self[place] + 1 {
            runs.append(start..<place + 1)
            start = place + 1
        }
        return runs
    }

    /// The runs, those together whose rows lie in the same blocks of so many rows, as places in this set.
    package func pieces(in places: Range<Int>, blockRows: Int) -> [Range<Int>] {
        runs(in: places).reduce(into: []) { pieces, run in
            if blockRows > 1, let last = pieces.last,
                self[run.lowerBound] / blockRows == self[last.upperBound - 1] / blockRows
            {
                pieces[pieces.count - 1] = last.lowerBound..<run.upperBound
            } else {
                pieces.append(run)
            }
        }
    }

    /// Both sets' rows, each once, in ascending order.
    package func union(_ other: RowSet) -> RowSet {
        if case .range(let a) = self, case .range(let b) = other, a.overlaps(b) || a.isEmpty || b.isEmpty {
            if a.isEmpty { return other }
            if b.isEmpty { return self }
            return .range(Swift.min(a.lowerBound, b.lowerBound)..<Swift.max(a.upperBound, b.upperBound))
        }
        return .list(Set(self.map { UInt32($0) }).union(other.map { UInt32($0) }).sorted())
    }
}
