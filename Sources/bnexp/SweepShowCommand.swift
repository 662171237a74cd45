import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct SweepShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a sweep: its axes, their values and its trials.",
        discussion: """
            Example:
              bnexp sweep show latest
            """)

    @OptionGroup var sweep: SweepArgument
    @Flag(help: "Print the sweep as it was asked for, JSON: the sweep file with the base config in it.")
    var definition =
        false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON: one object with a list for each part.") var json = false

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        let reference = try findSweep(sweep.name, in: file)
        if definition {
            let found = try file.query("SELECT definition FROM sweep WHERE id = ?", [.integer(reference.id)])
            let text = found.rows.first?[0].text ?? ""
            return printData(try JSONReader.read(text, source: "the sweep's definition").text(indented: true))
        }
        let all = try file.sweepListing()
        let own = all.rows.first { $0[0] == .integer(reference.id) } ?? []
        let axes = try file.sweepAxes(of: reference), trials = try file.sweepStates(of: reference)
        if json {
            return showJSON([("sweep", Table(columns: all.columns, rows: [own])), ("axis", axes), ("trial", trials)])
        }
        var head = Table(
            columns: ["sweep", ""],
            rows: zip(all.columns, own).filter { $0.1 != .null && $0.1 != .integer(0) }.map { [.text($0.0), $0.1] })
        head.fit = .folding()
        show(head, json: false)
        for table in [axes, trials] {
            printData()
            show(table, json: false)
        }
    }
}
