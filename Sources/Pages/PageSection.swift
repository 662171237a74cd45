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
    func description(
        of runs: [Int], upTo lastSteps: [Int: Int], in file: ResultsFile, tables: [JSON] = []
    ) throws(ResultsError) -> JSON {
        var descriptions: [JSON] = []
        if !lastSteps.isEmpty {
            for figure in figures {
                if let description = try figure.description(of: runs, upTo: lastSteps, in: file) {
                    descriptions.append(description)
                }
            }
        }
        var json = JSON([
            "id": JSON(id), "title": JSON(title), "question": JSON(question), "figures": JSON(.array(descriptions)),
            "tables": JSON(.array(tables)),
        ])
        if descriptions.isEmpty && tables.isEmpty {
            json["note"] = JSON(
                runs.isEmpty ? "No run is chosen." : "The chosen runs have no rows for this. \(isLoggedBy)")
        }
        return json
    }
}
