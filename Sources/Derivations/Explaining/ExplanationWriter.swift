import NeuralNetwork
import Support

/// Puts the numbers of one unit into the equations of docs/batch-norm-gradient.md, section by section.
///
/// Formulas are written as the document writes them, with its numbers; j is the unit. The files beside this one have
/// the sections.
struct ExplanationWriter {
    let layer: ExplainedLayer
    /// The rows that are shown; sums are over all.
    let shownCount: Int
    let staged: StagedGraph
    let paper: PaperGradient
    let alternative: AlternativeGradient
    let jacobian: NormalizationJacobian
    /// dL/dh by way of the Jacobian, of the rows shown or, where there are few, of all.
    let jacobianGradient: [Double]
    /// Numeric derivatives of the rows shown.
    let numericGradient: [Double?]

    var unit: BatchNormalizedUnit { layer.unit }
    var rowCount: Int { layer.rowCount }
    /// N as it stands in formulas.
    var count: Double { Double(layer.rowCount) }

    init(_ layer: ExplainedLayer, rows: Int) {
        self.layer = layer
        shownCount = min(rows, layer.rowCount)
        staged = StagedGraph(layer.unit)
        paper = PaperGradient(layer.unit)
        alternative = AlternativeGradient(layer.unit)
        let jacobian = NormalizationJacobian(layer.unit), numeric = NumericGradient(layer.unit)
        self.jacobian = jacobian
        // N^2 products.
        let multiplied = layer.rowCount <= 2048 ? layer.rowCount : shownCount
        jacobianGradient = (0..<multiplied).map(jacobian.inputGradient)
        numericGradient = (0..<shownCount).map(numeric.input)
    }

    /// What is left out, if anything is.
    var leftOut: String? {
        guard shownCount < rowCount else { return nil }
        return "Shown are the first \(shownCount) of \(rowCount) rows; sums are over all. --rows shows more."
    }

    /// A table with a line for each row of the batch that is shown.
    func rowTable(_ columns: [Formula], _ cells: (Int) -> [FormulaTable.Cell]) -> Explanation.Part {
        .table(
            FormulaTable(
                columns: [#"\text{row}"#] + columns, rows: (0..<shownCount).map { [.count($0 + 1)] + cells($0) }))
    }

    func numbers(_ columns: [(Formula, [Double])]) -> Explanation.Part {
        rowTable(columns.map(\.0)) { row in columns.map { .number($0.1[row]) } }
    }
}

/// Explains one unit of a batch-normalized layer, equation by equation.
///
/// - Parameters:
///   - rows: how many rows of the batch are shown.
///   - fault: a mistake in the backward pass, whose numbers are set beside the right ones.
package func explain(
    _ layer: ExplainedLayer, title: String, introduction: [String], rows: Int, fault: Fault? = nil
) -> Explanation {
    let writer = ExplanationWriter(layer, rows: rows)
    let wrong = fault.map { FaultyGradient($0, layer) }
    var numbers = writer.json()
    if let wrong { numbers["fault"] = writer.json(of: wrong) }
    return Explanation(
        title: title, introduction: introduction,
        sections: writer.forwardSections + writer.backwardSections + writer.jacobianSections + writer.stagedSections
            + writer.paperSections + writer.linearSections + writer.comparisonSections
            + (wrong.map(writer.faultSections) ?? []),
        numbers: numbers)
}
