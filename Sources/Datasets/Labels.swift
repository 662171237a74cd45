import Foundation

/// The classes of N examples, counted from 0.
package struct Labels: Sendable {
    package let classes: ClassNumbers
    package let classCount: Int
    /// How many classes have a row, of all rows that were read.
    package let presentClassCount: Int
    /// What the data call each class; empty where labels are numbers of more classes than have names recorded.
    package let names: [String]
    /// What the user should know of how labels became classes.
    package let note: String?
    /// How the labels of other splits become the same classes.
    private let scheme: Scheme

    private enum Scheme: Sendable {
        /// A label is the number of its class.
        case numbers
        case mapped([String: Int32])
    }

    /// Makes labels from classes in memory, all in 0 ..< classCount.
    package init(classes: [Int32], classCount: Int) {
        precondition(classes.allSatisfy { $0 >= 0 && $0 < classCount }, "classes must lie in 0 ..< \(classCount)")
        self.classes = ClassNumbers(classes, classCount: classCount)
        self.classCount = classCount
        presentClassCount = Set(classes).count
        names = numberNames(classCount)
        note = nil
        scheme = .numbers
    }

    /// The labels of some rows.
    func selecting(_ rows: RowSet) -> Labels { Labels(self, rows) }

    /// Labels of the same classes with others for the rows.
    func replacingClasses(_ classes: [Int32]) -> Labels {
        Labels(
            ClassNumbers(classes, classCount: classCount), names: names, count: classCount, scheme, note: note)
    }

    private init(_ all: Labels, _ rows: RowSet) {
        classes = ClassNumbers(rows.lazy.map { all.classes[$0] }, classCount: all.classCount)
        (classCount, presentClassCount) = (all.classCount, all.presentClassCount)
        (names, note, scheme) = (all.names, all.note, all.scheme)
    }

    /// What the data call a class.
    package func name(of number: Int) -> String { number < names.count ? names[number] : "\(number)" }

    private init(_ classes: ClassNumbers, names: [String], count: Int, _ scheme: Scheme, note: String? = nil) {
        self.classes = classes
        classCount = count
        presentClassCount = Set(classes).count
        self.names = names
        self.scheme = scheme
        self.note = note
    }

    /// Takes whole numbers (N or N x 1, of any integer or floating type), names (N), or one-hot rows (N x K).
    ///
    /// - Parameters:
    ///   - classCount: the number of classes that is expected; labels are then their numbers. If it is nil, the data
    ///     tell, and more than one class must occur in them.
    ///   - countName: what messages call the number of classes, such as a config key.
    ///   - training: the labels whose classes these must be.
    /// - Throws: an error that names the row and value at fault.
    package init(
        _ targets: RawTargets, _ mapping: ClassMapping = .automatic, classCount expected: Int? = nil,
        countName: String = "the number of classes", training: Labels? = nil
    ) throws(DataError) {
        switch targets.content {
        case .names(let strings, let codes):
            guard codes.featureCount == 1 else {
                throw targets.error(
                    "It is \(describe(shape: [codes.rowCount] + codes.shape)) names; expected one name a row "
                        + "(N or N x 1)."
                )
            }
            self = try Labels(targets, strings, codes, mapping, training)
        case .numbers(let values, let names) where values.featureCount == 1:
            self = try Labels(targets, values, names, mapping, classCount: expected, countName, training)
        case .numbers(let values, _) where values.shape.count == 1:
            let expected = training?.classCount ?? expected
            if let expected, values.featureCount != expected {
                throw targets.error(
                    "Its rows have \(values.featureCount) columns; expected \(expected), one for each class. "
                        + "Store all splits with the same columns.")
            }
            self.init(
                try hotColumns(values, of: targets), names: numberNames(values.featureCount),
                count: values.featureCount, .numbers)
            if expected == nil { try requireTwoClasses(targets) }
        case .numbers(let values, _):
            throw targets.error(
                "It is \(describe(shape: [values.rowCount] + values.shape)); expected classes (N or N x 1) or one-hot "
                    + "rows (N x K). Is this the dataset of the inputs?")
        }
    }

    private func requireTwoClasses(_ targets: RawTargets) throws(DataError) {
        guard classes.allSatisfy({ $0 == classes[0] }) else { return }
        throw targets.error(
            "Every row is of class \(name(of: Int(classes[0]))): there is nothing to learn. Expected two classes "
                + "or more."
        )
    }

    /// Numbers, one a row.
    private init(
        _ targets: RawTargets, _ column: Examples, _ valueNames: [Int: String], _ mapping: ClassMapping,
        classCount given: Int?, _ countName: String, _ training: Labels?
    ) throws(DataError) {
        let distinct = try DistinctNumbers(column)
        func name(_ number: Double) -> String {
            let whole = Int(number)
            return column.elementType == .boolean ? (whole == 0 ? "False" : "True") : valueNames[whole] ?? "\(whole)"
        }
        /// - Parameter classes: that of each different number.
        func classNumbers(_ classes: [Int32], count: Int) throws(DataError) -> ClassNumbers {
            try ClassNumbers(column, classCount: count) { classes[distinct.index(of: $0)] }
        }
        func known(_ map: [String: Int32]) throws(DataError) -> [Int32] {
            try requireWhole(distinct, of: targets, mayBeNegative: true)
            return try look(up: distinct.numbers.map(name), firstRows: distinct.firstRows, in: map, of: targets)
        }
        if let training, case .mapped(let map) = training.scheme {
            self.init(
                try classNumbers(known(map), count: training.classCount), names: training.names,
                count: training.classCount, training.scheme)
            return
        }
        if case .given(let map) = mapping {
            let names = try namesOfClasses(map, of: targets), map = map.mapValues { Int32($0) }
            self.init(
                try classNumbers(known(map), count: names.count), names: names, count: names.count, .mapped(map))
            try requireTwoClasses(targets)
            return
        }
        let expected = training?.classCount ?? given
        if expected == nil, mapping == .automatic {
            try requireWhole(distinct, of: targets, mayBeNegative: true)
            let count = distinct.numbers.count, names = distinct.numbers.map(name)
            guard count > 1 else {
                throw targets.error(
                    "Every row is of class \(names[0]): there is nothing to learn. Expected two classes or more.")
            }
            if distinct.numbers[0] != 0 || distinct.numbers.last != Double(count - 1) {
                self.init(
                    try classNumbers((0..<count).map { Int32($0) }, count: count), names: names, count: count,
                    .mapped(Dictionary(zip(names, (0...).lazy.map { Int32($0) }), uniquingKeysWith: { $1 })),
                    note:
                        "\(targets.place): its labels \(listed(names)) are the classes 0 to \(count - 1), in this "
                        + "order; data.class_map \"as_numbers\" or data.classes would take them as the numbers of "
                        + "classes"
                )
                return
            }
        }
        try requireWhole(distinct, of: targets, mayBeNegative: false)
        let classes = distinct.numbers.map { Int32($0) }, largest = classes.last ?? 0
        if let expected, largest >= expected {
            throw targets.error(
                "The largest class is \(largest); expected 0 to \(expected - 1), since there are \(expected) "
                    + "classes. Number the classes from 0; the training data must hold every class, or "
                    + "\(countName) must count them all.")
        }
        let count = expected ?? Int(largest) + 1
        let names = training?.names ?? (count > mostNames ? [] : (0..<count).map { name(Double($0)) })
        self.init(try classNumbers(classes, count: count), names: names, count: count, .numbers)
        if expected == nil { try requireTwoClasses(targets) }
    }

    /// Names, one a row.
    private init(
        _ targets: RawTargets, _ strings: [String], _ codes: Examples, _ mapping: ClassMapping, _ training: Labels?
    ) throws(DataError) {
        let distinct = try DistinctNumbers(codes), present = distinct.numbers.map { strings[Int($0)] }
        if let index = present.firstIndex(of: "") {
            throw targets.error(
                "Row \(distinct.firstRows[index]) (counted from 0) has an empty label. Leave it out, or name its class."
            )
        }
        func classNumbers(_ map: [String: Int32], count: Int) throws(DataError) -> ClassNumbers {
            let classes = try look(up: present, firstRows: distinct.firstRows, in: map, of: targets)
            return try ClassNumbers(codes, classCount: count) { classes[distinct.index(of: $0)] }
        }
        if let training {
            guard case .mapped(let map) = training.scheme else {
                throw targets.error(
                    "It holds names and the training targets hold numbers; store all targets in one type.")
            }
            self.init(
                try classNumbers(map, count: training.classCount), names: training.names, count: training.classCount,
                training.scheme)
            return
        }
        switch mapping {
        case .given(let map):
            let names = try namesOfClasses(map, of: targets), map = map.mapValues { Int32($0) }
            self.init(try classNumbers(map, count: names.count), names: names, count: names.count, .mapped(map))
        case .asNumbers:
            throw targets.error(
                "It holds names, which are no numbers of classes; leave out data.class_map, or give each name its "
                    + "class."
            )
        case .automatic:
            let names = sortedNames(Set(present))
            let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
            self.init(
                try classNumbers(order, count: names.count), names: names, count: names.count, .mapped(order),
                note:
                    "\(targets.place): its labels \(listed(names)) are the classes 0 to \(names.count - 1), in this "
                    + "order"
            )
        }
        try requireTwoClasses(targets)
    }
}

/// The names of the classes that a config gives to labels.
private func namesOfClasses(_ map: [String: Int], of targets: RawTargets) throws(DataError) -> [String] {
    let count = (map.values.max() ?? -1) + 1
    if let missing = (0...map.count).first(where: { $0 < count && !map.values.contains($0) }) {
        throw targets.error(
            "data.class_map has no label of class \(missing), and has one of class \(count - 1); expected every number "
                + "from 0 up.")
    }
    return (0..<count).map { number in
        map.filter { $0.value == number }.keys.sorted().joined(separator: " or ")
    }
}

/// More classes than any table of names is read for.
private let mostNames = 1 << 16

private func numberNames(_ count: Int) -> [String] { count > mostNames ? [] : (0..<count).map(String.init) }

/// Names in the order of their classes: numerically if all are numbers, else by their UTF-8 bytes.
package func sortedNames(_ names: Set<String>) -> [String] {
    let numbers = names.compactMap { name in Double(name).map { ($0, name) } }
    if numbers.count == names.count { return numbers.sorted { $0 < $1 }.map(\.1) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// The first names and the last, for messages.
private func listed(_ names: [String]) -> String {
    let shown = names.count <= 8 ? names : Array(names.prefix(4)) + ["..."] + Array(names.suffix(1))
    return shown.joined(separator: ", ")
}

/// The class of each label.
///
/// - Parameters:
///   - labels: different ones.
///   - firstRows: where each comes first.
private func look(
    up labels: [String], firstRows: [Int], in known: [String: Int32], of targets: RawTargets
) throws(DataError) -> [Int32] {
    if let unknown = labels.indices.filter({ known[labels[$0]] == nil }).min(by: { firstRows[$0] < firstRows[$1] }) {
        let names = known.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        throw targets.error(
            "Row \(firstRows[unknown]) (counted from 0) has the label \(labels[unknown]), which is none of "
                + "\(listed(names)), those of the training rows or of data.class_map. Leave such rows out, or name "
                + "every label in data.class_map.")
    }
    return labels.map { known[$0] ?? 0 }
}

/// Refuses numbers that are no classes.
///
/// - Parameter mayBeNegative: whether they are labels that need not be numbers of classes.
private func requireWhole(_ distinct: DistinctNumbers, of targets: RawTargets, mayBeNegative: Bool) throws(DataError) {
    func isWrong(_ value: Double) -> Bool {
        mayBeNegative
            ? value != value.rounded() || abs(value) > 0x1p53
            : Int32(exactly: value) == nil || value < 0 || value == Double(Int32.max)
    }
    let wrong = distinct.numbers.indices.filter { isWrong(distinct.numbers[$0]) }
    guard let first = wrong.min(by: { distinct.firstRows[$0] < distinct.firstRows[$1] }) else { return }
    let value = distinct.numbers[first]
    let shown = Int(exactly: value).map(String.init) ?? String(value)
    let problem =
        value != value.rounded() ? "is not a whole number" : value < 0 ? "is negative" : "is too large for a class"
    throw targets.error(
        "Row \(distinct.firstRows[first]) (counted from 0) holds \(shown), which \(problem); expected classes 0, 1, 2, "
            + "... For values to be approximated choose loss.kind mean_squared_error.")
}

/// Returns the column of the one in each row.
private func hotColumns(_ rows: Examples, of targets: RawTargets) throws(DataError) -> ClassNumbers {
    var bad: (row: Int, hasShares: Bool)?, badSum: Int?
    let classes = try ClassNumbers(rows, classCount: rows.featureCount) { row, values in
        if badSum == nil, abs(values.reduce(0, +) - 1) >= 1e-3 { badSum = row }
        guard let hot = values.firstIndex(of: 1), values.allSatisfy({ $0 == 0 || $0 == 1 }), values.reduce(0, +) == 1
        else {
            if bad == nil { bad = (row, values.contains { $0 > 0 && $0 < 1 }) }
            return 0
        }
        return Int32(hot)
    }
    guard let bad else { return classes }
    throw targets.error(
        "Row \(bad.row) (counted from 0) is not one-hot: expected one 1 and \(rows.featureCount - 1) zeros. "
            + (bad.hasShares
                ? "Rows of probabilities are for loss.kind softmax_cross_entropy, and each must have the sum 1"
                    + "\(badSum.map { ", unlike row \($0)" } ?? "")."
                : "Store classes as N whole numbers, or correct the row; several labels in a row are for loss.kind "
                    + "sigmoid_cross_entropy."))
}
