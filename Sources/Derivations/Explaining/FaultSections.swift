import NeuralNetwork
import Support

// What becomes of the backward pass with one mistake in it.

extension ExplanationWriter {
    func faultSections(_ wrong: FaultyGradient) -> [Explanation.Section] {
        let fault = wrong.fault
        var parts: [Explanation.Part] = [
            .text("\(fault.rawValue): \(fault.explanation). Equation \(fault.equation) becomes"),
            .formula(fault.formula),
        ]
        if let remark = remark(wrong) { parts.append(.text(remark)) }
        parts += [
            rowTable([
                #"\text{right bracket}"#, #"\text{wrong bracket}"#, #"\text{right dL/dh}"#, #"\text{wrong dL/dh}"#,
                #"\text{numeric}"#,
            ]) { row in
                [
                    .number(unit.terms[row].sum), .number(wrong.terms[row].sum), .number(unit.inputGradient[row]),
                    .number(wrong.inputGradient[row]), .init(numericGradient[row]),
                ]
            },
            .table(sums(wrong)), .text(verdict(wrong)),
        ]
        return [.init(fault.equation, "with the mistake \(fault.rawValue)", parts)]
    }

    /// What a sum should be and what the mistake makes of it.
    private func sums(_ wrong: FaultyGradient) -> FormulaTable {
        let x = unit.normalized, numeric = NumericGradient(unit)
        func product(_ terms: [BatchNormalizedUnit.BracketTerms]) -> Double {
            zip(terms, x).reduce(0) { $0 + $1.0.sum * $1.1 }
        }
        let weight = layer.weightGradient(unit.inputGradient)
        let place = weight.indices.max { abs(weight[$0]) < abs(weight[$1]) } ?? 0
        let lines: [(String, right: Double, wrong: Double, numeric: Double?)] = [
            ("dL/dβ", unit.betaGradient, wrong.betaGradient, numeric.beta),
            ("dL/dγ", unit.gammaGradient, wrong.gammaGradient, numeric.gamma),
            ("sum of brackets", unit.terms.map(\.sum).sum, wrong.terms.map(\.sum).sum, nil),
            ("sum of bracket · x̂", product(unit.terms), product(wrong.terms), nil),
            ("largest dL/dh", largest(unit.inputGradient), largest(wrong.inputGradient), nil),
            ("dL/dW, d = \(place + 1)", weight[place], wrong.weightGradient[place], nil),
            ("dL/db", unit.inputGradient.sum, wrong.biasGradient, numeric.bias),
        ]
        return FormulaTable(
            columns: [#"\text{quantity}"#, #"\text{right}"#, #"\text{wrong}"#, #"\text{numeric}"#],
            rows: lines.map { [.words($0.0), .number($0.right), .number($0.wrong), .init($0.numeric)] })
    }

    /// Why the mistake has no effect here, if so.
    private func remark(_ wrong: FaultyGradient) -> String? {
        switch wrong.fault {
        case .dropEpsilon where unit.epsilon == 0: "ε is 0 here, so nothing changes; --epsilon 1e-3 shows it."
        case .dropEpsilon where unit.variance == 0: "The variance is 0 here: without ε there is nothing to divide by."
        case .forgetGamma where unit.gamma == 1: "γ is 1 here, so nothing changes."
        case .forgetActivation where unit.activation == .identity:
            "There is no activation function here, so nothing changes."
        default: nil
        }
    }

    private func verdict(_ wrong: FaultyGradient) -> String {
        let size = largest(unit.inputGradient)
        let difference = largest(zip(unit.inputGradient, wrong.inputGradient).map { $0 - $1 })
        let bracketSum = wrong.terms.map(\.sum).sum
        let bracketSize = largest(wrong.terms.map(\.direct))
        var sentences = [
            difference == 0
                ? "dL/dh is the same."
                : "dL/dh is wrong by \(difference.display), "
                    + "\(relative(difference, to: size).display) of its largest value."
        ]
        if abs(bracketSum) > 1e-9 * bracketSize {
            sentences.append("The brackets no longer sum to 0: a shift of the whole column seems to change the loss.")
        } else if difference != 0 {
            sentences.append("The brackets still sum to 0, so that this check alone does not find it.")
        }
        if wrong.fault == .gammaFromSum, wrong.gammaGradient != unit.gammaGradient {
            sentences.append("dL/dγ is dL/dβ once more; only its numeric derivative tells.")
        }
        return sentences.joined(separator: " ")
    }
}
