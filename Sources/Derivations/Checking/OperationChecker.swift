import Support

/// Computes an operation again in float64, beside what the student has.
///
/// `truth` are the right values; `own` those that the student has, and where the file lacks one, what follows from the
/// ones before it. An array that is not right but follows from the student's own earlier ones has no mistake itself.
struct OperationChecker {
    private let operation: CheckedOperation
    private let resolved: SavedArrays.Resolved
    private let shapes: ArrayShapes
    private var truth: Values
    private var own: Values
    /// The right values with everything rounded on the way, up or down.
    private var rounded: [Values]
    private let unit: Double
    private let tolerance: Double
    /// Where the difference of an array that is not right entered.
    private var origins: [String: Finding.Origin] = [:]
    /// The student's arrays that have the right shape.
    private let saved: [String: Grid]
    private var findings: [Finding] = []
    private var notes: [String]

    /// - Parameter tolerance: nil for that of the type of the numbers.
    init(
        _ operation: CheckedOperation, _ resolved: SavedArrays.Resolved, tolerance: Double?
    ) throws(Failure) {
        var shapes = ArrayShapes(), notes: [String] = []
        var inputs = try operation.inputValues(resolved, &shapes, &notes)
        var saved: [String: Grid] = [:]
        for quantity in operation.quantities {
            guard let array = resolved.arrays[quantity.name]?.array, shapes.matches(array.shape, quantity.shape) else {
                continue
            }
            saved[quantity.name] = shapes.grid(array.values, array.shape, quantity.shape)
        }
        operation.prepare(&inputs, saved)
        let types = resolved.arrays.values.filter { !$0.array.shape.isEmpty }.map(\.array.type)
        let precision = types.compactMap { Precision(type: $0) }.max() ?? .double
        self.operation = operation
        self.resolved = resolved
        self.shapes = shapes
        self.saved = saved
        self.notes = notes
        unit = precision.unit
        self.tolerance = tolerance ?? precision.tolerance
        truth = inputs
        own = inputs
        rounded = [inputs, inputs]
        for pattern in rounded.indices {
            for input in operation.inputs where input.classesOf == nil && !input.shape.isEmpty {
                rounded[pattern].grids[input.name] = inputs.grids[input.name].map { round($0, pattern) }
            }
        }
    }

    func check(group: String) -> OperationCheck {
        var checker = self
        for index in operation.quantities.indices { checker.check(quantityAt: index) }
        return OperationCheck(
            operation: operation, group: group, findings: checker.findings, notes: checker.notes,
            unknownCount: resolved.unknown.count)
    }

    /// Each value changed by one unit of rounding, some up and some down.
    private func round(_ grid: Grid, _ pattern: Int) -> Grid {
        var result = grid
        for index in result.values.indices {
            let isUp = (index &* 2_654_435_761 >> 7 &+ pattern) & 1 == 0
            result.values[index] *= isUp ? 1 + unit : 1 - unit
        }
        return result
    }

    private mutating func check(quantityAt index: Int) {
        let quantity = operation.quantities[index], name = quantity.name
        guard let right = value(of: quantity, in: truth) else {
            if let (label, array) = resolved.arrays[name] {
                var finding = Finding(
                    name: label, quantity: name, equation: quantity.equation, shape: array.shape, verdict: .unchecked)
                finding.explanation = missing(for: quantity)
                findings.append(finding)
            }
            return
        }
        truth.grids[name] = right
        for pattern in rounded.indices {
            rounded[pattern].grids[name] = value(of: quantity, in: rounded[pattern]).map { round($0, pattern) }
        }
        let expected = value(of: quantity, in: own) ?? right
        guard let (label, array) = resolved.arrays[name] else {
            own.grids[name] = expected
            origins[name] = quantity.sources.compactMap { origins[$0] }.first
            return
        }
        var finding = Finding(name: label, quantity: name, equation: quantity.equation, shape: array.shape)
        if let grid = saved[name] {
            own.grids[name] = grid
            compare(grid, quantity, index, right: right, expected: expected, into: &finding)
        } else {
            explainShape(array, quantity, index, expected: expected, into: &finding)
        }
        findings.append(finding)
    }

    private func value(of quantity: Quantity, in values: Values) -> Grid? {
        quantity.sources.allSatisfy { values.grids[$0] != nil } ? quantity.formula(values) : nil
    }

    /// What is missing of which an array is made.
    private func missing(for quantity: Quantity) -> String {
        let sources = operation.allSources(of: quantity).filter { source in
            truth.grids[source] == nil && operation.quantity(source) == nil
        }
        let names = sources.sorted().map { $0 == "kept" ? "mask, out or seed" : $0 }
        return "cannot be computed without " + names.joined(separator: " and ")
    }

    /// What rounding may have changed of an array.
    private func agreement(for name: String) -> Agreement {
        let right = truth[name].values
        var slack = 0.0
        for values in rounded {
            for (x, y) in zip(values.grids[name]?.values ?? [], right) where (x - y).isFinite {
                slack = max(slack, abs(x - y))
            }
        }
        return Agreement(tolerance: tolerance, slack: 8 * slack)
    }

    private mutating func compare(
        _ grid: Grid, _ quantity: Quantity, _ index: Int, right: Grid, expected: Grid, into finding: inout Finding
    ) {
        let name = quantity.name, agreement = agreement(for: name)
        finding.relativeError = Agreement.relativeError(grid.values, right.values)
        guard !agreement.holds(grid, right) else { return }

        // It may stand for something else, or be right for what came before it.
        if let variant = quantity.variants.first(where: { $0.formula(own).map { agreement.holds(grid, $0) } == true }) {
            finding.explanation = variant.explanation
            finding.relativeError = variant.formula(own).map { Agreement.relativeError(grid.values, $0.values) }
            notes.append("\(finding.name) \(variant.explanation), which is taken for what it is")
            own.grids[name] = expected
            origins[name] = quantity.sources.compactMap { origins[$0] }.first
            return
        }
        let routes = [Quantity.Route(sources: quantity.sources, formula: quantity.formula)] + quantity.routes
        for route in routes {
            guard let origin = route.sources.compactMap({ origins[$0] }).first,
                route.sources.allSatisfy({ own.grids[$0] != nil }), agreement.holds(grid, route.formula(own))
            else { continue }
            finding.verdict = .follows
            finding.origin = origin
            finding.explanation = "right for the \(origin.quantity) that you have"
            origins[name] = origin
            return
        }

        finding.verdict = .wrong
        finding.origin = Finding.Origin(quantity: name, equation: quantity.equation)
        let copy = self
        let search = MistakeSearch(
            operation: operation, index: index, own: own, truth: truth, saved: saved,
            agreed: Set(findings.filter { $0.verdict == .ok }.map(\.quantity)), resolved: resolved,
            rightError: finding.relativeError ?? .nan, agreement: copy.agreement)
        if let found = search.explain(grid) {
            finding.mistake = found.name
            finding.explanation = found.explanation
            if let hidden = found.hidden {
                finding.origin = hidden.origin
                for (name, grid) in hidden.values {
                    own.grids[name] = grid
                    origins[name] = hidden.origin
                }
            }
        } else {
            finding.explanation = search.describe(grid, right: expected)
        }
        origins[name] = finding.origin
    }

    private mutating func explainShape(
        _ array: ShapedArray, _ quantity: Quantity, _ index: Int, expected right: Grid, into finding: inout Finding
    ) {
        own.grids[quantity.name] = right
        origins[quantity.name] = quantity.sources.compactMap { origins[$0] }.first
        finding.verdict = .wrong
        finding.origin = Finding.Origin(quantity: quantity.name, equation: quantity.equation)
        let expected = shapes.expected(quantity.shape) ?? []
        let shape = "the shape is \(pythonShape(array.shape)); expected \(pythonShape(expected))"
        let copy = self
        let search = MistakeSearch(
            operation: operation, index: index, own: own, truth: truth, saved: saved, agreed: [], resolved: resolved,
            rightError: .infinity, agreement: copy.agreement)
        if let origin = origins[quantity.name], search.isSame(array, right) {
            finding.verdict = .follows
            finding.origin = origin
            finding.explanation = "\(shape); right for the \(origin.quantity) that you have"
        } else if let found = search.explain(array) {
            finding.mistake = found.name
            finding.explanation = "\(shape): \(found.explanation)"
            // NumPy goes on with what it can repeat along the other arrays.
            if found.value.repeats(along: right) {
                own.grids[quantity.name] = found.value
                origins[quantity.name] = finding.origin
            }
        } else {
            finding.explanation = shape
        }
    }
}
