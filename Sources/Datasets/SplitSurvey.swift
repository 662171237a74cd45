/// What the values of a split tell of how to train on it.
package struct SplitSurvey: Equatable, Sendable {
    /// What inputs look like.
    package enum Inputs: Equatable, Sendable {
        /// Brightness from 0 to 255, in a type whose largest value that is or not.
        case pixels(isByte: Bool)
        /// Numbers from 0 to 1.
        case unitInterval
        /// Any other numbers.
        case numbers
    }
    /// What targets look like.
    package enum Targets: Equatable, Sendable {
        /// One class a row: names, booleans, a few whole numbers, or one-hot rows.
        case classes(Int)
        /// N x K of 0 and 1, not one 1 in each row.
        case severalClasses(Int)
        /// K values a row, with the root of their mean square.
        case values(Int, magnitude: Double)
    }

    package let rowCount: Int
    /// The shape of an example.
    package let shape: [Int]
    package let featureCount: Int
    package let typeName: String
    package let inputs: Inputs
    package let targets: Targets

    /// Reads all targets, and the inputs of the first rows, 64 MB of them.
    ///
    /// - Throws: an error also if one of these is not finite.
    package init(_ split: SplitOnDisk) throws(DataError) {
        let found = split.inputs.found
        rowCount = split.rowCount
        shape = found.rowShape
        featureCount = found.featureCount
        typeName = found.elementType.name
        let rows = RowSet.range(0..<split.rowCount)
        targets = try SplitSurvey.survey(RawTargets(split.targets, rows: rows))
        let first = rows.first(split.inputs.rowCount(ofBytes: 1 << 26))
        inputs = try SplitSurvey.survey(Examples(split.inputs.read(first).values, first, of: found))
    }

    private static func survey(_ inputs: Examples) throws(DataError) -> Inputs {
        let rows = RowSet.range(0..<inputs.rowCount)
        guard !rows.isEmpty, inputs.featureCount > 0 else { return .numbers }
        try inputs.requireFinite(rows)
        var least = Double.infinity, greatest = -Double.infinity, areWhole = true
        try inputs.forEachRow(rows) { _, values in
            for value in values {
                least = min(least, value)
                greatest = max(greatest, value)
                areWhole = areWhole && value == value.rounded()
            }
        }
        if least >= 0 && greatest <= 1 { return .unitInterval }
        let mayBePixels = inputs.featureCount >= 64 && areWhole && least >= 0 && (128...255).contains(greatest)
        return mayBePixels ? .pixels(isByte: inputs.elementType == .uint8) : .numbers
    }

    private static func survey(_ targets: RawTargets) throws(DataError) -> Targets {
        switch targets.content {
        case .names(_, let codes):
            guard codes.featureCount == 1 else { return .classes(codes.featureCount) }
            return .classes(try DistinctNumbers(codes).numbers.count)
        case .numbers(let values, let names) where values.featureCount == 1:
            let distinct = try DistinctNumbers(values).numbers
            let areClasses = !names.isEmpty || values.elementType == .boolean || areLabels(distinct, values.rowCount)
            return areClasses ? .classes(distinct.count) : try magnitude(of: values)
        case .numbers(let values, _):
            var areZeroOrOne = true, haveOneEach = true, areShares = !values.elementType.isInteger
            try values.forEachRow(.range(0..<values.rowCount)) { _, row in
                areZeroOrOne = areZeroOrOne && row.allSatisfy { $0 == 0 || $0 == 1 }
                haveOneEach = haveOneEach && row.count { $0 == 1 } == 1
                areShares = areShares && row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-3
            }
            if areZeroOrOne {
                return haveOneEach ? .classes(values.featureCount) : .severalClasses(values.featureCount)
            }
            return areShares ? .classes(values.featureCount) : try magnitude(of: values)
        }
    }

    /// Whether numbers may be labels: whole ones, at most 1,000 different, each in five rows or more on average, that
    /// follow each other, or are few.
    private static func areLabels(_ distinct: [Double], _ rowCount: Int) -> Bool {
        guard let least = distinct.first, let greatest = distinct.last, distinct.allSatisfy({ $0 == $0.rounded() }),
            distinct.count <= 1000, distinct.count == 2 || rowCount / 5 >= distinct.count
        else { return false }
        return distinct.count <= 10 || greatest - least == Double(distinct.count - 1) && least >= 0 && least <= 1
    }

    private static func magnitude(of values: Examples) throws(DataError) -> Targets {
        var sum = 0.0
        try values.forEachRow(.range(0..<values.rowCount)) { _, row in
            for value in row { sum += value * value }
        }
        let count = Double(max(1, values.rowCount)) * Double(max(1, values.featureCount))
        return .values(values.featureCount, magnitude: (sum / count).squareRoot())
    }
}
