// Formulas as one line of plain Unicode: sub- and superscripts where Unicode has them, `_d` and `^(-1/2)` where not.

extension Formula {
    /// The formula as a line of text; a line may be broken at any of its spaces.
    package var text: String { Part.text(of: parts) }
}

extension Formula.Part {
    /// Returns parts beside each other, with spaces between factors and around signs.
    fileprivate static func text(of parts: [Formula.Part]) -> String {
        var text = ""
        for (place, part) in parts.enumerated() {
            let before = place > 0 ? parts[place - 1] : nil
            let after = place + 1 < parts.count ? parts[place + 1] : nil
            let isFactor = before?.isOperand == true || after?.beginsOperand == true
            let piece = part.text(inProduct: isFactor)
            if !text.isEmpty, needsSpace(before, part, beforeThat: place > 1 ? parts[place - 2] : nil) { text += " " }
            text += piece
        }
        return text
    }

    private static func needsSpace(_ before: Formula.Part?, _ part: Formula.Part, beforeThat: Formula.Part?) -> Bool {
        guard let before else { return false }
        if before.isOpening || part.isClosing { return false }
        switch (before, part) {
        case (_, .sign(",")), (_, .sign(";")), (_, .sign("/")), (.sign("/"), _), (_, .name("′")): return false
        case (.name("d"), .sign): return true
        case (.name("d"), _): return false
        case (.name(let name), _) where part.isOpening: return name.count < 2 && !"′Φφσf".contains(name)
        case (.sign("-"), _):
            // A sign of a number stands at it; one between two operands has a space on both sides.
            return beforeThat?.isOperand ?? false
        default: return true
        }
    }

    private var isOpening: Bool { if case .opening = self { true } else { false } }

    private var isClosing: Bool {
        switch self {
        case .closing, .scripted(.closing, _, _): true
        default: false
        }
    }

    /// Whether it can be a factor, so that what stands beside it is multiplied with it.
    var isOperand: Bool {
        switch self {
        case .sign, .opening, .words, .gap, .scripted(.sign, _, _): false
        case .closing, .name, .number, .row, .scripted, .fraction, .hat, .root: true
        }
    }

    /// Whether it can be the beginning of a factor.
    private var beginsOperand: Bool {
        switch self {
        case .opening, .scripted(.sign, _, _): true
        default: isOperand && !isClosing
        }
    }

    /// - Parameter inProduct: whether it is a factor, so that a fraction needs parentheses.
    private func text(inProduct: Bool) -> String {
        switch self {
        case .name("⊤"): return "ᵀ"
        case .name(let name): return name
        case .number(let number): return number
        case .sign("∑"): return "Σ"
        case .sign(let sign): return sign
        case .opening(let text, _), .closing(let text, _): return text
        case .words(let words): return words
        case .gap: return "  "
        case .row(let parts): return Self.text(of: parts)
        case .hat(let base): return base.text(inProduct: false) + "\u{302}"
        case .root(let base): return "√(" + base.text(inProduct: false) + ")"
        case .fraction(let above, let below):
            let isDerivative = above.elements.first?.isDifferential == true
            let text = above.textOfOperand + "/" + below.textOfOperand
            return inProduct && !isDerivative ? "(\(text))" : text
        case .scripted(let base, let lower, let upper):
            return base.text(inProduct: false) + (lower.map { Self.subscripted($0.indexText) } ?? "")
                + (upper.map { Self.superscripted($0.text(inProduct: false)) } ?? "")
        }
    }

    /// A numerator or denominator, in parentheses where it is a sum or a product.
    private var textOfOperand: String {
        let parts = elements
        let text = text(inProduct: false)
        return parts.count == 1 || parts.first?.isDifferential == true ? text : "(\(text))"
    }

    /// Whether it is the d of a derivative, as in dL.
    private var isDifferential: Bool {
        switch self {
        case .name("d"): true
        case .scripted(.name("d"), _, _): true
        default: false
        }
    }

    /// The indices of a variable, without spaces.
    private var indexText: String { elements.map { $0.text(inProduct: false) }.joined() }

    private static let lower: [Character: Character] = [
        "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉",
        "i": "ᵢ", "j": "ⱼ", "k": "ₖ", "l": "ₗ", "p": "ₚ", ",": ",",
    ]
    private static let upper: [Character: Character] = [
        "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "-": "⁻", "ᵀ": "ᵀ", "⊤": "ᵀ",
    ]

    private static func subscripted(_ text: String) -> String {
        let letters = text.compactMap { lower[$0] }
        return letters.count == text.count ? String(letters) : "_\(text)"
    }

    private static func superscripted(_ text: String) -> String {
        let letters = text.compactMap { upper[$0] }
        if letters.count == text.count { return String(letters) }
        return text.count == 1 ? "^\(text)" : "^(\(text))"
    }
}
