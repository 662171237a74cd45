import Foundation

/// A Markdown page as its editions in other languages are compared with it: by what no language changes.
struct EditionPage {
    struct Section {
        var title: String
        /// The number signs of its heading; 0 before the first heading.
        var level: Int
        /// Formulas without their `\text`, commands and code with no more of a comment than its numbers, output as it is.
        var blocks: [[String]] = []
        /// The marks of every cell of its tables.
        var rows: [[[String]]] = []
        /// The marks of its sentences.
        var marks: Set<String> = []
    }

    var sections = [Section(title: "the beginning", level: 0)]

    init(_ text: String) {
        var block: (language: String, lines: [String])?
        var prose: [String] = []
        func end() {
            sections[sections.count - 1].marks.formUnion(languageFreeMarks(prose.joined(separator: "\n")))
            prose = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                if let (language, lines) = block {
                    sections[sections.count - 1].blocks.append(lines.map { essence(of: $0, language) })
                    block = nil
                } else {
                    block = (String(line.dropFirst(3)), [])
                }
            } else if block != nil {
                block?.lines.append(line)
            } else if line.hasPrefix("#") {
                end()
                let level = line.prefix { $0 == "#" }.count
                sections.append(
                    Section(title: line.dropFirst(level).trimmingCharacters(in: .whitespaces), level: level))
            } else if line.hasPrefix("|") {
                sections[sections.count - 1].rows.append(
                    line.split(separator: "|").map { languageFreeMarks(String($0)).sorted() })
            } else if line.hasPrefix("<!-- not run") {
                prose.append("`not run`")  // the reason is a sentence
            } else {
                prose.append(line)
            }
        }
        end()
    }

    /// The first difference of each section from that of the page that this one is an edition of.
    func differences(from original: EditionPage) -> [String] {
        guard sections.map(\.level) == original.sections.map(\.level) else {
            return [
                "headings: found \(sections.count) with levels \(sections.map(\.level)), "
                    + "expected \(original.sections.count) with \(original.sections.map(\.level))"
            ]
        }
        return zip(sections, original.sections).compactMap { section, original in
            difference(section, original).map { "\(section.title) (\(original.title)): \($0)" }
        }
    }

    private func difference(_ section: Section, _ original: Section) -> String? {
        guard section.blocks.count == original.blocks.count else {
            return "found \(section.blocks.count) blocks, expected \(original.blocks.count)"
        }
        for (block, original) in zip(section.blocks, original.blocks) where block != original {
            let place = zip(block, original).first { $0 != $1 } ?? (block.last ?? "", original.last ?? "")
            return "found the block\n\(place.0)\nexpected\n\(place.1)"
        }
        guard section.rows.count == original.rows.count else {
            return "found \(section.rows.count) lines of tables, expected \(original.rows.count)"
        }
        for (row, original) in zip(section.rows, original.rows) where row != original {
            return "found a row with \(row), expected \(original)"
        }
        let missing = original.marks.subtracting(section.marks)
        let further = section.marks.subtracting(original.marks)
        guard missing.isEmpty && further.isEmpty else {
            return "is missing \(missing.sorted()), has besides \(further.sorted())"
        }
        return nil
    }
}

/// What a text has that no language changes: code, formulas, where links lead, numbers.
private func languageFreeMarks(_ text: String) -> [String] {
    var rest = text
    var marks: [String] = []
    func take(
        _ pattern: Regex<(Substring, Substring)>, _ form: (Substring) -> String = { String($0) }
    ) {
        marks += rest.matches(of: pattern).map { form($0.output.1) }
        rest.replace(pattern, with: " ")
    }
    take(/(`[^`]+`)/)
    take(/(\$[^$]+\$)/)
    take(/\]\(([^)]*)\)/) { link in
        // A page may be linked in this language, and has its headings in it.
        let target = link.replacing(".zh.md", with: ".md")
        return String(target.contains(".md") ? target.prefix { $0 != "#" } : target)
    }
    take(/(https?:\/\/[^\s)，。]+)/)
    take(/(-?[0-9]+(?:[.,][0-9]+)*)/)
    return marks
}

/// A line of a block without what is translated.
private func essence(of line: String, _ language: String) -> String {
    switch language {
    case "math": return line.replacing(/\\text\{[^}]*\}/, with: "")
    case "sh", "python":
        guard let comment = line.firstMatch(of: /(?:^|\s+)# .+/) else { return line }
        return line[..<comment.range.lowerBound] + " # "
            + languageFreeMarks(String(comment.output)).joined(separator: " ")
    default: return line
    }
}
