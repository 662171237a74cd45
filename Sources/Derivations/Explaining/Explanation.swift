import Support

/// A derivation with its numbers put in: sections of formulas, sentences and tables, and all numbers by their names.
package struct Explanation: Sendable {
    package struct Section: Sendable {
        /// The number of the equation, such as (4), or of several; empty where there is none.
        package var number: String
        package var title: String
        package var parts: [Part]

        init(_ number: String, _ title: String, _ parts: [Part]) {
            self.number = number
            self.title = title
            self.parts = parts
        }
    }

    package enum Part: Sendable {
        case formula(Formula)
        case text(String)
        case table(FormulaTable)
    }

    package var title: String
    /// What is explained, in sentences.
    package var introduction: [String]
    package var sections: [Section]
    package var numbers: JSON
}

/// A table whose columns are named by formulas.
package struct FormulaTable: Sendable {
    package enum Cell: Sendable {
        case count(Int)
        case number(Double)
        case words(String)
        case nothing

        init(_ number: Double?) { self = number.map { .number($0) } ?? .nothing }
    }

    package var columns: [Formula]
    package var rows: [[Cell]]
}

// Numbers in formulas.

/// A number as LaTeX, with four significant digits.
func tex(_ number: Double) -> String { number.isFinite ? number.display : #"\mathrm{\#(number.display)}"# }

/// A number as a factor, in parentheses where it has a sign.
func factor(_ number: Double) -> String {
    let text = tex(number)
    return text.hasPrefix("-") ? "(\(text))" : text
}

/// Terms with the signs between them, the middle ones left out where there are many.
func total(_ terms: [String]) -> String {
    let most = 6
    let shown = terms.count > most ? terms.prefix(3) + [#"\dots"#] + terms.suffix(1) : terms[...]
    return shown.enumerated().map { place, term in
        place == 0 ? term : term.hasPrefix("-") ? " - \(term.dropFirst())" : " + \(term)"
    }.joined()
}

/// The sum of numbers.
func total(_ numbers: [Double]) -> String { total(numbers.map(tex)) }

/// The sum of products.
func total(_ first: [Double], times second: [Double]) -> String {
    total(zip(first, second).map { #"\#(factor($0)) \cdot \#(factor($1))"# })
}

extension JSON {
    /// A number; a string for one that is not finite, which JSON does not have.
    init(_ number: Double) { self.init(number.isFinite ? .number(number) : .string("\(number)")) }
    init(_ numbers: [Double]) { self.init(.array(numbers.map { JSON($0) })) }
    init(_ number: Double?) { self = number.map { JSON($0) } ?? JSON(.null) }
}
