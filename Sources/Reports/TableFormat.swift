import RunStore

/// A form in which a whole table is written.
package enum TableFormat: String, CaseIterable, Sendable {
    /// Aligned columns, for people.
    case text
    case json
    /// A table of GitHub's Markdown; numbers as people are shown them.
    case markdown
    /// A `tabular` with the rules of the package booktabs; numbers as people are shown them.
    case latex
    /// CSV (RFC 4180, lines end with LF) with all digits of numbers.
    case csv
}

extension Table {
    /// Returns the table in a form.
    ///
    /// - Parameter color: whether the text for people has colours.
    package func text(as format: TableFormat, color: Bool = false) -> String {
        switch format {
        case .text: return text(color: color)
        case .json: return json()
        case .csv: return csvLine(columns, end: "\n") + rows.map { csvLine($0, end: "\n") }.joined()
        case .markdown:
            func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
            func escaped(_ text: String) -> String {
                text.map { $0 == "<" ? "&lt;" : $0 == "&" ? "&amp;" : "\\|*`[]".contains($0) ? "\\\($0)" : "\($0)" }
                    .joined()
            }
            let rules = isNumeric.map { $0 ? "---:" : "---" }
            return line(columns.map(escaped)) + line(rules) + shownCells.map { line($0.map(escaped)) }.joined()
        case .latex:
            func line(_ cells: [String]) -> String { cells.map(escapedForLaTeX).joined(separator: " & ") + " \\\\\n" }
            let alignment = isNumeric.map { $0 ? "r" : "l" }.joined()
            return "\\begin{tabular}{\(alignment)}\n\\toprule\n" + line(columns) + "\\midrule\n"
                + shownCells.map(line).joined() + "\\bottomrule\n\\end{tabular}\n"
        }
    }
}

/// Returns a text that LaTeX sets as it is.
private func escapedForLaTeX(_ text: String) -> String {
    let commands: [Character: String] = [
        "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "±": "$\\pm$",
        "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
    ]
    return text.map { commands[$0] ?? ("&%$#_{}".contains($0) ? "\\\($0)" : "\($0)") }.joined()
}
