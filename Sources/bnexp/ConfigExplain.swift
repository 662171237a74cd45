import ArgumentParser
import Keys
import Reports
import RunStore
import Support
import Training

extension ConfigCommand {
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a config key means: values, default, the keys it depends on; or list keys.",
            discussion: """
                A key with others below it lists those too; the beginning of keys lists all that begin so.

                Examples:
                  bnexp config explain optimizer.learning_rate
                  bnexp config explain model.normalization
                """)
        @Argument(help: "A key, or the beginning of keys; default are all.", completion: .configKey) var key: String?
        @Flag(help: "Print JSON, a row for each key.") var json = false

        func run() throws {
            let entries = Config.shape.keyEntries
            guard let key else { return list(entries) }
            // Of the elements of a list one is as any other.
            let path = key.replacing(/\[\d*\]/, with: "[]")
            let entry = entries.first { $0.path == path }
            let below = entries.filter { entry == nil ? $0.path.hasPrefix(path) : isBelow(path, $0.path) }
            guard entry != nil || !below.isEmpty else { throw unknown(key, among: entries) }
            if json || entry == nil { return list([entry].compactMap { $0 } + below) }
            if let entry { explain(entry, among: entries) }
            guard !below.isEmpty else { return }
            printData("\nkeys below it\n")
            list(below)
        }

        private func list(_ entries: [KeyEntry]) {
            let texts = entries.map { entry in
                [entry.path]
                    + (json ? [entry.kinds.joined(separator: ", "), entry.value] : [])
                    + [entry.defaultText, entry.meaning]
            }
            var table = Table(
                columns: ["key"] + (json ? ["kinds", "value"] : []) + ["default", "meaning"],
                rows: texts.map { $0.map { .text(plain($0)) } })
            table.fit = .folding()
            show(table, json: json)
        }

        private func explain(_ entry: KeyEntry, among entries: [KeyEntry]) {
            let related = keysRelated(to: entry, in: entries)
            let lines: [(head: String, text: String)] = [
                ("value", entry.value), ("default", entry.defaultText), ("kinds", entry.kinds.joined(separator: ", ")),
                ("see also", related.joined(separator: ", ")), ("more", documentationPage(of: entry.path)),
            ]
            let width = lineWidth(standardOutput)
            printData(indented(plain(entry.meaning), after: entry.path + ": ", width: width))
            printData()
            for (head, text) in lines where !text.isEmpty {
                printData(
                    indented(plain(text), after: head.padding(toLength: 10, withPad: " ", startingAt: 0), width: width))
            }
            printData(example(of: entry, width: width))
            guard !entry.choices.isEmpty else { return }
            printData()
            let longest = entry.choices.map(\.name.count).max() ?? 0
            for (name, meaning) in entry.choices {
                let head = name.padding(toLength: longest + 2, withPad: " ", startingAt: 0)
                printData(indented(plain(meaning), after: head, width: width))
            }
        }

        private func unknown(_ key: String, among entries: [KeyEntry]) -> Failure {
            let paths = entries.map(\.path)
            let name = key.split(separator: ".").last.map(String.init) ?? key
            // A key is often known by its last word only.
            let sameName = paths.filter { $0.split(separator: ".").last.map(String.init) == name }
            let near = sameName.isEmpty ? [nearest(to: key, among: paths)].compactMap { $0 } : sameName
            let hint =
                near.isEmpty
                ? "bnexp config explain lists all keys" : "did you mean \(near.joined(separator: " or "))?"
            return Failure(.usage, "unknown key \"\(key)\"; \(hint)")
        }
    }
}

/// Options that set the key, in lines that can be pasted: between words of the shell a line ends with a backslash, and
/// where JSON has a space it may go on in the next line.
private func example(of entry: KeyEntry, width: Int?) -> String {
    let head = "example   ", values = entry.example.map { quotedForShell($0.text) }
    let line = head + values.map { "--set \($0)" }.joined(separator: " ")
    guard let width, line.count > width else { return line }
    let room = width - head.count
    let options = values.map { value in
        let option = "--set \(value)"
        guard option.count > room, value.split(separator: " ").allSatisfy({ $0.count <= room }) else { return option }
        let lines = option.wrapped(to: room)
        return (lines[0] == "--set" ? ["--set \\"] + lines.dropFirst() : lines).joined(separator: "\n")
    }
    let indentation = "\n" + String(repeating: " ", count: head.count)
    return head + options.joined(separator: " \\\n").replacing("\n", with: indentation)
}

/// Whether a path is of a key in the object at another path, or in an element of the list there.
private func isBelow(_ owner: String, _ path: String) -> Bool {
    path.hasPrefix(owner + ".") || path.hasPrefix(owner + "[].")
}

/// The keys that the texts of a key name, those that name it, and the kind of its object.
private func keysRelated(to entry: KeyEntry, in entries: [KeyEntry]) -> [String] {
    let paths = Set(entries.map(\.path))
    func named(by entry: KeyEntry) -> [String] {
        let parent = entry.path.split(separator: ".").dropLast().map { $0 + "." }.joined()
        let words = entry.namedWords + (entry.kinds.isEmpty ? [] : ["kind"])
        return words.compactMap { word in [parent + word, word].first { paths.contains($0) } }
    }
    let others = entries.filter { $0.path != entry.path && $0.namedWords.contains { $0.hasSuffix(entry.lastName) } }
    let naming = others.filter { named(by: $0).contains(entry.path) }.map(\.path)
    var seen: Set = [entry.path]
    return (named(by: entry) + naming).filter { seen.insert($0).inserted }
}

extension KeyEntry {
    fileprivate var lastName: Substring { path.split(separator: ".").last ?? "" }
}

/// The page of docs that tells most of a key.
private func documentationPage(of path: String) -> String {
    let pages = [
        ("data", "data"), ("model.normalization", "normalization"), ("model.residual", "architecture"),
        ("logging", "results"), ("evaluation.perturbations", "training"), ("evaluation", "results"),
        ("checkpoint", "durability"),
    ]
    let page = pages.first { path == $0.0 || isBelow($0.0, path) }?.1
    return "docs/\(page ?? "training").md"
}

/// A text without the back quotes of Markdown.
private func plain(_ text: String) -> String { text.replacing("`", with: "") }
