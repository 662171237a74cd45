import Support

extension JSON {
    /// The value as configs are written by hand: each member of the whole on a line of its own, and an object inside on
    /// one line if that is short.
    func compactText(indentation: Int = 0) -> String {
        guard let members, indentation == 0 || text().count + indentation > 80 else { return text() }
        let margin = String(repeating: " ", count: indentation + 2)
        let lines = members.map { member in
            margin + quotedForJSON(member.key) + ": " + member.value.compactText(indentation: indentation + 2)
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: " ", count: indentation) + "}"
    }
}
