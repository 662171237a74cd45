import Charts
import Derivations
import Reports
import RunStore
import Support

/// Returns an explanation for people: headings, formulas as lines of Unicode, aligned tables, all as wide as the
/// terminal behind standard output.
func text(of explanation: Explanation) -> String {
    let width = lineWidth(standardOutput), hasColor = terminalHasColor(standardOutput)
    func heading(_ text: String) -> String {
        (width.map { text.wrapped(to: $0) } ?? [text]).map { hasColor ? "\u{1B}[1m\($0)\u{1B}[0m" : $0 }
            .joined(separator: "\n")
    }
    func paragraph(_ text: String) -> String { (width.map { text.wrapped(to: $0) } ?? [text]).joined(separator: "\n") }
    var blocks = [([heading(explanation.title), ""] + explanation.introduction.map(paragraph)).joined(separator: "\n")]
    for section in explanation.sections {
        var lines = [heading(section.number.isEmpty ? section.title : "\(section.number) \(section.title)")]
        for part in section.parts {
            switch part {
            case .formula(let formula): lines.append(indented(formula.text, width: width))
            case .text(let text): lines.append(paragraph(text))
            case .table(let table):
                lines += ["", String(Table(table).text(width: width, color: hasColor).dropLast()), ""]
            }
        }
        var text = lines.joined(separator: "\n").replacing(/\n\n\n+/, with: "\n\n")
        while text.last == "\n" { text.removeLast() }
        blocks.append(text)
    }
    return blocks.joined(separator: "\n\n") + "\n"
}

/// A formula on its own line, or on several of which the later ones are indented further.
private func indented(_ formula: String, width: Int?) -> String {
    let first = "    ", further = "        "
    guard let width else { return first + formula }
    let lines = formula.wrapped(to: max(16, width - further.count))
    // What fits beside the smaller indentation needs no break.
    if formula.displayWidth <= width - first.count { return first + formula }
    return lines.enumerated().map { ($0 == 0 ? first : further) + $1.drop { $0 == " " } }.joined(separator: "\n")
}

extension Table {
    /// A table whose columns are named by formulas, for a terminal.
    fileprivate init(_ table: FormulaTable) {
        self.init(
            columns: table.columns.map(\.text),
            rows: table.rows.map { row in
                row.map { cell in
                    switch cell {
                    case .count(let count): .integer(count)
                    case .number(let number): .number(number)
                    case .words(let words): .text(words)
                    case .nothing: .null
                    }
                }
            })
        fit = .folding()
    }
}
