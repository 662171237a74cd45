/// A formula in the LaTeX of the documents, and as a tree that is set as text or as MathML.
package struct Formula: Sendable, ExpressibleByStringInterpolation {
    /// A part of a formula.
    indirect enum Part: Equatable, Sendable {
        /// One letter of a variable, or a name such as `centered`.
        case name(String)
        case number(String)
        /// A relation or an operation, such as = or +.
        case sign(String)
        /// A parenthesis or bracket; a large one is as high as what it encloses.
        case opening(String, isLarge: Bool)
        case closing(String, isLarge: Bool)
        /// Words between two formulas.
        case words(String)
        /// The wide space between two formulas on a line.
        case gap
        case row([Part])
        case scripted(Part, lower: Part?, upper: Part?)
        case fraction(Part, Part)
        case hat(Part)
        case root(Part)
    }

    /// The LaTeX.
    package let source: String
    let parts: [Part]

    package init(_ source: String) {
        self.source = source
        var parser = FormulaParser(source)
        parts = parser.parts(until: nil)
    }

    package init(stringLiteral source: String) { self.init(source) }
}

/// Reads LaTeX: commands, groups in braces, scripts, numbers, letters and signs.
private struct FormulaParser {
    private var rest: Substring

    init(_ source: String) { rest = source[...] }

    /// Signs by their commands.
    private static let signs = [
        "cdot": "·", "sum": "∑", "approx": "≈", "le": "≤", "to": "→", "ne": "≠",
    ]
    /// Letters and names by their commands.
    private static let names = [
        "gamma": "γ", "beta": "β", "mu": "μ", "sigma": "σ", "varepsilon": "ε", "delta": "δ", "lambda": "λ", "pi": "π",
        "Phi": "Φ", "varphi": "φ", "top": "⊤", "max": "max", "min": "min", "tanh": "tanh", "exp": "exp",
        "infty": "∞", "dots": "…", "partial": "∂",
    ]

    mutating func parts(until end: Character?) -> [Formula.Part] {
        var parts: [Formula.Part] = []
        while let character = rest.first, character != end {
            if character == "_" || character == "^" {
                rest.removeFirst()
                let script = argument()
                let base = parts.popLast() ?? .row([])
                parts.append(base.adding(script, isUpper: character == "^"))
            } else if let part = part() {
                parts.append(part)
            }
        }
        if end != nil { rest = rest.dropFirst() }
        return parts
    }

    /// What a command or a script applies to: a group in braces, or one part.
    private mutating func argument() -> Formula.Part {
        rest = rest.drop { $0 == " " }
        if rest.first == "{" {
            rest.removeFirst()
            let parts = parts(until: "}")
            return parts.count == 1 ? parts[0] : .row(parts)
        }
        // One digit only: x^23 is x^2 3.
        if let digit = rest.first, digit.isNumber {
            rest.removeFirst()
            return .number(String(digit))
        }
        return part() ?? .row([])
    }

    /// The next part; nil for a space.
    private mutating func part() -> Formula.Part? {
        guard let character = rest.first else { return nil }
        switch character {
        case "\\": return command()
        case "{": return argument()
        case "(", "[":
            rest.removeFirst()
            return .opening(String(character), isLarge: false)
        case ")", "]":
            rest.removeFirst()
            return .closing(String(character), isLarge: false)
        case "0"..."9":
            let number = rest.prefixMatch(of: /[0-9.]+(e[-+]?[0-9]+)?/).map { String($0.output.0) } ?? String(character)
            rest = rest.dropFirst(number.count)
            return .number(number)
        case "a"..."z", "A"..."Z":
            rest.removeFirst()
            return .name(String(character))
        case "'":
            rest.removeFirst()
            return .name("′")
        case "+" where rest.hasPrefix("+="):
            rest = rest.dropFirst(2)
            return .sign("+=")
        default:
            rest.removeFirst()
            return character == " " ? nil : .sign(String(character))
        }
    }

    private mutating func command() -> Formula.Part? {
        rest.removeFirst()
        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        guard !letters.isEmpty else {
            // A thin space, such as \, has no place of its own here.
            rest = rest.dropFirst()
            return nil
        }
        rest = rest.dropFirst(letters.count)
        switch letters {
        case "frac":
            let above = argument()
            return .fraction(above, argument())
        case "hat": return .hat(argument())
        case "sqrt": return .root(argument())
        case "mathbf": return argument()
        case "mathrm":
            return .name(group())
        case "text": return .words(group())
        case "quad", "qquad": return .gap
        case "left", "right":
            switch part() {
            case .opening(let text, _): return .opening(text, isLarge: true)
            case .closing(let text, _): return .closing(text, isLarge: true)
            case let other: return other
            }
        default:
            let command = String(letters)
            if let sign = Self.signs[command] { return .sign(sign) }
            return .name(Self.names[command] ?? command)
        }
    }

    /// The text in braces, as it is.
    private mutating func group() -> String {
        let text = rest.dropFirst().prefix { $0 != "}" }
        rest = rest.dropFirst(text.count + 2)
        return String(text)
    }
}

extension Formula.Part {
    fileprivate func adding(_ script: Formula.Part, isUpper: Bool) -> Formula.Part {
        switch self {
        case .scripted(let base, let lower, nil) where isUpper: .scripted(base, lower: lower, upper: script)
        case .scripted(let base, nil, let upper) where !isUpper: .scripted(base, lower: script, upper: upper)
        default: .scripted(self, lower: isUpper ? nil : script, upper: isUpper ? script : nil)
        }
    }

    /// The parts of a row, or the part itself.
    var elements: [Formula.Part] { if case .row(let parts) = self { parts } else { [self] } }
}
