import Support

extension CheckedOperation {
    /// The names of the mistakes that are known of the operation, each with the array in which it is made.
    package var knownMistakes: [(quantity: String, equation: String, mistake: Mistake)] {
        quantities.flatMap { quantity in quantity.mistakes.map { (quantity.name, quantity.equation, $0) } }
    }

    /// What a student would have, who makes one mistake or none.
    ///
    /// - Parameter mistake: the place in `knownMistakes`; nil for right results.
    /// - Returns: the arrays that are computed, in their order, all of them; nil where the mistake does not apply to
    ///   the inputs.
    package func results(of inputs: [(name: String, array: ShapedArray)], making mistake: Int? = nil) throws(Failure)
        -> [(name: String, array: ShapedArray)]?
    {
        let saved = SavedArrays(arrays: inputs)
        var shapes = ArrayShapes(), notes: [String] = [], place = 0
        var values = try inputValues(saved.resolved(for: self), &shapes, &notes)
        prepare(&values, [:])
        var changes: [String: @Sendable (Values) -> Grid] = [:], results: [(name: String, array: ShapedArray)] = []
        for quantity in quantities where quantity.sources.allSatisfy({ values.grids[$0] != nil }) {
            var grid = changes[quantity.name]?(values) ?? quantity.formula(values)
            if let mistake, (place..<place + quantity.mistakes.count).contains(mistake) {
                let made = quantity.mistakes[mistake - place]
                guard let wrong = made.formula(values) else { return nil }
                grid = wrong
                changes = made.also
            }
            place += quantity.mistakes.count
            values.grids[quantity.name] = grid
            let expected = shapes.expected(quantity.shape) ?? []
            let hasLength = expected.reduce(1, *) == grid.values.count
            let isFolded = grid.rows == (expected.first ?? 1)
            results.append(
                (
                    quantity.name,
                    ShapedArray(
                        shape: hasLength && (expected.count < 2 || isFolded) ? expected : [grid.rows, grid.columns],
                        values: grid.values)
                ))
        }
        return results
    }
}
