import Foundation
import NeuralNetwork
import Testing

/// The distance of a computed value from the true one, in units in the last place of the true one.
private func ulps<S: Scalar>(_ value: S, _ exact: Double) -> Double {
    abs(Double(value) - exact) / Double(S(exact).ulp)
}

@Suite struct ElementaryFunctionTests {
    @Test func exponentialIsWithinTwoUlpInFloat() {
        var worst = 0.0
        for i in 0...400_000 {
            let x = Float(-87 + 175 * Double(i) / 400_000)
            worst = max(worst, ulps(Float.exponential(x), exp(Double(x))))
        }
        #expect(worst <= 2, "worst error \(worst) ulp")
    }

    @Test func exponentialIsWithinTwoUlpInDouble() {
        // The C library's own error is below 0.6 ulp, so 2.6 of distance to it means at most 2 ulp plus that.
        var worst = 0.0
        for i in 0...400_000 {
            let x = -708 + 1417 * Double(i) / 400_000 + 1e-7
            worst = max(worst, ulps(Double.exponential(min(x, 709)), exp(min(x, 709))))
        }
        #expect(worst <= 2, "worst error \(worst) ulp")
    }

    @Test func exponentialStaysFiniteAndKeepsNotANumber() {
        #expect(
            Float.exponential(.infinity).isFinite && Float.exponential(-.infinity) > 0 && Float.exponential(.nan).isNaN)
        #expect(Double.exponential(1e300).isFinite && Double.exponential(-1e300) > 0 && Double.exponential(.nan).isNaN)
        #expect(Double.exponential(0) == 1 && Float.exponential(0) == 1)
    }

    @Test func sigmoidAndTanhAgreeWithTheirDefinitions() {
        var worstSigmoid = 0.0, worstTanh = 0.0, worstTanhFloat = 0.0
        for i in -40_000...40_000 {
            let x = Double(i) / 2000 + 1e-5
            worstSigmoid = max(worstSigmoid, ulps(Double.sigmoid(x), 1 / (1 + exp(-x))))
            worstTanh = max(worstTanh, ulps(Double.hyperbolicTangent(x), tanh(x)))
            worstTanhFloat = max(worstTanhFloat, ulps(Float.hyperbolicTangent(Float(x)), tanh(Double(Float(x)))))
        }
        #expect(
            worstSigmoid <= 4 && worstTanh <= 4 && worstTanhFloat <= 4,
            "\(worstSigmoid), \(worstTanh), \(worstTanhFloat) ulp")
        #expect(
            Double.hyperbolicTangent(-1e3) == -1 && Float.hyperbolicTangent(1e3) == 1
                && Double.hyperbolicTangent(.nan).isNaN)
        #expect(Float.sigmoid(-1e4) >= 0 && Float.sigmoid(-1e4) < 1e-37 && Float.sigmoid(1e4) == 1)
    }
}
