import NeuralNetwork
import Support

// All numbers of an explanation by their names, which are the words that the sources use.

extension ExplanationWriter {
    func json() -> JSON {
        let shown = 0..<shownCount
        func matrix(_ element: (Int) -> [Double]) -> JSON { JSON(.array(shown.map { JSON(element($0)) })) }
        let linear = JSON([
            "x": matrix { Array(layer.x.row($0)) }, "weight": JSON(layer.weight), "bias": JSON(layer.bias),
            "weight_gradient": JSON(layer.weightGradient(unit.inputGradient)),
            "bias_gradient": JSON(unit.inputGradient.sum),
            "x_gradient": matrix { layer.inputShare(row: $0, unit.inputGradient) },
        ])
        let forward = JSON([
            "h": JSON(unit.h), "mean": JSON(unit.mean), "centered": JSON(unit.centered),
            "variance": JSON(unit.variance), "epsilon": JSON(unit.epsilon),
            "inverse_standard_deviation": JSON(unit.inverseStandardDeviation), "normalized": JSON(unit.normalized),
            "gamma": JSON(unit.gamma), "beta": JSON(unit.beta), "y": JSON(unit.y),
            "activation": JSON(unit.activation.rawValue), "a": JSON(unit.a),
        ])
        let backward = JSON([
            "a_gradient": JSON(unit.activationGradient), "slope": JSON(unit.slope),
            "y_gradient": JSON(unit.outputGradient), "beta_gradient": JSON(unit.betaGradient),
            "gamma_gradient": JSON(unit.gammaGradient), "bracket": json(of: unit.terms), "factor": JSON(unit.factor),
        ])
        var routes = JSON.emptyObject
        for route in self.routes { routes[route.name] = JSON(route.values) }
        routes["numeric"] = JSON(.array(numericGradient.map { JSON($0) }))
        routes["largest_difference"] = JSON(largestDifference)
        var json = JSON([
            "rows": JSON(.integer(rowCount)), "shown_rows": JSON(.integer(shownCount)), "linear": linear,
            "forward": forward, "backward": backward, "h_gradient": routes, "jacobian": jacobianJSON(),
            "staged": stagedJSON(), "paper": paperJSON(),
        ])
        guard let network = layer.network else { return json }
        var compared = JSON.emptyObject
        for line in layer.networkDifferences() {
            compared[line.quantity.rawValue] = JSON([
                "largest": JSON(line.largest), "largest_difference": JSON(line.largestDifference),
                "relative_difference": JSON(line.relative),
            ])
        }
        json["network"] = JSON([
            "precision": JSON(network.precision), "largest_relative_difference": JSON(layer.largestRelativeDifference),
            "quantities": compared,
        ])
        return json
    }

    func json(of wrong: FaultyGradient) -> JSON {
        JSON([
            "name": JSON(wrong.fault.rawValue), "equation": JSON(wrong.fault.equation),
            "y_gradient": JSON(wrong.outputGradient), "beta_gradient": JSON(wrong.betaGradient),
            "gamma_gradient": JSON(wrong.gammaGradient), "bracket": json(of: wrong.terms),
            "factor": JSON(wrong.factor), "h_gradient": JSON(wrong.inputGradient),
            "weight_gradient": JSON(wrong.weightGradient), "bias_gradient": JSON(wrong.biasGradient),
        ])
    }

    private func json(of terms: [BatchNormalizedUnit.BracketTerms]) -> JSON {
        JSON([
            "direct": JSON(terms.map(\.direct)), "through_mean": JSON(terms.map(\.throughMean)),
            "through_variance": JSON(terms.map(\.throughVariance)), "sum": JSON(terms.map(\.sum)),
        ])
    }

    private func jacobianJSON() -> JSON {
        let ones = [Double](repeating: 1, count: rowCount), shown = 0..<shownCount
        return JSON([
            "matrix": JSON(.array(shown.map { k in JSON(shown.map { jacobian[k, $0] }) })),
            "product_with_ones": JSON(shown.map { jacobian.product(row: $0, ones) }),
            "product_with_normalized": JSON(shown.map { jacobian.product(row: $0, unit.normalized) }),
            "eigenvalue_of_normalized": JSON(jacobian.eigenvalueOfNormalized),
        ])
    }

    private func stagedJSON() -> JSON {
        JSON([
            "forward": JSON([
                "mean": JSON(staged.mean), "centered": JSON(staged.centered), "squared": JSON(staged.squared),
                "variance": JSON(staged.variance), "sqrt": JSON(staged.root), "inverse": JSON(staged.inverse),
                "normalized": JSON(staged.normalized), "scaled": JSON(staged.scaled), "shifted": JSON(staged.shifted),
            ]),
            "backward": JSON([
                "shifted": JSON(staged.shiftedGradient), "scaled": JSON(staged.scaledGradient),
                "normalized": JSON(staged.normalizedGradient), "inverse": JSON(staged.inverseGradient),
                "sqrt": JSON(staged.rootGradient), "variance": JSON(staged.varianceGradient),
                "squared": JSON(staged.squaredGradient), "centered_by_normalized": JSON(staged.centeredGradientDirect),
                "centered": JSON(staged.centeredGradient), "mean": JSON(staged.meanGradient),
                "h": JSON(staged.inputGradient),
            ]),
        ])
    }

    private func paperJSON() -> JSON {
        JSON([
            "normalized_gradient": JSON(paper.normalizedGradient), "variance_gradient": JSON(paper.varianceGradient),
            "mean_gradient": JSON(paper.meanGradient), "direct": JSON(paper.direct),
            "through_variance": JSON(paper.throughVariance), "through_mean": JSON(paper.throughMean),
        ])
    }
}
