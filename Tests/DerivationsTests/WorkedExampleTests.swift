import Derivations
import Foundation
import Testing

/// The example of docs/batch-norm-gradient.md, number for number.
@Suite struct WorkedExampleTests {
    private let layer = ExplainedLayer.workedExample()
    private var unit: BatchNormalizedUnit { layer.unit }

    /// The text of the document from its section on.
    private func example() throws -> Substring {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let text = try String(
            contentsOf: root.appendingPathComponent("docs/batch-norm-gradient.md"), encoding: .utf8)
        let start = try #require(text.range(of: "## An example by hand"))
        let end = try #require(text.range(of: "## Traps"))
        return text[start.lowerBound..<end.lowerBound]
    }

    /// The cells of the rows of a table of numbers, whose first cell is the row's number.
    private func rows() throws -> [[String]] {
        try example().split(separator: "\n").filter { $0.prefixMatch(of: /\| [123] \|/) != nil }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// Whether a number is the one that a document shows with four digits behind the point.
    private func isShown(_ number: Double, as text: String) -> Bool {
        Double(text).map { abs($0 - number) <= 0.5001e-4 } ?? false
    }

    @Test func theTableHasTheNumbersThatAreComputed() throws {
        let rows = try rows()
        #expect(rows.count == 3)
        for (row, cells) in rows.enumerated() {
            let term = unit.terms[row]
            let values = [
                Double(row + 1), unit.h[row], unit.centered[row], unit.normalized[row], unit.y[row], unit.a[row],
                unit.activationGradient[row], unit.outputGradient[row],
            ]
            for (value, cell) in zip(values, cells) { #expect(isShown(value, as: cell), "row \(row + 1): \(cell)") }
            // "-12 + 2 + 1": the three terms of the bracket.
            let terms = cells[8].matches(of: /([-+] ?)?[0-9]+/).map { $0.output.0.filter { $0 != " " && $0 != "+" } }
            #expect(
                zip([term.direct, term.throughMean, term.throughVariance], terms).allSatisfy {
                    isShown($0, as: String($1))
                })
            #expect(
                terms.count == 3 && isShown(term.sum, as: cells[9]) && isShown(unit.inputGradient[row], as: cells[10]))
        }
    }

    @Test func theSentencesHaveTheNumbersThatAreComputed() {
        #expect(unit.mean == 5 && unit.variance == 14 && isShown(unit.inverseStandardDeviation, as: "0.2673"))
        #expect(unit.betaGradient == -2 && isShown(unit.gammaGradient, as: "3.7417"))
        #expect(unit.outputGradient.dot(unit.centered) == 14 && isShown(unit.factor, as: "0.1782"))
        #expect(abs(unit.terms.map(\.sum).sum) < 1e-14)
        let weight = layer.weightGradient(unit.inputGradient)
        #expect(isShown(weight[0], as: "0.5345") && isShown(weight[1], as: "-0.5345"))
        for row in 0..<3 {
            let share = layer.inputShare(row: row, unit.inputGradient)
            #expect(share == [unit.inputGradient[row], unit.inputGradient[row]])
        }
    }

    @Test func theStagesHaveTheNumbersThatAreComputed() {
        let staged = StagedGraph(unit), r = 14.0.squareRoot()
        func isClose(_ numbers: [Double], _ expected: [Double]) -> Bool {
            zip(numbers, expected).allSatisfy { abs($0 - $1) < 1e-13 } && numbers.count == expected.count
        }
        #expect(isClose(staged.normalizedGradient, [0, -8, 4]))
        #expect(isClose([staged.inverseGradient, staged.rootGradient], [28, -2]))
        #expect(isClose([staged.varianceGradient, staged.squaredGradient], [-1 / r, -1 / (3 * r)]))
        #expect(isClose(staged.centeredGradientDirect, [0, -8 / r, 4 / r]))
        #expect(isClose(staged.centeredGradient, [8, -22, 2].map { $0 / (3 * r) }))
        #expect(isClose([staged.meanGradient], [12 / (3 * r)]))
        #expect(isClose(staged.inputGradient, [12, -18, 6].map { $0 / (3 * r) }))
        let jacobian = NormalizationJacobian(unit)
        for (k, row) in [[4.0, -6, 2], [-6, 9, -3], [2, -3, 1]].enumerated() {
            #expect(isClose((0..<3).map { jacobian[k, $0] }, row.map { $0 / (14 * r) }))
        }
        #expect(isClose((0..<3).map(jacobian.inputGradient), [4, -6, 2].map { $0 / r }))
    }
}
