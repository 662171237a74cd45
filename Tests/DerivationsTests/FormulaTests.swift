import Derivations
import Foundation
import NeuralNetwork
import Testing

/// Formulas as text and as MathML.
@Suite struct FormulaTests {
    @Test(arguments: [
        ("\\mu_j = \\frac{1}{N} \\sum_p h_{pj}", "μⱼ = (1/N) Σₚ hₚⱼ"),
        ("\\sigma_j^2 = \\frac{1}{3} ((-4)^2 + (-1)^2 + 5^2) = 14", "σⱼ² = (1/3) ((-4)² + (-1)² + 5²) = 14"),
        (
            "\\hat x_{ij} = (h_{ij} - \\mu_j) \\, s_j, \\qquad s_j = (\\sigma_j^2 + \\varepsilon)^{-1/2}",
            "x̂ᵢⱼ = (hᵢⱼ - μⱼ) sⱼ,    sⱼ = (σⱼ² + ε)^(-1/2)"
        ),
        ("a_{ij} = \\max(0, y_{ij})", "aᵢⱼ = max(0, yᵢⱼ)"),
        (
            "\\frac{dL}{dy_{ij}} = \\frac{dL}{da_{ij}} \\, [\\, y_{ij} > 0 \\,]", "dL/dyᵢⱼ = dL/daᵢⱼ [yᵢⱼ > 0]"
        ),
        ("h_{ij} = \\sum_d x_{id} \\, w_{dj} + b_j", "hᵢⱼ = Σ_d x_id w_dj + bⱼ"),
        ("\\frac{dL}{dW} = X^\\top \\frac{dL}{dh}", "dL/dW = Xᵀ dL/dh"),
        ("\\frac{dL}{d\\mu_j} = -s_j \\sum_k \\frac{dL}{d\\hat x_{kj}}", "dL/dμⱼ = -sⱼ Σₖ dL/dx̂ₖⱼ"),
        ("a_{ij} = 1 / (1 + e^{-y_{ij}})", "aᵢⱼ = 1/(1 + e^(-yᵢⱼ))"),
        ("\\mathrm{dvariance}_j = \\frac{\\mathrm{dsqrt}_j}{2 \\, \\mathrm{sqrt}_j}", "dvarianceⱼ = dsqrtⱼ/(2 sqrtⱼ)"),
        (
            "\\sum_k a_k (-\\frac{1}{2}) b^{-3/2} + \\frac{1}{N} \\sum_k -2 (h_{kj} - \\mu_j)",
            "Σₖ aₖ (-1/2) b^(-3/2) + (1/N) Σₖ -2 (hₖⱼ - μⱼ)"
        ),
        ("d = 1", "d = 1"), ("1 + \\dots - 2", "1 + … - 2"), ("\\frac{1}{3} \\cdot (-2)^2", "1/3 · (-2)²"),
        ("dh_{ij} += \\frac{1}{N} \\mathrm{dmean}_j", "dhᵢⱼ += (1/N) dmeanⱼ"),
        ("3 \\cdot (-1.2e-05) + \\dots = -2", "3 · (-1.2e-05) + … = -2"), ("f'(y)", "f′(y)"),
        ("N \\frac{dL}{dy}", "N dL/dy"), ("-\\hat x \\frac{dL}{d\\gamma}", "-x̂ dL/dγ"),
    ]) func text(latex: String, expected: String) {
        #expect(Formula(latex).text == expected)
    }

    @Test func mathML() {
        #expect(
            Formula("\\sigma_j^2").mathML
                == "<math displaystyle=\"true\"><mrow><msubsup><mi>σ</mi><mi>j</mi><mn>2</mn></msubsup></mrow></math>")
        #expect(Formula("\\frac{1}{N}").mathML.contains("<mfrac><mn>1</mn><mi>N</mi></mfrac>"))
        #expect(Formula("2 - (-1)").mathML.contains("<mo>−</mo>") && Formula("2 - (-1)").mathML.contains("prefix"))
        #expect(Formula("y > 0").mathML.contains("<mo>&gt;</mo>"))
    }

    private let explanation = explain(
        ExplainedLayer.workedExample(epsilon: 0.5), title: "t", introduction: [], rows: 8, fault: .dropMeanTerm)

    private var formulas: [Formula] {
        explanation.sections.flatMap(\.parts).compactMap { if case .formula(let formula) = $0 { formula } else { nil } }
    }

    /// Formulas (1) to (18) are those of the document, so that both have the same letters and numbers.
    @Test func formulasAreThoseOfTheDocument() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let document = try String(
            contentsOf: root.appendingPathComponent("docs/batch-norm-gradient.md"), encoding: .utf8)
        func bare(_ text: String) -> String {
            text.replacing("\\quad", with: "").replacing(/[\s&]|\\[\\,]/, with: "")
        }
        let text = bare(document)
        var missing: [String] = []
        for number in (1...18).map({ "(\($0))" }) {
            let sections = explanation.sections.filter { $0.number.contains(number) && !$0.title.contains("mistake") }
            let section = try #require(sections.first, "\(number) is not explained")
            guard case .formula(let formula)? = section.parts.first else { continue }
            // Between both sides of (13) this one says what J_ki is; the document derives (11) in several steps.
            let sides = bare(formula.source).replacing("\\frac{d\\hatx_{kj}}{dh_{ij}}=", with: "")
                .split(separator: "=", maxSplits: 1)
            if !sides.allSatisfy({ text.contains($0) }) { missing.append("\(number): \(formula.source)") }
        }
        #expect(missing == [])
    }

    /// Every tag that is opened is closed, and no command is left over.
    @Test func pagesAreWellFormed() {
        let html = explanation.html
        var open: [Substring] = []
        for tag in html.matches(of: /<(\/?)([a-z0-9]+)[^>]*>/) {
            if tag.output.1.isEmpty { open.append(tag.output.2) } else { #expect(open.popLast() == tag.output.2) }
        }
        #expect(open.isEmpty && !html.contains("\\") && !html.contains("{"))
        for formula in formulas { #expect(!formula.text.contains("\\"), "\(formula.text)") }
    }
}
