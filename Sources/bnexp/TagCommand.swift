import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Add tags to a run or remove them; prints the tags that the run then has.",
        discussion: """
            Examples:
              bnexp tag latest baseline figure-1
              bnexp list --tag baseline
              bnexp tag latest baseline --remove
            """)

    @OptionGroup var selection: RunArgument
    @Argument(help: "The tags; without any the run's tags are printed.", completion: .tag) var tags: [String] = []
    @Flag(help: "Remove the tags.") var remove = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        // What an earlier version took as a tag can be removed.
        if !remove { for tag in tags { try requireName(tag, "the tag") } }
        guard !(remove && tags.isEmpty) else { throw ValidationError("--remove needs the tags to remove.") }
    }

    func run() throws {
        let file = try tags.isEmpty ? ResultsFile(reading: results.path) : ResultsFile.existing(results.path)
        let run = try file.findRun(selection.runName)
        if remove { try file.removeTags(tags, from: run) } else if !tags.isEmpty { try file.addTags(tags, to: run) }
        let all = try file.tags(of: run)
        if json {
            show(Table(columns: ["tag"], rows: all.map { [.text($0)] }), json: true)
        } else {
            if all.isEmpty { say("run \(run.id) (\(run.name)) has no tags") }
            all.forEach { printData($0.escapedForTerminal()) }
        }
    }
}
