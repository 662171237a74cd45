/// Sums of a few neighbouring vectors of columns, composed as a type, so that all stay in registers.
///
/// The last vector is moved by `shift`, so that it may end with the columns and overlap the one before.
protocol RowSums {
    associatedtype S: Scalar
    static var vectors: Int { get }
    /// Sums of 0.
    init()
    /// Overwrites the sums with those stored.
    mutating func load(_ source: UnsafePointer<S>, shift: Int)
    mutating func add(_ value: S.Lanes, times row: UnsafePointer<S>, shift: Int)
    /// Stores the sums; of the last vector only the first `count` lanes.
    func store(_ target: UnsafeMutablePointer<S>, shift: Int, count: Int)
}

struct VectorSum<S: Scalar>: RowSums {
    var sum = S.Lanes()
    static var vectors: Int { 1 }

    @inline(__always) mutating func load(_ source: UnsafePointer<S>, shift: Int) { sum = S.load(source + shift) }
    @inline(__always) mutating func add(_ value: S.Lanes, times row: UnsafePointer<S>, shift: Int) {
        sum = multiplyAdd(value, S.load(row + shift), sum)
    }
    @inline(__always) func store(_ target: UnsafeMutablePointer<S>, shift: Int, count: Int) {
        S.store(sum, target + shift, count: count)
    }
}

struct Joined<First: RowSums, Second: RowSums>: RowSums where First.S == Second.S {
    typealias S = First.S
    var first = First()
    var second = Second()
    static var vectors: Int { First.vectors + Second.vectors }

    @inline(__always) mutating func load(_ source: UnsafePointer<S>, shift: Int) {
        first.load(source, shift: 0)
        second.load(source + First.vectors * S.laneCount, shift: shift)
    }
    @inline(__always) mutating func add(_ value: S.Lanes, times row: UnsafePointer<S>, shift: Int) {
        first.add(value, times: row, shift: 0)
        second.add(value, times: row + First.vectors * S.laneCount, shift: shift)
    }
    @inline(__always) func store(_ target: UnsafeMutablePointer<S>, shift: Int, count: Int) {
        first.store(target, shift: 0, count: S.laneCount)
        second.store(target + First.vectors * S.laneCount, shift: shift, count: count)
    }
}
