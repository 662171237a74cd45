import Foundation

/// A block of commands of a document, with what it is shown to print.
struct ShownBlock {
    var document: String
    /// The number of its first line.
    var line: Int
    var commands: [String]
    /// The lines that are shown to be printed; nil where none are.
    var output: [String]?
    /// What an HTML comment before it says of the test, such as `not run: needs a Slurm cluster`.
    var directive: String?

    /// Why the block is not run; empty where the comment gives no reason.
    var reasonNotToRun: String? {
        directive.flatMap { $0.hasPrefix("not run") ? $0.dropFirst("not run".count) : nil }
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ": ")) }
    }
    /// The arguments that shorten what the block's `bnexp run` and `bnexp sweep` do, of `run with: ARGUMENTS`.
    var furtherArguments: String? {
        directive.flatMap { $0.hasPrefix("run with: ") ? String($0.dropFirst("run with: ".count)) : nil }
    }
}

/// The blocks of commands of a Markdown file.
func shownBlocks(of document: String) throws -> [ShownBlock] {
    let text = try String(contentsOf: repository.appendingPathComponent(document), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    /// The first line at or after an index that has text.
    func next(_ index: Int) -> Int { lines[index...].firstIndex { !$0.isEmpty } ?? lines.count }
    func end(_ index: Int) -> Int { lines[index...].firstIndex { $0 == "```" } ?? lines.count }
    var blocks: [ShownBlock] = []
    var index = 0
    var directive: String?
    while index < lines.count {
        let line = lines[index]
        if line.hasPrefix("<!-- "), line.hasSuffix(" -->") {
            directive = String(line.dropFirst(5).dropLast(4))
        } else if line == "```sh" {
            let close = end(index + 1)
            var block = ShownBlock(
                document: document, line: index + 1, commands: Array(lines[index + 1..<close]), directive: directive)
            let following = next(close + 1)
            if following < lines.count, lines[following] == "```" {
                let close = end(following + 1)
                block.output = Array(lines[following + 1..<close])
                index = close
            } else {
                index = close
            }
            blocks.append(block)
            directive = nil
        } else if line.hasPrefix("```") {
            index = end(index + 1)
            directive = nil
        } else if !line.isEmpty {
            directive = nil
        }
        index += 1
    }
    return blocks
}

/// Whether lines of output are what a document shows.
///
/// Compared are the words of lines that are not empty. What differs from run to run is compared by its shape:
/// - uuids, dates, times of day, and numbers before `steps/s`, `s`, `ms` and `s left`;
/// - the column of a table, or the row, whose name ends with `seconds` or is `began` or `duration`.
/// - the id of the run in `bnexp show N --config`, since trials of a sweep begin in any order.
/// - A line `...` stands for any lines, and lines of progress before the last one of a run are not shown.
/// - On another instruction set than that of the documents all numbers are.
/// - Returns: the first difference; nil where there is none.
func difference(shown: [String], printed: [String], numbersByShape: Bool) -> String? {
    let shown = comparable(shown, numbersByShape),
        printed = comparable(printed.filter { !isProgress($0) }, numbersByShape)
    var place = 0, mayLeaveOut = false
    for line in shown {
        if line == "..." {
            mayLeaveOut = true
            continue
        }
        let rest = printed[place...]
        guard let found = mayLeaveOut ? rest.firstIndex(of: line) : rest.first == line ? place : nil else {
            return "shown  \(line)\nprinted \(mayLeaveOut ? "nowhere" : rest.first ?? "nothing more")"
        }
        place = found + 1
        mayLeaveOut = false
    }
    return mayLeaveOut || place == printed.count ? nil : "not shown: \(printed[place])"
}

/// A line of progress of a run that has not made all of its steps.
private func isProgress(_ line: String) -> Bool {
    guard let steps = line.firstMatch(of: #/: step ([0-9]+)/([0-9]+) /#) else { return false }
    return steps.output.1 != steps.output.2
}

private func comparable(_ lines: [String], _ numbersByShape: Bool) -> [String] {
    var columns: [String] = [], isTable = false, result: [String] = []
    for (index, line) in lines.enumerated() {
        var cells = line.split(separator: /\s{2,}/).map { masked(String($0), numbersByShape) }
        if cells.isEmpty {
            isTable = false
            continue
        }
        // The rule below the names of the columns.
        if line.wholeMatch(of: /[- ]*--[- ]*/) != nil {
            columns = index == 0 ? [] : lines[index - 1].split(separator: /\s{2,}/).map(String.init)
            isTable = true
            continue
        }
        if isTable {
            if isTime(cells[0]) { cells = [cells[0]] }
            if cells.count == columns.count {
                for (place, name) in columns.enumerated() where isTime(name) { cells[place] = "TIME" }
            }
        }
        result.append(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
    }
    return result
}

private func isTime(_ name: String) -> Bool { name.hasSuffix("seconds") || ["began", "duration"].contains(name) }

private func masked(_ cell: String, _ numbersByShape: Bool) -> String {
    var cell = cell
    cell.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
    cell.replace(/[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+Z?)?/, with: "DATE")
    cell.replace(/[0-9.]+( steps\/s| ms\b| s\b)/) { "N\($0.output.1)" }
    cell.replace(/bnexp show [0-9]+ --config/, with: "bnexp show N --config")
    if numbersByShape { cell.replace(/[0-9][0-9.,]*(e[-+]?[0-9]+)?/, with: "N") }
    return cell
}
