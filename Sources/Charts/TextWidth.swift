import Support

extension String {
    /// The width in columns of a terminal: East Asian wide characters take two, combining marks none.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text with spaces for control characters, which would steer a terminal, and for those that XML does not
    /// allow.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map {
                    $0.steersTerminal || (0xFFFE...0xFFFF).contains($0.value) ? " " : $0
                }))
    }

    /// Returns a text of at most `width` columns: of one that is wider the beginning and the end, with an ellipsis
    /// between.
    package func cutInMiddle(to width: Int) -> String {
        guard displayWidth > width else { return self }
        let tail = max(0, width - 1) / 2, head = max(0, width - 1 - tail)
        func beginning(_ characters: some Sequence<Character>, _ width: Int) -> [Character] {
            var used = 0
            return characters.prefix {
                used += $0.displayWidth
                return used <= width
            }
        }
        return String(beginning(self, head)) + "…" + String(beginning(reversed(), tail).reversed())
    }

    /// Returns lines of at most `width` columns, broken at spaces, or within words that are longer.
    ///
    /// Nothing is left out but the spaces at the breaks.
    package func wrapped(to width: Int) -> [String] {
        var lines: [String] = [], line = "", used = 0
        for character in self {
            if used + character.displayWidth > width, !line.isEmpty {
                if character == " " {
                    (lines, line, used) = (lines + [line], "", 0)
                    continue
                }
                let space = line.lastIndex(of: " ")
                lines.append(space.map { String(line[..<$0]) } ?? line)
                line = space.map { String(line[line.index(after: $0)...]) } ?? ""
                used = line.displayWidth
            }
            line.append(character)
            used += character.displayWidth
        }
        return lines + [line]
    }
}

extension Character {
    fileprivate var displayWidth: Int {
        guard let scalar = unicodeScalars.first else { return 1 }
        let isWide = [
            0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0x1F300...0x1FAFF,
        ]
        .contains { $0.contains(Int(scalar.value)) }
        return isWide ? 2 : 1
    }
}
