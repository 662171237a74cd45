import Support

/// The lengths that the letters of an operation's shapes stand for.
///
/// `N` is one dimension; `D...` all that follow, which are also one, `D`; `*` a shape of any number of dimensions.
struct ArrayShapes {
    private var lengths: [String: [Int]] = [:]

    /// The shape that letters stand for; nil if one is not known yet.
    func expected(_ letters: [String]) -> [Int]? {
        var shape: [Int] = []
        for letter in letters {
            guard let length = lengths[letter] else { return nil }
            shape += length
        }
        return shape
    }

    /// Takes over the lengths of an array; nil if it cannot have the shape.
    mutating func bind(_ letters: [String], _ shape: [Int]) -> Bool {
        var rest = shape[...]
        for letter in letters {
            let count = letter.hasSuffix("*") ? rest.count : letter.hasSuffix("...") ? max(1, rest.count) : 1
            guard count <= rest.count else { return false }
            let part = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            guard lengths[letter] == nil || lengths[letter] == part else { return false }
            lengths[letter] = part
            if letter.hasSuffix("...") { lengths[String(letter.dropLast(3))] = [part.reduce(1, *)] }
        }
        return rest.isEmpty
    }

    /// Whether an array is of the shape that letters stand for, with or without dimensions of one element where one
    /// letter or none does.
    func matches(_ shape: [Int], _ letters: [String]) -> Bool {
        guard let expected = expected(letters) else { return false }
        if shape == expected { return true }
        guard letters.count < 2, letters.first?.hasSuffix("*") != true, shape.count <= 2 else { return false }
        let count = expected.reduce(1, *)
        return shape.reduce(1, *) == count && (letters.isEmpty || shape == [1, count] || shape == [count, 1])
    }

    /// The array as rows and columns: N is a column, another single letter a row.
    func grid(_ values: [Double], _ shape: [Int], _ letters: [String]) -> Grid {
        if letters.first?.hasSuffix("*") == true || letters.count > 1 { return Grid(folding: values, shape: shape) }
        return letters == ["N"]
            ? Grid(rows: values.count, columns: 1, values) : Grid(rows: 1, columns: values.count, values)
    }
}

/// A shape as NumPy writes it: `(4, 5)`, `(5,)`, `()`.
package func pythonShape(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? ",)" : ")")
}

/// Letters as a shape: `(N, D)`.
func pythonShape(_ letters: [String]) -> String {
    letters.first?.hasSuffix("*") == true
        ? "of any shape" : "(" + letters.joined(separator: ", ") + (letters.count == 1 ? ",)" : ")")
}

/// The place of an element in an array: `(1, 3)`.
func pythonIndex(_ index: Int, in shape: [Int]) -> String {
    var rest = index, places: [Int] = []
    for length in shape.reversed() {
        places.append(rest % max(1, length))
        rest /= max(1, length)
    }
    return pythonShape(places.reversed())
}

extension CheckedOperation {
    /// The values that the computation begins with.
    ///
    /// - Parameter notes: is told what was taken for granted.
    func inputValues(
        _ resolved: SavedArrays.Resolved, _ shapes: inout ArrayShapes, _ notes: inout [String]
    ) throws(Failure) -> Values {
        var values = Values()
        var assumed: [(name: String, number: Double)] = []
        for input in inputs {
            guard let (name, array) = resolved.arrays[input.name] else {
                guard let standard = input.standard else { continue }
                values.grids[input.name] = standard
                assumed.append((input.name, standard.number))
                continue
            }
            func problem(_ what: String) -> Failure { Failure(.badInput, "\(name) \(what)") }
            guard !array.values.isEmpty else {
                throw problem("is empty, \(pythonShape(array.shape)); expected \(pythonShape(input.shape))")
            }
            let isBound = input.shape.allSatisfy { shapes.expected([$0]) != nil }
            guard shapes.matches(array.shape, input.shape) || (!isBound && shapes.bind(input.shape, array.shape)) else {
                let here = shapes.expected(input.shape).map { ", which is \(pythonShape($0)) here" } ?? ""
                throw problem(
                    "has the shape \(pythonShape(array.shape)); \(title) expects \(pythonShape(input.shape))\(here)")
            }
            if let bad = array.values.firstIndex(where: { !$0.isFinite }) {
                throw problem(
                    "is \(array.values[bad].shortText) at \(pythonIndex(bad, in: array.shape)), from which nothing can "
                        + "be computed; save an input of finite numbers")
            }
            if let range = input.range, let bad = array.values.first(where: { !range.contains($0) }) {
                throw problem(
                    "is \(bad.shortText); expected \(range.lowerBound.shortText) "
                        + (range.upperBound < 1e300 ? "to \(range.upperBound.shortText)" : "or more"))
            }
            if let letter = input.classesOf, let count = shapes.expected([letter])?.first,
                let bad = array.values.firstIndex(where: { $0 != $0.rounded() || $0 < 0 || $0 >= Double(count) })
            {
                throw problem(
                    "is \(array.values[bad].shortText) at \(pythonIndex(bad, in: array.shape)); expected the numbers "
                        + "of classes, whole and from 0 to \(count - 1)")
            }
            values.grids[input.name] = shapes.grid(array.values, array.shape, input.shape)
        }
        // What counts is that of arrays that are there; a regularization that is left out is none.
        let sources = quantities.filter { resolved.arrays[$0.name] != nil }
            .reduce(into: Set<String>()) { $0.formUnion(allSources(of: $1)) }
        let used = assumed.filter { sources.contains($0.name) && $0.name != "reg" }
            .map { "\($0.name) = \($0.number.shortText)" }
        if !used.isEmpty {
            notes.append("not in the file, so taken as the course has it: " + used.joined(separator: ", "))
        }
        return values
    }

    /// Everything that an array is made of.
    func allSources(of quantity: Quantity) -> Set<String> {
        quantity.sources.reduce(into: Set(quantity.sources)) { all, source in
            if let part = self.quantity(source) { all.formUnion(allSources(of: part)) }
        }
    }
}

extension Double {
    /// A few digits, and none behind the point of a whole number.
    var shortText: String {
        self == rounded() && abs(self) < 1e15 ? String(Int(self)) : "\(self)"
    }
}
