import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct NoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Write a note on a run, or print its notes.",
        discussion: """
            Examples:
              bnexp note latest "the loss jumps at step 400"
              bnexp note latest
            """)

    @OptionGroup var selection: RunArgument
    @Argument(help: "The note; without it the run's notes are printed.") var text: String?
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard text?.isEmpty != true else {
            throw ValidationError("the note is empty; expected a text, or none to print the notes.")
        }
    }

    func run() throws {
        guard let text else {
            let file = try ResultsFile(reading: results.path)
            let run = try file.findRun(selection.runName)
            let notes = Table(try file.notes(of: run))
            if notes.rows.isEmpty && !json { return say("run \(run.id) (\(run.name)) has no notes") }
            return show(notes, json: json)
        }
        let file = try ResultsFile.existing(results.path)
        try file.addNote(text, to: try file.findRun(selection.runName))
    }
}
