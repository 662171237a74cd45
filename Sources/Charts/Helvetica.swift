import Foundation

/// The widths of Helvetica, and the characters that it has in every viewer of PDF files.
///
/// Source: Adobe's font metrics of the base 14 fonts, which PDF files need not embed; the characters are those of
/// WinAnsiEncoding, ISO 32000-1, annex D.
enum Helvetica {
    /// Returns the width of a text in letters of size 1.
    static func width(_ text: String) -> Double {
        encoded(text).bytes.reduce(0) { $0 + width(of: $1) }
    }

    /// Returns the width of the character of a code in letters of size 1.
    static func width(of byte: UInt8) -> Double { Double(widths[Int(byte)]) / 1000 }

    /// Returns the bytes of a text, with other spellings for characters that the encoding lacks, and those that have
    /// none, which became question marks.
    static func encoded(_ text: String) -> (bytes: [UInt8], lost: [Character]) {
        var bytes: [UInt8] = [], lost: [Character] = []
        for character in text.printable.precomposedStringWithCanonicalMapping {
            if let byte = byte(character) {
                bytes.append(byte)
            } else if let spelling = spellings[character] {
                bytes += spelling.compactMap(byte)
            } else if let base = character.withoutAccents, let byte = byte(base) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "?"))
                lost.append(character)
            }
        }
        return (bytes, lost)
    }

    private static func byte(_ character: Character) -> UInt8? {
        guard character.unicodeScalars.count == 1, let value = character.unicodeScalars.first?.value else { return nil }
        switch value {
        case 0x20...0x7E, 0xA0...0xFF: return UInt8(value)
        default: return windows[value]
        }
    }

    /// The characters of the codes 128 to 159.
    private static let windows: [UInt32: UInt8] = [
        0x20AC: 128, 0x201A: 130, 0x0192: 131, 0x201E: 132, 0x2026: 133, 0x2020: 134, 0x2021: 135, 0x02C6: 136,
        0x2030: 137, 0x0160: 138, 0x2039: 139, 0x0152: 140, 0x017D: 142, 0x2018: 145, 0x2019: 146, 0x201C: 147,
        0x201D: 148, 0x2022: 149, 0x2013: 150, 0x2014: 151, 0x02DC: 152, 0x2122: 153, 0x0161: 154, 0x203A: 155,
        0x0153: 156, 0x017E: 158, 0x0178: 159,
    ]

    /// How characters that the encoding lacks are written.
    private static let spellings: [Character: String] = [
        "−": "-", "‐": "-", "‑": "-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "←": "<-", "∞": "inf",
        "√": "sqrt ", "∂": "d", "∇": "grad ", "∑": "sum ", "∥": "||", "‖": "||", "′": "'", "″": "\"", "μ": "µ",
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
        "κ": "kappa", "λ": "lambda", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
        "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda",
        "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "ł": "l", "Ł": "L", "đ": "d", "ı": "i",
    ]

    /// The widths of the codes 0 to 255 in thousandths of the size.
    private static let widths: [Int] =
        Array(repeating: 0, count: 32) + [
            278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
            556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
            1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
            667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
            333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
            556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 0,
            556, 0, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 0, 611, 0,
            0, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 0, 500, 667,
            278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
            400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
            667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
            722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
            556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
            556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
        ]
}

extension Character {
    /// The letter without its accents; nil if it has none.
    var withoutAccents: Character? {
        let scalars = String(self).decomposedStringWithCanonicalMapping.unicodeScalars
        guard scalars.count > 1, let first = scalars.first else { return nil }
        return Character(first)
    }
}
