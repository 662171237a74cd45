import Support

// Formulas as MathML Core (W3C), which browsers set without a script.

extension Formula {
    /// The formula as an element `math`, set as on a line of its own.
    package var mathML: String { "<math displaystyle=\"true\">\(Part.row(parts).mathML)</math>" }
}

extension Formula.Part {
    fileprivate var mathML: String {
        func element(_ name: String, _ text: String) -> String { "<\(name)>\(escapedForHTML(text))</\(name)>" }
        switch self {
        case .name(let name): return element("mi", name)
        case .number(let number): return element("mn", number)
        case .sign("-"): return "<mo>−</mo>"
        case .sign(let sign): return element("mo", sign)
        case .opening(let text, let isLarge), .closing(let text, let isLarge):
            return "<mo stretchy=\"\(isLarge)\">\(text)</mo>"
        case .words(let words): return element("mtext", words)
        case .gap: return "<mspace width=\"2em\"></mspace>"
        case .row(let parts):
            let elements = parts.enumerated().map { place, part in
                // A sign of a number stands close to it.
                part == .sign("-") && (place == 0 || !parts[place - 1].isOperand)
                    ? "<mo form=\"prefix\">−</mo>" : part.mathML
            }
            return "<mrow>" + elements.joined() + "</mrow>"
        case .hat(let base): return "<mover accent=\"true\">\(base.mathML)<mo>^</mo></mover>"
        case .root(let base): return "<msqrt>\(base.mathML)</msqrt>"
        case .fraction(let above, let below): return "<mfrac>\(above.mathML)\(below.mathML)</mfrac>"
        case .scripted(let base, let lower, let upper):
            let isSum = base == .sign("∑")
            switch (lower, upper) {
            case (let lower?, let upper?):
                let name = isSum ? "munderover" : "msubsup"
                return "<\(name)>\(base.mathML)\(lower.mathML)\(upper.mathML)</\(name)>"
            case (let lower?, nil):
                let name = isSum ? "munder" : "msub"
                return "<\(name)>\(base.mathML)\(lower.mathML)</\(name)>"
            case (nil, let upper?): return "<msup>\(base.mathML)\(upper.mathML)</msup>"
            case (nil, nil): return base.mathML
            }
        }
    }
}
