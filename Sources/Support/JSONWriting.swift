extension JSON {
    /// Returns the value as JSON text: on one line, or indented by two spaces with lists of plain values on one line.
    package func text(indented: Bool = false) -> String {
        var result = ""
        write(to: &result, indentation: indented ? 0 : nil)
        return result
    }

    private func write(to result: inout String, indentation: Int?) {
        switch value {
        case .null: result += "null"
        case .boolean(let flag): result += flag ? "true" : "false"
        case .integer(let number): result += "\(number)"
        case .number(let number): result += "\(number)"
        case .string(let text): result += quotedForJSON(text)
        case .array(let elements):
            let isFlat = elements.allSatisfy { $0.members == nil }
            writeList(elements, "[", "]", to: &result, indentation: isFlat ? nil : indentation) {
                element, result, inner in
                element.write(to: &result, indentation: inner)
            }
        case .object(let members):
            writeList(members, "{", "}", to: &result, indentation: indentation) { member, result, inner in
                result += quotedForJSON(member.key) + ": "
                member.value.write(to: &result, indentation: inner)
            }
        }
    }

    private func writeList<Element>(
        _ elements: [Element], _ open: String, _ close: String, to result: inout String, indentation: Int?,
        _ write: (Element, inout String, Int?) -> Void
    ) {
        result += open
        let inner = indentation.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { result += inner == nil ? ", " : "," }
            if let inner { result += "\n" + String(repeating: " ", count: inner) }
            write(element, &result, inner)
        }
        if let indentation, !elements.isEmpty { result += "\n" + String(repeating: " ", count: indentation) }
        result += close
    }

    /// Returns a number without a ".0" where it is whole.
    package static func shortest(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
}
