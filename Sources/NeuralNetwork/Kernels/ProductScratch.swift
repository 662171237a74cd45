/// The memory of one thread for packed operands and unfinished results.
///
/// It grows to the largest product asked of it, and then stays.
package final class ProductScratch<S: Scalar> {
    private var right = Matrix<S>(rows: 1, columns: 0)
    private var left = Matrix<S>(rows: 1, columns: 0)
    private var rows = Matrix<S>(rows: 1, columns: 0)

    package init() {}

    func right(_ count: Int) -> UnsafeMutablePointer<S> { grown(&right, count) }
    func left(_ count: Int) -> UnsafeMutablePointer<S> { grown(&left, count) }
    func rows(_ count: Int) -> UnsafeMutablePointer<S> { grown(&rows, count) }

    private func grown(_ memory: inout Matrix<S>, _ count: Int) -> UnsafeMutablePointer<S> {
        if memory.columns < count { memory = Matrix(rows: 1, columns: count) }
        return memory.base
    }
}
