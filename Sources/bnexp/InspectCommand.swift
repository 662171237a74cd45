import ArgumentParser
import Charts
import Datasets
import Foundation
import Support

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "List the datasets, links and attributes of an HDF5 file.",
        discussion: """
            Examples:
              bnexp data inspect data/mnist-5k.h5 --values
              bnexp data inspect data/mnist-5k.h5 --preview train/images
            """)

    @Argument(help: "An HDF5 file.", completion: .hdf5File) var file: String
    @Flag(help: "Look at the values too: ranges, means, classes with their counts, what is not finite or constant.")
    var values = false
    @Option(
        help: ArgumentHelp(
            "Show one row, by default the first, images as pictures.", valueName: "dataset[:row]"))
    var preview: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if values && preview != nil {
            throw ValidationError("--values lists and --preview shows a row; give one of them.")
        }
    }

    func run() throws {
        if let preview {
            let row = try DatasetPreview(file: file, preview)
            return json ? try printJSON(row) : printData(text(of: row), terminator: "")
        }
        let summary = try FileSummary(file: file, readsValues: values)
        if json { return try printJSON(summary) }
        printData(FileListing(summary, width: terminalWidth(standardOutput)).text)
    }

    private func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Line breaks in texts are escaped already; other control characters would steer a terminal.
        let text = String(decoding: try encoder.encode(value), as: UTF8.self).unicodeScalars.map { scalar in
            scalar.steersTerminal && scalar != "\n" ? String(format: "\\u%04x", scalar.value) : String(scalar)
        }
        printData(text.joined())
    }

    /// The row as a picture, or else its numbers or strings, the first 1,000 of them.
    private func text(of row: DatasetPreview) -> String {
        let width = terminalWidth(standardOutput)
        let heading = "\(row.dataset), row \(row.row) of \(row.rowCount): \(describe(shape: row.shape)) \(row.type)"
        let title = heading.escapedForTerminal().wrapped(to: max(20, width)).map { $0 + "\n" }.joined()
        if let picture = row.picture {
            return title + Picture(lines: picture).text(width: width, color: TerminalColor.ofStandardOutput)
        }
        let all =
            row.numbers.isEmpty
            ? row.strings.map { quotedForJSON($0).escapedForTerminal() } : row.numbers.map(numberText)
        let shown = all.prefix(1000).joined(separator: " ").wrapped(to: max(20, width))
        return title + shown.map { $0 + "\n" }.joined() + (all.count > 1000 ? "... and \(all.count - 1000) more\n" : "")
    }
}
