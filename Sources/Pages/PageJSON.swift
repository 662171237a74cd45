import Charts
import Reports
import RunStore
import Support

// What the script of a page reads: these names, and those of `FigureJSON` and of Resources, are written nowhere else.

/// A table of a page.
package struct PageTable: Sendable {
    var title = ""
    var columns: [String]
    var rows: [[SQLValue]]

    package init(_ title: String = "", columns: [String], rows: [[SQLValue]]) {
        (self.title, self.columns, self.rows) = (title, columns, rows)
    }

    init(_ title: String, _ table: Table) { self.init(title, columns: table.columns, rows: table.rows) }

    package var json: JSON {
        JSON(["title": JSON(title), "columns": JSON(columns), "rows": JSON(table: rows)])
    }
}

/// A picture of a page, with what its tools show.
struct DrawnFigure: Sendable {
    var id: String
    var title: String
    var sql: String
    var command: String
    var isOverSteps = false
    var smooths = false
    var showsAll = false
    var startsAtZero = false
    var figure: Figure

    var json: JSON {
        JSON([
            "id": JSON(id), "title": JSON(title), "sql": JSON(sql), "command": JSON(command),
            "isOverSteps": JSON(.boolean(isOverSteps)), "smooths": JSON(.boolean(smooths)),
            "showsAll": JSON(.boolean(showsAll)), "startsAtZero": JSON(.boolean(startsAtZero)), "figure": figure.json,
        ])
    }
}

/// A part of a page, in the order in which it is read.
struct DrawnSection: Sendable {
    var id: String
    var title: String
    var question: String
    /// The answer in words, a line each.
    var sentences: [String] = []
    var tables: [PageTable] = []
    var figures: [DrawnFigure] = []
    /// What is looked up rather than read.
    var tablesBelow: [PageTable] = []

    var json: JSON {
        JSON([
            "id": JSON(id), "title": JSON(title), "question": JSON(question), "sentences": JSON(sentences),
            "tables": JSON(.array(tables.map(\.json))), "figures": JSON(.array(figures.map(\.json))),
            "tablesBelow": JSON(.array(tablesBelow.map(\.json))),
        ])
    }
}

/// A chosen run, with the runs that differ from it in nothing but the seed.
struct DescribedRun: Sendable {
    var id: Int
    var label: String
    var group: Int
    var groupLabel: String
    /// From 0 to 1 where runs differ in one number, so that their colours may have its order.
    var order: Double?
    /// Whether it left where it began, so that its values may lie beyond the axes of the others.
    var isUnsteady = false

    var json: JSON {
        var json = JSON([
            "id": JSON(.integer(id)), "label": JSON(label), "group": JSON(.integer(group)),
            "groupLabel": JSON(groupLabel),
        ])
        if let order { json["order"] = JSON(.number(order)) }
        if isUnsteady { json["isUnsteady"] = true }
        return json
    }
}

/// Rows that a picture of a page goes on with, or all of it anew.
struct FigureNews: Sendable {
    var id: String
    var figure: Figure
    var replaces: Bool

    var json: JSON {
        JSON(["id": JSON(id), "figure": figure.json, "replaces": JSON(.boolean(replaces))])
    }
}

extension RunClocks {
    var json: JSON {
        func list(_ unit: (key: String, value: (x: [Double], y: [Double]))) -> JSON.Member {
            JSON.Member(unit.key, JSON(["x": JSON(numbers: unit.value.x), "y": JSON(numbers: unit.value.y)]))
        }
        return JSON(byRun: clocks.mapValues { units in JSON(.object(units.sorted { $0.key < $1.key }.map(list))) })
    }
}

extension JSON {
    /// Whole page, of which `addTable` brings the runs.
    init(
        title: String, subtitle: String, isLive: Bool, chosen: [Int], described: [DescribedRun], clocks: RunClocks,
        steps: [Int: Int], sections: [DrawnSection]
    ) {
        self.init([
            "title": JSON(title), "subtitle": JSON(subtitle), "live": JSON(.boolean(isLive)),
            "palette": Figure.palette, "chosen": JSON(.array(chosen.map { JSON(.integer($0)) })),
            "described": JSON(.array(described.map(\.json))), "clocks": clocks.json,
            "cursors": JSON(byRun: steps.mapValues { JSON(.integer($0)) }),
            "sections": JSON(.array(sections.map(\.json))),
        ])
    }

    /// What a file has beyond what a page shows.
    init(steps: [Int: Int], figures: [FigureNews], clocks: RunClocks?, unsteady: UnsteadyRuns?) {
        self.init([
            "cursors": JSON(byRun: steps.mapValues { JSON(.integer($0)) }),
            "figures": JSON(.array(figures.map(\.json))),
        ])
        if let clocks { self["clocks"] = clocks.json }
        if let unsteady { self["unsteady"] = JSON(.array(unsteady.runs.sorted().map { JSON(.integer($0)) })) }
    }

    /// The rows of an answer to a SELECT of a page's reader.
    package init(answer: QueryResult, isCut: Bool) {
        self = PageTable(columns: answer.columns, rows: answer.rows).json
        self["isCut"] = JSON(.boolean(isCut))
    }

    /// Adds the table of runs, with the state of the file that it is of.
    mutating func add(_ table: RunRows, state: String) {
        self["state"] = JSON(state)
        self["columns"] = JSON(table.columns)
        self["shownColumns"] = JSON(table.shown)
        self["rows"] = JSON(table: table.rows)
    }

    fileprivate init(byRun values: [Int: JSON]) {
        self.init(.object(values.sorted { $0.key < $1.key }.map { JSON.Member("\($0)", $1) }))
    }

    fileprivate init(table rows: [[SQLValue]]) { self.init(.array(rows.map { JSON(.array($0.map(\.pageJSON))) })) }
}

extension SQLValue {
    /// The value in a page: a number that is not finite is a text.
    fileprivate var pageJSON: JSON {
        switch self {
        case .null: JSON(.null)
        case .integer(let number): JSON(.integer(number))
        case .number(let number): number.isFinite ? JSON(.number(number)) : JSON("\(number)")
        case .text(let text): JSON(text)
        }
    }
}
