import Foundation

/// The classes of N examples, counted from 0.
package struct Labels: Sendable {
    package let classes: [Int32]
    package let classCount: Int
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
        self.classes = classes
        self.classCount = classCount
        names = numberNames(classCount)
        note = nil
        scheme = .numbers
    }

    /// What the data call a class.
    package func name(of number: Int) -> String { number < names.count ? names[number] : "\(number)" }

    private init(_ classes: [Int32], names: [String], count: Int? = nil, _ scheme: Scheme, note: String? = nil) {
        self.classes = classes
        classCount = count ?? names.count
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
            self = try Labels(targets, strings, codes, mapping, training)
        case .numbers(let values, let names) where values.featureCount == 1:
            self = try Labels(
                targets, numbers(values), names, values.elementType, mapping, classCount: expected, countName, training)
        case .numbers(let values, _) where values.shape.count == 1:
            let expected = training?.classCount ?? expected
            let classes = try hotColumns(numbers(values), width: values.featureCount, of: targets)
            if let expected, values.featureCount != expected {
                throw targets.error(
                    "Its rows have \(values.featureCount) columns; expected \(expected), one for each class. "
                        + "Store all splits with the same columns.")
            }
            self.init(classes, names: numberNames(values.featureCount), count: values.featureCount, .numbers)
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
            "Every row is of class \(name(of: Int(classes[0]))): there is nothing to learn. Expected two classes or more."
        )
    }

    /// Numbers, one a row.
    private init(
        _ targets: RawTargets, _ numbers: [Double], _ valueNames: [Int: String], _ type: ElementType,
        _ mapping: ClassMapping, classCount given: Int?, _ countName: String, _ training: Labels?
    ) throws(DataError) {
        func name(_ number: Double) -> String {
            let whole = Int(number)
            return type == .boolean ? (whole == 0 ? "False" : "True") : valueNames[whole] ?? "\(whole)"
        }
        if case .mapped(let known)? = training?.scheme, let training {
            try requireWhole(numbers, of: targets, mayBeNegative: true)
            self.init(
                try look(up: numbers.map(name), in: known, of: targets), names: training.names, training.scheme)
            return
        }
        if case .given(let map) = mapping {
            try requireWhole(numbers, of: targets, mayBeNegative: true)
            self = try Labels(targets, numbers.map(name), as: map)
            return
        }
        let expected = training?.classCount ?? given
        if expected == nil, mapping == .automatic {
            try requireWhole(numbers, of: targets, mayBeNegative: true)
            let distinct = Set(numbers).sorted()
            guard distinct.count > 1 else {
                throw targets.error(
                    "Every row is of class \(name(numbers[0])): there is nothing to learn. Expected two classes or more."
                )
            }
            if distinct[0] != 0 || distinct.last != Double(distinct.count - 1) {
                let order = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
                let names = distinct.map(name)
                self.init(
                    numbers.map { order[$0] ?? 0 }, names: names,
                    .mapped(Dictionary(zip(names, (0...).lazy.map { Int32($0) }), uniquingKeysWith: { $1 })),
                    note:
                        "\(targets.place): its labels \(listed(names)) are the classes 0 to \(names.count - 1), in this "
                        + "order; data.class_map \"as_numbers\" or data.classes would take them as the numbers of classes"
                )
                return
            }
        }
        try requireWhole(numbers, of: targets, mayBeNegative: false)
        let classes = numbers.map { Int32($0) }, largest = classes.reduce(0, max)
        if let expected, largest >= expected {
            throw targets.error(
                "The largest class is \(largest); expected 0 to \(expected - 1), since there are \(expected) "
                    + "classes. Number the classes from 0; the training data must hold every class, or "
                    + "\(countName) must count them all.")
        }
        let count = expected ?? Int(largest) + 1
        let names = training?.names ?? (count > mostNames ? [] : (0..<count).map { name(Double($0)) })
        self.init(classes, names: names, count: count, .numbers)
        if expected == nil { try requireTwoClasses(targets) }
    }

    /// Names, one a row.
    private init(
        _ targets: RawTargets, _ strings: [String], _ codes: Values<Int32>, _ mapping: ClassMapping,
        _ training: Labels?
    ) throws(DataError) {
        if let row = codes.firstIndex(where: { strings[Int($0)].isEmpty }) {
            throw targets.error("Row \(row) (counted from 0) has an empty label. Leave it out, or name its class.")
        }
        if let training {
            guard case .mapped(let known) = training.scheme else {
                throw targets.error(
                    "It holds names and the training targets hold numbers; store all targets in one type.")
            }
            self.init(
                try look(up: codes.map { strings[Int($0)] }, in: known, of: targets), names: training.names,
                training.scheme)
            return
        }
        switch mapping {
        case .given(let map): self = try Labels(targets, codes.map { strings[Int($0)] }, as: map)
        case .asNumbers:
            throw targets.error(
                "It holds names, which are no numbers of classes; leave out data.class_map, or give each name its class."
            )
        case .automatic:
            let names = sortedNames(Set(codes.map { strings[Int($0)] }))
            let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
            let codeClasses = strings.map { order[$0] ?? 0 }
            self.init(
                codes.map { codeClasses[Int($0)] }, names: names, .mapped(order),
                note:
                    "\(targets.place): its labels \(listed(names)) are the classes 0 to \(names.count - 1), in this order"
            )
            try requireTwoClasses(targets)
        }
    }

    /// Labels whose classes the config gives.
    private init(_ targets: RawTargets, _ labels: [String], as map: [String: Int]) throws(DataError) {
        let count = (map.values.max() ?? -1) + 1
        if let missing = (0...map.count).first(where: { $0 < count && !map.values.contains($0) }) {
            throw targets.error(
                "data.class_map has no label of class \(missing), and has one of class \(count - 1); expected every number from "
                    + "0 up.")
        }
        let names = (0..<count).map { number in
            map.filter { $0.value == number }.keys.sorted().joined(separator: " or ")
        }
        let known = map.mapValues { Int32($0) }
        self.init(try look(up: labels, in: known, of: targets), names: names, .mapped(known))
        try requireTwoClasses(targets)
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

private func look(up labels: [String], in known: [String: Int32], of targets: RawTargets) throws(DataError) -> [Int32] {
    if let row = labels.firstIndex(where: { known[$0] == nil }) {
        let names = known.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        throw targets.error(
            "Row \(row) (counted from 0) has the label \(labels[row]), which is none of \(listed(names)), those of the training "
                + "rows or of data.class_map. Leave such rows out, or name every label in data.class_map.")
    }
    return labels.map { known[$0] ?? 0 }
}

private func numbers(_ values: Examples) -> [Double] {
    switch values.storage {
    case .uint8(let values): values.map(Double.init)
    case .float32(let values): values.map(Double.init)
    case .float64(let values): Array(values)
    }
}

/// Refuses numbers that are no classes.
///
/// - Parameter mayBeNegative: whether they are labels that need not be numbers of classes.
private func requireWhole(_ numbers: [Double], of targets: RawTargets, mayBeNegative: Bool) throws(DataError) {
    func isWrong(_ value: Double) -> Bool {
        mayBeNegative
            ? value != value.rounded() || abs(value) > 0x1p53
            : Int32(exactly: value) == nil || value < 0 || value == Double(Int32.max)
    }
    guard let row = numbers.firstIndex(where: isWrong) else { return }
    let value = numbers[row]
    let shown = Int(exactly: value).map(String.init) ?? String(value)
    let problem =
        value != value.rounded() ? "is not a whole number" : value < 0 ? "is negative" : "is too large for a class"
    throw targets.error(
        "Row \(row) (counted from 0) holds \(shown), which \(problem); expected classes 0, 1, 2, ... For values to be "
            + "approximated choose loss.kind mean_squared_error.")
}

/// Returns the column of the one in each row.
private func hotColumns(_ numbers: [Double], width: Int, of targets: RawTargets) throws(DataError) -> [Int32] {
    var columns: [Int32] = []
    columns.reserveCapacity(numbers.count / width)
    for start in stride(from: 0, to: numbers.count, by: width) {
        let row = numbers[start..<start + width]
        guard let hot = row.firstIndex(of: 1), row.allSatisfy({ $0 == 0 || $0 == 1 }), row.reduce(0, +) == 1 else {
            let hasShares = row.contains { $0 > 0 && $0 < 1 }
            throw targets.error(
                "Row \(start / width) (counted from 0) is not one-hot: expected one 1 and \(width - 1) zeros. "
                    + (hasShares
                        ? "Rows of probabilities are for loss.kind softmax_cross_entropy, and each must have the sum 1"
                            + "\(badSum(numbers, width: width).map { ", unlike row \($0)" } ?? "")."
                        : "Store classes as N whole numbers, or correct the row; several labels in a row are for loss.kind "
                            + "sigmoid_cross_entropy."))
        }
        columns.append(Int32(hot - start))
    }
    return columns
}

/// The first row whose sum is not 1; nil if there is none.
private func badSum(_ numbers: [Double], width: Int) -> Int? {
    (0..<numbers.count / width).first { abs(numbers[$0 * width..<($0 + 1) * width].reduce(0, +) - 1) >= 1e-3 }
}
