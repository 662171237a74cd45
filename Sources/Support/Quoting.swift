import Foundation

/// Returns a word as it can be typed into a POSIX shell, in single quotes where it needs them.
package func quotedForShell(_ word: String) -> String {
    let isPlain =
        !word.isEmpty
        && word.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_.,:=@%+/-".unicodeScalars.contains($0)
        }
    return isPlain ? word : "'" + escaped(word) { $0 == "'" ? "'\\''" : nil } + "'"
}

/// Returns the name of a table or column as SQL takes it, in double quotes.
package func quotedForSQL(_ identifier: String) -> String {
    "\"" + escaped(identifier) { $0 == "\"" ? "\"\"" : nil } + "\""
}

/// Returns a field of a CSV file (RFC 4180), in double quotes where it needs them.
package func quotedForCSV(_ field: String) -> String {
    field.utf8.contains { "\",\r\n".utf8.contains($0) } ? quotedForSQL(field) : field  // both double the quotes
}

/// Returns a text as HTML shows it, between tags and in attributes in double quotes.
package func escapedForHTML(_ text: String) -> String {
    escaped(text) { ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"][$0] }
}

/// Returns a text as a JSON string (RFC 8259), in double quotes.
package func quotedForJSON(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
        return "\"\(text)\""
    }
    let inner = escaped(text) { scalar in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case _ where scalar.value < 0x20: String(format: "\\u%04x", scalar.value)
        default: nil
        }
    }
    return "\"" + inner + "\""
}

/// Replaces scalars, not characters: a quote with a combining accent is one character, and to a shell still a quote.
private func escaped(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        if let replacement = replacement(scalar) {
            result += replacement
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}
