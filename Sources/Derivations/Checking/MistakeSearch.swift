import Foundation

/// Looks for the mistake that an array which differs shows: a formula that gives what the student has.
struct MistakeSearch {
    /// What explains an array.
    struct Found {
        let name: String
        let explanation: String
        /// What the array becomes by it.
        var value: Grid
        /// Where the mistake was made in an array before this one, which the file lacks; with what that array and those
        /// after it become.
        var hidden: (origin: Finding.Origin, values: [String: Grid])?
    }

    let operation: CheckedOperation
    /// The place of the array in the order of the computation.
    let index: Int
    let own: Values
    let truth: Values
    let saved: [String: Grid]
    /// The arrays before this one that are right.
    let agreed: Set<String>
    let resolved: SavedArrays.Resolved
    /// The relative error against the right array, from which a mistake's must be far.
    let rightError: Double
    let agreement: (String) -> Agreement

    private var quantity: Quantity { operation.quantities[index] }

    /// Explains an array of the right shape.
    func explain(_ grid: Grid) -> Found? {
        let agreement = agreement(quantity.name)
        return firstCandidate { candidate in
            guard agreement.holds(grid, candidate) else { return false }
            let error = Agreement.relativeError(grid.values, candidate.values)
            return rightError.isNaN || error <= rightError / 10
        }
    }

    /// Explains an array of another shape, by candidates that have that shape.
    func explain(_ array: ShapedArray) -> Found? { firstCandidate { isSame(array, $0) } }

    /// Whether an array of any shape has the values of another, but for dimensions of one element.
    func isSame(_ array: ShapedArray, _ grid: Grid) -> Bool {
        [grid.rows, grid.columns].filter { $0 != 1 } == array.shape.filter { $0 != 1 }
            && agreement(quantity.name).holds(
                Grid(rows: grid.rows, columns: grid.columns, array.values), grid)
    }

    private func firstCandidate(_ fits: (Grid) -> Bool) -> Found? {
        for values in [own, truth] {
            for mistake in quantity.mistakes {
                guard let value = mistake.formula(values), fits(value) else { continue }
                return Found(name: mistake.name, explanation: mistake.explanation, value: value)
            }
        }
        if let found = mistakeBefore(fits, hiddenOnly: true) ?? general(fits) { return found }
        return mistakeBefore(fits, hiddenOnly: false) ?? otherEpsilon(fits)
    }

    /// The places of the arrays that this one is made of, the nearest first.
    private func ancestors(hiddenOnly: Bool) -> [Int] {
        var found: Set<Int> = []
        func visit(_ quantity: Quantity) {
            for source in quantity.sources + quantity.routes.flatMap(\.sources) {
                guard let place = operation.quantities.firstIndex(where: { $0.name == source }), place < index,
                    !hiddenOnly || saved[source] == nil, found.insert(place).inserted
                else { continue }
                visit(operation.quantities[place])
            }
        }
        visit(quantity)
        return found.sorted(by: >)
    }

    /// Mistakes in an array before this one, as they come through to it.
    private func mistakeBefore(_ fits: (Grid) -> Bool, hiddenOnly: Bool) -> Found? {
        for place in ancestors(hiddenOnly: hiddenOnly) {
            let earlier = operation.quantities[place]
            for mistake in earlier.mistakes {
                guard let changed = mistake.formula(own) else { continue }
                let (values, recomputed) = propagate(changed, of: mistake, at: place, keepsSaved: hiddenOnly)
                guard let value = ways(values).first(where: fits) else { continue }
                guard hiddenOnly, isConsistent(mistake, changed, at: place) else {
                    return Found(
                        name: mistake.name,
                        explanation:
                            "\(mistake.explanation), in \(earlier.name) \(earlier.equation) as it is used here",
                        value: value)
                }
                let origin = Finding.Origin(quantity: earlier.name, equation: earlier.equation, isHidden: true)
                return Found(
                    name: mistake.name, explanation: mistake.explanation, value: value,
                    hidden: (origin, recomputed))
            }
        }
        return nil
    }

    /// This array by each of its routes.
    private func ways(_ values: Values) -> [Grid] {
        let others = quantity.routes.filter { $0.sources.allSatisfy { values.grids[$0] != nil } }
        return [quantity.formula(values)] + others.map { $0.formula(values) }
    }

    /// What the arrays up to this one become of a changed one.
    private func propagate(
        _ changed: Grid, of mistake: Mistake, at place: Int, keepsSaved: Bool
    ) -> (values: Values, recomputed: [String: Grid]) {
        let name = operation.quantities[place].name
        var values = own, recomputed = [name: changed]
        values.grids[name] = changed
        for later in operation.quantities[(place + 1)..<index] {
            guard !keepsSaved || saved[later.name] == nil, later.sources.allSatisfy({ values.grids[$0] != nil }) else {
                continue
            }
            let grid = mistake.also[later.name]?(values) ?? later.formula(values)
            values.grids[later.name] = grid
            recomputed[later.name] = grid
        }
        return (values, recomputed)
    }

    /// Whether the arrays that are right would be so with the mistake too: else it was made on the way to this one
    /// only.
    private func isConsistent(_ mistake: Mistake, _ changed: Grid, at place: Int) -> Bool {
        let values = propagate(changed, of: mistake, at: place, keepsSaved: false).values
        return agreed.allSatisfy { name in
            guard let grid = saved[name], let other = values.grids[name] else { return true }
            return agreement(name).holds(grid, other)
        }
    }

    /// Mistakes that any array may have.
    private func general(_ fits: (Grid) -> Bool) -> Found? {
        let right = quantity.formula(own)
        func found(_ name: String, _ explanation: String, _ candidate: Grid) -> Found? {
            fits(candidate) ? Found(name: name, explanation: explanation, value: candidate) : nil
        }
        if let found = found("all_zero", "it is 0 throughout: nothing was assigned", right.filled(with: 0))
            ?? found("sign", "the sign is wrong", -right)
        {
            return found
        }
        if right.rows > 1, right.columns > 1,
            let found = found("transposed", "it is transposed", right.transposed)
        {
            return found
        }
        if resolved.arrays[quantity.name]?.array.isInteger == true,
            let found = found(
                "integers",
                "it has been stored in an array of integers, as numpy.zeros_like makes for an input of integers",
                right.map { $0.rounded(.towardZero) })
        {
            return found
        }
        guard let x = own.grids[operation.inputs[0].name] else { return nil }
        let rows = Double(x.rows), columns = Double(x.columns)
        for (name, words, factor) in [
            ("times_n", "it is N = \(x.rows) times too large", rows),
            ("divided_by_n", "it is divided by N = \(x.rows)", 1 / rows),
            ("doubled", "it is twice too large", 2), ("halved", "it is half of what it should be", 0.5),
            ("times_d", "it is \(x.columns) times too large, the number of columns", columns),
            ("divided_by_d", "it is divided by \(x.columns), the number of columns", 1 / columns),
            ("unbiased_factor", "it is N/(N - 1) times too large", rows / (rows - 1)),
            ("unbiased_factor", "it is (N - 1)/N times too small", (rows - 1) / rows),
        ] where factor.isFinite && factor != 1 && factor != 0 {
            if let found = found(name, words, Grid(factor) * right) { return found }
        }
        for input in operation.inputs where !input.shape.isEmpty {
            guard let grid = own.grids[input.name], grid.hasShape(of: right),
                let found = found("unchanged", "it is \(input.name) itself", grid)
            else { continue }
            return found
        }
        let all = completed(truth)
        for other in operation.quantities where other.name != quantity.name {
            guard let grid = all.grids[other.name], grid.hasShape(of: right),
                let found = found("other_array", "it is \(other.name) \(other.equation)", grid)
            else { continue }
            return found
        }
        return nil
    }

    /// Another of the epsilons that are usual.
    private func otherEpsilon(_ fits: (Grid) -> Bool) -> Found? {
        guard let epsilon = truth.grids["eps"] else { return nil }
        for other in [1e-3, 1e-5, 1e-6, 1e-8, 1e-12] where other != epsilon[0, 0] {
            var inputs = Values(grids: truth.grids.filter { operation.quantity($0.key) == nil })
            inputs.grids["eps"] = Grid(other)
            guard let grid = completed(inputs).grids[quantity.name], fits(grid) else { continue }
            return Found(
                name: "other_epsilon", explanation: "epsilon is \(other) in it; eps is \(epsilon[0, 0]) here",
                value: grid)
        }
        return nil
    }

    /// Values with all arrays that can be computed of them.
    private func completed(_ values: Values) -> Values {
        var values = values
        for quantity in operation.quantities where values.grids[quantity.name] == nil {
            guard quantity.sources.allSatisfy({ values.grids[$0] != nil }) else { continue }
            values.grids[quantity.name] = quantity.formula(values)
        }
        return values
    }

    /// Says of an array that no mistake explains what can be seen of it.
    func describe(_ grid: Grid, right: Grid) -> String {
        let values = grid.values, wrong = values.indices.filter { !values[$0].isFinite }
        if let first = wrong.first, right.values.allSatisfy(\.isFinite) {
            return "not recognized: \(wrong.count) of \(values.count) values are not finite, the first at "
                + pythonIndex(first, in: [grid.rows, grid.columns])
        }
        let ratios = zip(values, right.values).filter { $1 != 0 }.map { $0 / $1 }.sorted()
        if values.count > 2, let least = ratios.first, let most = ratios.last, most - least < 1e-6 * abs(most) {
            return
                "not recognized: every element is \(String(format: "%.7g", ratios[ratios.count / 2])) times the right one"
        }
        let agreement = agreement(quantity.name)
        func agrees(_ i: Int, _ j: Int) -> Bool { agreement.holds(Grid(grid[i, j]), Grid(right[i, j])) }
        let columns = (0..<grid.columns).filter { j in !(0..<grid.rows).allSatisfy { agrees($0, j) } }
        let rows = (0..<grid.rows).filter { i in !(0..<grid.columns).allSatisfy { agrees(i, $0) } }
        func few(_ places: [Int], of count: Int, _ word: String) -> String? {
            places.count < count && places.count <= 3
                ? "not recognized: only \(word) \(places.map(String.init).joined(separator: ", ")) differ" : nil
        }
        return few(rows, of: grid.rows, "rows") ?? few(columns, of: grid.columns, "columns") ?? "not recognized"
    }
}
