import Datasets

/// What becomes of each column of a table, as far as the values that were seen show it.
///
/// It is made of the first rows, and again of all rows; where both are equal, what was written by the first is right.
struct TablePlan: Equatable {
    enum Use: Equatable {
        case unused
        /// It is only looked at: what it becomes is not known, or nothing.
        case survey
        case number
        /// True and false, or yes and no, as 1 and 0.
        case boolean
        /// A feature for each of these texts, 1 where a row has it and 0 elsewhere.
        case oneHot([[UInt8]])
        /// The names of classes, the only target.
        case names
    }

    /// The most texts that become features of their own.
    static let mostFeatures = 32
    /// The most distinct texts that are counted.
    static let mostTexts = 10_000
    /// The most names of classes.
    static let mostNames = 1 << 16

    let uses: [Use]
    /// The first feature, or the number of the target, that each column becomes.
    let places: [Int]
    let featureCount: Int
    let inputType: ElementType
    let targetType: ElementType

    /// Whether what every column becomes is known.
    var isWritable: Bool { !uses.contains(.survey) }

    /// The plan that only looks.
    init(surveying columns: TableColumns) {
        uses = columns.roles.map { $0 == .unused ? .unused : .survey }
        places = columns.roles.map { _ in 0 }
        (featureCount, inputType, targetType) = (0, .uint8, .uint8)
    }

    /// - Parameter fillsMissing: whether missing inputs are filled, for which they must be of a floating type.
    init(_ columns: TableColumns, _ facts: [ColumnFacts], fillsMissing: Bool) {
        uses = columns.roles.indices.map { column in
            let role = columns.roles[column], facts = facts[column]
            let kinds = facts.kinds.subtracting(.infinity)
            if role == .unused { return .unused }
            if columns.categorical.contains(column) {
                if role != .input { return .names }
            } else {
                if kinds.isEmpty || kinds == .number { return .number }
                if role != .input, columns.targets.count == 1 { return .names }
                if kinds == .trueFalse || kinds == .yesNo { return .boolean }
            }
            guard role == .input, let texts = facts.texts, !texts.isOver, texts.count <= TablePlan.mostFeatures else {
                return .survey
            }
            return .oneHot((0..<texts.count).map { Array(texts[$0]) }.sorted { $0.lexicographicallyPrecedes($1) })
        }
        var places = [Int](repeating: 0, count: uses.count), featureCount = 0
        for column in columns.inputs {
            places[column] = featureCount
            if case .oneHot(let texts) = uses[column] { featureCount += texts.count } else { featureCount += 1 }
        }
        for (number, column) in columns.targets.enumerated() { places[column] = number }
        self.places = places
        self.featureCount = featureCount
        let hasGaps = fillsMissing && columns.inputs.contains { facts[$0].missingCount > 0 }
        inputType = elementType(columns.inputs.map { [uses] in (facts[$0], uses[$0]) }, mayBeWhole: !hasGaps, widest: 4)
        targetType = elementType(columns.targets.map { [uses] in (facts[$0], uses[$0]) }, mayBeWhole: true, widest: 8)
    }

    /// What is known of a column before any value of it is seen.
    func emptyFacts(_ column: Int, _ role: TableColumns.Role) -> ColumnFacts {
        switch uses[column] {
        case .unused, .number, .boolean: return ColumnFacts(collecting: nil)
        case .survey:
            return ColumnFacts(
                collecting: TextTable(limit: role == .input ? TablePlan.mostTexts : TablePlan.mostNames))
        case .names: return ColumnFacts(collecting: TextTable(limit: TablePlan.mostNames))
        case .oneHot(let texts):
            // Then the number of a text is that of its feature.
            var table = TextTable(limit: TablePlan.mostTexts)
            for text in texts { text.withUnsafeBufferPointer { _ = table.number(of: $0) } }
            return ColumnFacts(collecting: table)
        }
    }
}

/// The smallest type that has all values: of integers, if all are written as such, or else float32 or float64.
///
/// Integers that float64 would round have a type of 64 bits.
/// - Parameter widest: the bytes of the widest integers that float64 has all of.
private func elementType(
    _ columns: [(facts: ColumnFacts, use: TablePlan.Use)], mayBeWhole: Bool, widest: Int
) -> ElementType {
    // Values that are no numbers become 0 and 1.
    let numbers = columns.filter { $0.use == .number }.map(\.facts)
    let minimum = numbers.map(\.minimum).reduce(0, min), maximum = numbers.map(\.maximum).reduce(0, max)
    if mayBeWhole, numbers.allSatisfy(\.isInteger) {
        let types = [1, 2, 4, 8].filter { $0 <= widest }.flatMap { byteCount in
            [ElementType(.unsigned, byteCount: byteCount), ElementType(.signed, byteCount: byteCount)]
        }
        // Unsigned integers of more than 16 bits are what few tools expect.
        let fitting = types.first { type in
            guard let largest = type.maximum, type.kind == .signed || type.byteCount <= 2 else { return false }
            return minimum >= (type.kind == .signed ? -largest - 1 : 0) && maximum <= largest
        }
        if let fitting { return fitting }
    } else if mayBeWhole, numbers.allSatisfy(\.isWhole) {
        if numbers.allSatisfy(\.fitsSigned) { return ElementType(.signed, byteCount: 8) }
        if minimum >= 0, numbers.allSatisfy(\.fitsUnsigned) { return ElementType(.unsigned, byteCount: 8) }
    }
    return numbers.allSatisfy(\.fitsSingle) ? .float32 : .float64
}
