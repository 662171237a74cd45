import NeuralNetwork
import Testing

@Suite struct FiniteTests {
    /// Lengths around one and two vectors of either width, and what is not finite at every place.
    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 31, 33])
    func oneValueThatIsNotFiniteIsSeen(count: Int) {
        check(count, Float.self)
        check(count, Double.self)
    }

    private func check<S: Scalar>(_ count: Int, _: S.Type) {
        let finite = Matrix<S>(rows: 1, columns: count)
        for i in 0..<count { finite[0, i] = i % 2 == 0 ? .greatestFiniteMagnitude : -.leastNonzeroMagnitude }
        #expect(isFinite(finite))
        for value in [S.nan, .infinity, -.infinity] {
            for i in 0..<count {
                let before = finite[0, i]
                finite[0, i] = value
                #expect(!isFinite(finite), "\(value) at \(i) of \(count)")
                finite[0, i] = before
            }
        }
    }
}
