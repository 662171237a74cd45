/// The class of each row, kept in as few bytes as the number of classes needs.
package struct ClassNumbers: RandomAccessCollection, Sendable, Equatable {
    private enum Storage: Equatable, Sendable {
        case bytes([UInt8])
        case words([UInt16])
        case wide([Int32])
    }
    private var storage: Storage

    /// - Parameter classCount: all classes lie below it.
    package init(_ classes: some Sequence<Int32>, classCount: Int) {
        if classCount <= 1 << 8 {
            storage = .bytes(classes.map { UInt8(truncatingIfNeeded: $0) })
        } else if classCount <= 1 << 16 {
            storage = .words(classes.map { UInt16(truncatingIfNeeded: $0) })
        } else {
            storage = .wide(Array(classes))
        }
    }

    /// The class of each row of `rows`, which `classOf` tells of its number and its values.
    init(
        _ rows: Examples, classCount: Int, _ classOf: (_ row: Int, _ values: UnsafeBufferPointer<Double>) -> Int32
    ) throws(DataError) {
        func classes<Element: FixedWidthInteger>(_: Element.Type) throws(DataError) -> [Element] {
            var classes: [Element] = []
            classes.reserveCapacity(rows.rowCount)
            try rows.forEachRow(.range(0..<rows.rowCount)) { row, values in
                classes.append(Element(truncatingIfNeeded: classOf(row, values)))
            }
            return classes
        }
        if classCount <= 1 << 8 {
            storage = .bytes(try classes(UInt8.self))
        } else if classCount <= 1 << 16 {
            storage = .words(try classes(UInt16.self))
        } else {
            storage = .wide(try classes(Int32.self))
        }
    }

    /// The class of each row of a column, which `classOf` tells of its number.
    init(_ column: Examples, classCount: Int, _ classOf: (Double) -> Int32) throws(DataError) {
        try self.init(column, classCount: classCount) { _, values in classOf(values[0]) }
    }

    package var startIndex: Int { 0 }

    package var endIndex: Int {
        switch storage {
        case .bytes(let classes): classes.count
        case .words(let classes): classes.count
        case .wide(let classes): classes.count
        }
    }

    @inline(__always)
    package subscript(row: Int) -> Int32 {
        switch storage {
        case .bytes(let classes): Int32(classes[row])
        case .words(let classes): Int32(classes[row])
        case .wide(let classes): classes[row]
        }
    }
}
