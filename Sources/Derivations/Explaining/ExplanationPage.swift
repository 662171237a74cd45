import Support

// An explanation as HTML, with MathML, for a page that needs no script.

extension Explanation {
    /// The sections as elements of a page.
    package var html: String {
        let contents = sections.enumerated().map { place, section in
            "<li><a href=\"#section-\(place)\">\(escapedForHTML(heading(section)))</a></li>"
        }
        return "<ul class=\"contents\">\(contents.joined())</ul>\n"
            + sections.enumerated().map { place, section in
                "<section id=\"section-\(place)\"><h2>\(escapedForHTML(heading(section)))</h2>\n"
                    + section.parts.map(html).joined(separator: "\n") + "\n</section>\n"
            }.joined()
    }

    private func heading(_ section: Section) -> String {
        section.number.isEmpty ? section.title : "\(section.number) \(section.title)"
    }

    private func html(_ part: Part) -> String {
        switch part {
        case .formula(let formula): "<p class=\"formula\">\(formula.mathML)</p>"
        case .text(let text): "<p>\(escapedForHTML(text))</p>"
        case .table(let table): html(table)
        }
    }

    private func html(_ table: FormulaTable) -> String {
        let header = table.columns.enumerated().map { place, column in
            "<th scope=\"col\"\(table.isNumeric(column: place) ? " class=\"number\"" : "")>\(column.mathML)</th>"
        }
        let rows = table.rows.map { row in "<tr>" + row.map(html).joined() + "</tr>" }
        return "<div class=\"tablebox\"><div><table><thead><tr>\(header.joined())</tr></thead>\n"
            + "<tbody>\(rows.joined(separator: "\n"))</tbody></table></div></div>"
    }

    private func html(_ cell: FormulaTable.Cell) -> String {
        switch cell {
        case .count(let count): "<td class=\"number\">\(count)</td>"
        // With the minus sign that formulas have.
        case .number(let number): "<td class=\"number\">\(number.display.replacing("-", with: "−"))</td>"
        case .words(let words): "<td>\(escapedForHTML(words))</td>"
        case .nothing: "<td class=\"number\">-</td>"
        }
    }
}

extension FormulaTable {
    /// Whether a column has numbers and no words.
    fileprivate func isNumeric(column: Int) -> Bool {
        !rows.contains { if case .words = $0[column] { true } else { false } }
    }
}
