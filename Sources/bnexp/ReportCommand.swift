import ArgumentParser
import Foundation
import Pages
import Reports
import RunStore
import Support
import Training

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page of pictures of runs: one HTML file that opens anywhere, also offline.",
        discussion: """
            The page answers what differs between the runs, whether they learn faster, how gradients reach the layers, how \
            activations are distributed and what batch normalization does, with the SQL behind every picture. \
            Default are the two newest runs.

            Examples:
              bnexp report 1 2 -o report.html
              bnexp report --where optimizer.learning_rate=0.1 -o report.html --force
            """)

    /// How many runs have their rows in the page.
    private static let drawn = 50

    @OptionGroup var selection: RunSelection
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The HTML file to write; default is report.html, - is standard output.", valueName: "file.html"),
        completion: .file(extensions: ["html"])) var output = "report.html"
    @Option(parsing: .unconditional, help: "The title of the page.") var title: String?
    @OptionGroup var rules: OutputRules
    @OptionGroup var results: ResultsOption

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        try rules.check(output, protecting: OutputRules.Protected(file)) {
            $0.hasPrefix("<!DOCTYPE html>") && $0.contains("<meta name=\"generator\" content=\"bnexp\">")
        }
        let chosen = try selection.references(in: file, default: .newest(2)).map(\.id)
        if chosen.count > ReportCommand.drawn {
            say("pictures are those of the first \(ReportCommand.drawn) of \(chosen.count) runs; the table has all")
        }
        let sweep = try selection.sweep.map { sweep throws in try findSweep(sweep, in: file) }
        let content = try PageContent(
            runs: chosen, chosen: Array(chosen.prefix(ReportCommand.drawn)), sweep: sweep, in: file)
        let html = PageDocument.standalone(
            try content.json(
                title: title ?? "bnexp report", subtitle: "\(results.path), \(Date().formatted(.iso8601))",
                isLive: false))
        let text = try TextOutput(path: output)
        try text.write(html)
        try text.close()
        if !OutputFile.isStandardOutput(output) { printData(output) }
        if html.utf8.count > 20_000_000 {
            say("\(output) has \(html.utf8.count / 1_000_000) MB, which browsers open slowly; choose fewer runs")
        }
    }
}
