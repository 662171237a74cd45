import Datasets

/// Memory that grows at its end, for values of any type.
struct ByteBuffer: ~Copyable {
    private var start: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(64, capacity)
        start = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { start.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// Makes room for bytes at the end, whose content is not set, and returns where they begin.
    @inline(__always)
    mutating func append(byteCount: Int) -> UnsafeMutableRawPointer {
        if count + byteCount > capacity { grow(to: count + byteCount) }
        defer { count += byteCount }
        return start + count
    }

    mutating func removeLast(byteCount: Int) { count -= byteCount }

    private mutating func grow(to needed: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: max(needed, capacity * 2), alignment: 16)
        larger.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = larger
        capacity = max(needed, capacity * 2)
    }
}

extension ElementType {
    /// Writes a number of this type as it is written, also where float64 would round it.
    @inline(__always)
    func store(_ number: DecimalNumber, at place: UnsafeMutableRawPointer) {
        guard byteCount == 8, kind != .floating else { return store(number.value, at: place) }
        let magnitude = number.wholeMagnitude ?? 0
        place.storeBytes(of: number.value < 0 ? 0 &- magnitude : magnitude, as: UInt64.self)
    }

    /// Writes a number of this type; one that the type does not have is written as any other.
    @inline(__always)
    func store(_ value: Double, at place: UnsafeMutableRawPointer) {
        func store<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type) {
            let whole = value.magnitude < 0x1p62 ? Int(value) : 0
            place.storeBytes(of: Integer(truncatingIfNeeded: whole), as: Integer.self)
        }
        switch (kind, byteCount) {
        case (.floating, 4): place.storeBytes(of: Float(value), as: Float.self)
        case (.floating, _): place.storeBytes(of: value, as: Double.self)
        case (_, 1): store(Int8.self)
        case (_, 2): store(Int16.self)
        case (_, 4): store(Int32.self)
        default: store(Int64.self)
        }
    }
}
