/// A computation of the course whose arrays `bnexp check` computes again: a layer, a loss or an update rule.
package struct CheckedOperation: Sendable {
    /// As `--operation` and the names of groups have it: the function's in the course.
    package let name: String
    /// Which of the ways it is computed in `mode` must say, `train` or `test`; nil where there is one way.
    package let mode: String?
    /// In a few words, for lists.
    package let summary: String
    package let inputs: [Input]
    /// In the order in which they are computed.
    package let quantities: [Quantity]
    /// Makes the arrays that a student begins with, as the cell of the notebook does.
    let template: @Sendable (inout NotebookArrays) -> Void
    /// Adds arrays that follow from the inputs and from what the student saved, such as which values dropout kept.
    let prepare: @Sendable (inout Values, _ saved: [String: Grid]) -> Void

    init(
        _ name: String, mode: String? = nil, _ summary: String, inputs: [Input], _ quantities: [Quantity],
        prepare: @escaping @Sendable (inout Values, _ saved: [String: Grid]) -> Void = { _, _ in },
        template: @escaping @Sendable (inout NotebookArrays) -> Void
    ) {
        self.name = name
        self.mode = mode
        self.summary = summary
        self.inputs = inputs
        self.quantities = quantities
        self.prepare = prepare
        self.template = template
    }

    /// The name with the mode, where there are several: `batchnorm (test)`.
    package var title: String { mode == "test" ? "\(name) (test)" : name }

    package static let all: [CheckedOperation] = [
        .affine, .reLU, .affineReLU, .batchNormalization, .batchNormalizationTest, .affineBatchNormalizationReLU,
        .layerNormalization, .dropout, .dropoutTest, .softmax, .hinge, .sgd, .momentum, .rmsProp, .adam,
    ]

    /// The names that `--operation` takes.
    package static let names: [String] = all.reduce(into: []) { if !$0.contains($1.name) { $0.append($1.name) } }

    /// The quantity of a name; nil if the name is an input's.
    func quantity(_ name: String) -> Quantity? { quantities.first { $0.name == name } }
}
