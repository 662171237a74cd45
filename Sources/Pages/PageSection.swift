import RunStore
import Support

/// A part of a page: the question that it answers, and the pictures that do.
struct PageSection: Sendable {
    var id: String
    var title: String
    var question: String
    var figures: [PageFigure]
    /// What to set so that the pictures have something to show.
    var isLoggedBy: String

    /// Returns the section of these runs, with the pictures that they have rows for.
    ///
    /// - Parameter lastSteps: what is drawn of each run, since a run may write more while the page is made.
    func drawn(of runs: [Int], upTo lastSteps: [Int: Int], in file: ResultsFile) throws(ResultsError) -> DrawnSection {
        var section = DrawnSection(id: id, title: title, question: question)
        if !lastSteps.isEmpty {
            for figure in figures {
                if let figure = try figure.drawn(of: runs, upTo: lastSteps, in: file) { section.figures.append(figure) }
            }
        }
        if section.figures.isEmpty {
            section.sentences = [
                runs.isEmpty ? "No run is chosen." : "The chosen runs have no rows for this. \(isLoggedBy)"
            ]
        }
        return section
    }
}
