extension Shape {
    /// A Markdown table of all keys, one a row: dotted path, the kinds that have it, what the value may be, default,
    /// meaning.
    package var keyTable: String {
        "| key | kinds | value | default | meaning |\n|---|---|---|---|---|\n"
            + keyEntries.map { entry in
                "| `\(entry.path)` | \(entry.kinds.joined(separator: ", ")) | \(entry.value) | \(entry.defaultText) | "
                    + "\(entry.meaning) |\n"
            }.joined()
    }
}
