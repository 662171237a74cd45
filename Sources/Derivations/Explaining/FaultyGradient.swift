import NeuralNetwork

/// The backward pass of a unit with one deliberate mistake, as `Fault` describes it and the network makes it.
package struct FaultyGradient: Sendable {
    package let fault: Fault
    /// dL/dy, (7).
    package let outputGradient: [Double]
    package let betaGradient: Double
    package let gammaGradient: Double
    /// What is left of the bracket of (15).
    package let terms: [BatchNormalizedUnit.BracketTerms]
    /// The factor before it.
    package let factor: Double
    /// dL/dh.
    package let inputGradient: [Double]
    /// dL/dW (16).
    package let weightGradient: [Double]
    /// dL/db (17).
    package let biasGradient: Double

    /// The mistakes that concern one unit of a layer.
    package static let explained: [Fault] = [
        .dropEpsilon, .dropMeanTerm, .dropVarianceTerm, .unbiasedVariance, .forgetGamma, .gammaFromSum,
        .forgetActivation, .biasFromOneRow,
    ]

    package init(_ fault: Fault, _ layer: ExplainedLayer) {
        self.fault = fault
        let unit = layer.unit, count = Double(unit.rowCount), variance = unit.variance
        let dy = fault == .forgetActivation ? unit.activationGradient : unit.outputGradient
        let sum = dy.sum, productSum = dy.dot(unit.normalized)
        let inverse =
            switch fault {
            case .dropEpsilon: 1 / variance.squareRoot()
            case .unbiasedVariance: 1 / (variance * count / (count - 1) + unit.epsilon).squareRoot()
            default: unit.inverseStandardDeviation
            }
        let terms = zip(dy, unit.normalized).map {
            BatchNormalizedUnit.BracketTerms(
                direct: count * $0, throughMean: fault == .dropMeanTerm ? 0 : -sum,
                throughVariance: fault == .dropVarianceTerm ? 0 : -$1 * productSum)
        }
        let factor = (fault == .forgetGamma ? 1 : unit.gamma) * inverse / count
        let inputGradient = terms.map { factor * $0.sum }
        outputGradient = dy
        betaGradient = sum
        gammaGradient = fault == .gammaFromSum ? sum : productSum
        (self.terms, self.factor, self.inputGradient) = (terms, factor, inputGradient)
        weightGradient = layer.weightGradient(inputGradient)
        biasGradient = fault == .biasFromOneRow ? inputGradient[0] : inputGradient.sum
    }
}

extension Fault {
    /// The number of the equation that the mistake is in.
    var equation: String {
        switch self {
        case .dropEpsilon, .dropMeanTerm, .dropVarianceTerm, .unbiasedVariance, .forgetGamma: "(15)"
        case .gammaFromSum: "(9)"
        case .forgetActivation: "(7)"
        case .biasFromOneRow: "(17)"
        case .forgetBatchMean: ""
        }
    }

    /// The equation with the mistake.
    var formula: Formula {
        switch self {
        case .dropEpsilon:
            #"""
            \frac{dL}{dh_{ij}} = \frac{\gamma_j}{N} (\sigma_j^2)^{-1/2} \left( N \frac{dL}{dy_{ij}} \#
            - \frac{dL}{d\beta_j} - \hat x_{ij} \, \frac{dL}{d\gamma_j} \right)
            """#
        case .dropMeanTerm:
            #"""
            \frac{dL}{dh_{ij}} = \frac{\gamma_j}{N} \, s_j \left( N \frac{dL}{dy_{ij}} \#
            - \hat x_{ij} \, \frac{dL}{d\gamma_j} \right)
            """#
        case .dropVarianceTerm:
            #"""
            \frac{dL}{dh_{ij}} = \frac{\gamma_j}{N} \, s_j \left( N \frac{dL}{dy_{ij}} \#
            - \frac{dL}{d\beta_j} \right)
            """#
        case .unbiasedVariance:
            #"""
            \frac{dL}{dh_{ij}} = \frac{\gamma_j}{N} (\frac{N}{N - 1} \sigma_j^2 + \varepsilon)^{-1/2} \left( N \#
            \frac{dL}{dy_{ij}} - \frac{dL}{d\beta_j} - \hat x_{ij} \, \frac{dL}{d\gamma_j} \right)
            """#
        case .forgetGamma:
            #"""
            \frac{dL}{dh_{ij}} = \frac{1}{N} \, s_j \left( N \frac{dL}{dy_{ij}} \#
            - \frac{dL}{d\beta_j} - \hat x_{ij} \, \frac{dL}{d\gamma_j} \right)
            """#
        case .gammaFromSum: #"\frac{dL}{d\gamma_j} = \sum_k \frac{dL}{dy_{kj}}"#
        case .forgetActivation: #"\frac{dL}{dy_{ij}} = \frac{dL}{da_{ij}}"#
        case .biasFromOneRow: #"\frac{dL}{db_j} = \frac{dL}{dh_{1j}}"#
        case .forgetBatchMean: ""
        }
    }
}
