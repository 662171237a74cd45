import Charts
import RunStore

/// What tells a line of a plot from the others.
private struct Line: Hashable {
    var run: Int?
    var series: String?
}

/// The roles that the columns of a query's rows have in a plot.
private struct Roles {
    private let columns: [String]
    private var places: [String: Int] = [:]

    /// Assigns the roles to columns.
    ///
    /// - Parameters:
    ///   - positional: the roles that columns have by their position where none is called x. All but those in
    ///     `optional` must be filled.
    ///   - optional: roles that columns have by name, or as one of the positional ones.
    /// - Throws: an error if a role has no column, or a column has no role.
    init(_ columns: [String], positional: [String], optional: Set<String>) throws(ResultsError) {
        self.columns = columns
        for (place, column) in columns.enumerated()
        where positional.contains(column.lowercased()) || optional.contains(column.lowercased()) {
            places[column.lowercased()] = place
        }
        let required = positional.filter { !optional.contains($0) }.joined(separator: ", ")
        let others = optional.isEmpty ? "" : " and optionally \(optional.sorted().joined(separator: ", "))"
        let expected =
            "expected columns \(required)\(others) by name, or \(positional.joined(separator: ", ")) by position"
        let found = "found \(columns.joined(separator: ", "))"
        if places["x"] == nil {
            // Among columns by position the number of a run is one like any other.
            places["run_id"] = nil
            let named = Set(places.values)
            var unnamed = columns.indices.filter { !named.contains($0) }
            for role in positional where places[role] == nil && !unnamed.isEmpty {
                places[role] = unnamed.removeFirst()
            }
            if let extra = unnamed.first {
                throw ResultsError(
                    "column \(columns[extra]) of the statement has no role in the plot; \(expected); \(found)",
                    cause: .request)
            }
        }
        for role in positional where places[role] == nil && !optional.contains(role) {
            throw ResultsError("the statement has no column for \(role); \(expected); \(found)", cause: .request)
        }
        if (places["low"] == nil) != (places["high"] == nil) {
            throw ResultsError(
                "a band has the columns low and high, and one of them is missing; \(expected); \(found)",
                cause: .request)
        }
    }

    func has(_ role: String) -> Bool { places[role] != nil }

    /// Returns the name of the column that has a role, for labels.
    func name(_ role: String) -> String { places[role].map { columns[$0] } ?? "" }

    /// Returns the value that a row has for a role, or NULL if no column has the role.
    func value(_ role: String, _ row: [SQLValue]) -> SQLValue { places[role].map { row[$0] } ?? .null }

    /// Returns the run that a row says it is of.
    func run(_ row: [SQLValue]) -> Int? {
        if case .integer(let run) = value("run_id", row) { run } else { nil }
    }

    /// Returns the number that a row has for a role; NaN for NULL.
    func number(_ role: String, _ row: [SQLValue], _ rowNumber: Int) throws(ResultsError) -> Double {
        let value = value(role, row)
        if case .text(let text) = value {
            throw ResultsError(
                "column \(name(role)) (\(role)) of the statement holds the text \"\(text)\" in row \(rowNumber + 1); "
                    + "expected numbers",
                cause: .request)
        }
        return value.double ?? .nan
    }
}

extension ResultsFile {
    /// Plots lines through the rows of a SELECT: its columns are x, y and optionally series by position, or these and
    /// panel, low, high and run_id by name.
    package func plotQuery(_ sql: String, style: PlotStyle) throws(ResultsError) -> Plot {
        try plotLines(of: try rows(sql), style: style, tellsUnsteady: true)
    }

    /// Plots lines through rows, of which there is at least one; see `plotQuery`.
    ///
    /// - Parameter tellsUnsteady: whether the figure says which runs left where they began, for which the training
    ///   losses of all are read.
    package func plotLines(of result: QueryResult, style: PlotStyle, tellsUnsteady: Bool) throws(ResultsError) -> Plot {
        let roles = try Roles(
            result.columns, positional: ["x", "y", "series"], optional: ["series", "panel", "low", "high", "run_id"])
        let rows = result.rows.filter { roles.value("x", $0) != .null }
        let values = AxisValues(rows.map { roles.value("x", $0) })
        if !values.areNumbers && style.xScale == .logarithmic {
            throw ResultsError(
                "a logarithmic x axis needs numbers, and column \(roles.name("x")) (x) of the statement holds texts",
                cause: .request)
        }
        let runs = rows.compactMap { roles.run($0) }
        let labels = try RunLabels(runs, in: self)
        func line(_ row: [SQLValue]) -> Line {
            Line(run: roles.run(row), series: roles.has("series") ? roles.value("series", row).display : nil)
        }
        let unsteady = try UnsteadyRuns(among: tellsUnsteady ? runs : [], in: self)
        // Where x is something else, such as layers, a run ends nowhere.
        let time = (style.xLabel ?? roles.name("x")).lowercased()
        let isOverTime = time == "x" || ["step", "epoch", "second", "time"].contains { time.contains($0) }
        // Every panel has every series, so that a colour means the same in all of them.
        var places: [Line: Int] = [:], all: [LineChart.Series] = []
        for line in rows.map(line) where places[line] == nil {
            places[line] = all.count
            let name = [line.run.map { labels[$0] }, line.series].compactMap { $0 }.joined(separator: ", ")
            all.append(LineChart.Series(name: name.isEmpty ? roles.name("y") : name, points: [], run: line.run))
            all[all.count - 1].isDiverged = isOverTime && line.run.map(labels.hasDiverged) ?? false
        }
        var panels: [(name: String, series: [LineChart.Series])] = [], panelPlaces: [String: Int] = [:]
        for (index, row) in rows.enumerated() {
            let panel = roles.value("panel", row).display, x = roles.value("x", row)
            let place = panelPlaces[panel] ?? panels.count
            if place == panels.count {
                panelPlaces[panel] = place
                panels.append((panel, all))
            }
            guard let line = places[line(row)] else { continue }
            let point = (
                x: (values.areNumbers ? x.double : values.place(x).map(Double.init)) ?? .nan,
                y: try roles.number("y", row, index)
            )
            panels[place].series[line].points.append(point)
            if roles.has("low") {
                panels[place].series[line].band.append(
                    (try roles.number("low", row, index), try roles.number("high", row, index)))
            }
        }
        let xLabel = style.xLabel ?? roles.name("x"), yLabel = style.yLabel ?? roles.name("y")
        let charts = panels.map { panel in
            var chart = LineChart(
                title: [style.title, roles.has("panel") ? panel.name : nil].compactMap { $0 }.joined(separator: ", "),
                xLabel: xLabel, yLabel: yLabel,
                xScale: style.xScale ?? .linear, yScale: style.yScale,
                xCategories: values.areNumbers ? [] : values.names,
                series: panel.series.map { sorted($0, isUnsteady: unsteady.contain([$0.run].compactMap { $0 })) })
            chart.startsAtZero = style.startsAtZero
            return chart
        }
        let dropped = result.rows.count - rows.count
        guard dropped < result.rows.count else {
            throw ResultsError(
                "column \(roles.name("x")) (x) of the statement is NULL in every row; there is nothing to draw",
                cause: .request)
        }
        let gaps = rows.count { roles.value("y", $0) == .null }
        return Plot(
            figure: .lines(charts),
            notes: (dropped > 0 ? ["rows without \(roles.name("x")), left out: \(dropped)"] : [])
                + (gaps > 0 ? ["rows without \(roles.name("y")), which are gaps in lines: \(gaps)"] : []))
    }

    /// Plots heat maps of the rows of a SELECT: its columns are x, y and value, by name or by position, and optionally
    /// run_id and panel by name, of which each has a map of its own.
    package func plotQueryHeatMap(_ sql: String, style: PlotStyle) throws(ResultsError) -> Plot {
        try plotHeatMaps(of: try rows(sql), style: style)
    }

    /// Plots heat maps of rows, of which there is at least one; see `plotQueryHeatMap`.
    package func plotHeatMaps(of result: QueryResult, style: PlotStyle) throws(ResultsError) -> Plot {
        let roles = try Roles(result.columns, positional: ["x", "y", "value"], optional: ["run_id", "panel"])
        let labels = try RunLabels(result.rows.compactMap { roles.run($0) }, in: self)
        var maps: [(of: Line, cells: [HeatMapCell])] = [], mapPlaces: [Line: Int] = [:], places: Set<[String]> = []
        for (index, row) in result.rows.enumerated() {
            let map = Line(run: roles.run(row), series: roles.has("panel") ? roles.value("panel", row).display : nil)
            let cell = HeatMapCell(
                x: roles.value("x", row), y: roles.value("y", row), value: try roles.number("value", row, index))
            guard places.insert([map.run.map { "\($0)" } ?? "", map.series ?? "", cell.x.key, cell.y.key]).inserted
            else {
                throw ResultsError(
                    "several rows of the statement have \(roles.name("x")) \(cell.x.display) and \(roles.name("y")) "
                        + "\(cell.y.display); "
                        + "expected one value for each cell, for example avg(...) with GROUP BY", cause: .request)
            }
            let place = mapPlaces[map] ?? maps.count
            if place == maps.count {
                mapPlaces[map] = place
                maps.append((map, []))
            }
            maps[place].cells.append(cell)
        }
        let figure = Figure.heatMaps(
            maps.map { line, cells in
                let name = [style.title, line.run.map { labels[$0] }, line.series].compactMap { $0 }
                var map = heatMap(
                    cells, title: name.joined(separator: ", "), xLabel: style.xLabel ?? roles.name("x"),
                    yLabel: style.yLabel ?? roles.name("y"), valueLabel: style.valueLabel ?? roles.name("value"),
                    scale: style.colorScale)
                map.run = line.run
                return map
            })
        return Plot(figure: figure.withSharedScale())
    }

    /// Runs a SELECT that must give rows.
    private func rows(_ sql: String) throws(ResultsError) -> QueryResult {
        let result = try query(sql, isOfUser: true)
        if result.rows.isEmpty {
            throw ResultsError("the statement gave no rows, so there is nothing to draw: \(sql)", cause: .request)
        }
        return result
    }
}

/// Returns a series with its points in the order of x, and points at one x in the order of the rows.
private func sorted(_ series: LineChart.Series, isUnsteady: Bool) -> LineChart.Series {
    let order = series.points.indices.sorted { (series.points[$0].x, $0) < (series.points[$1].x, $1) }
    var result = series
    result.points = order.map { series.points[$0] }
    if isUnsteady { result.leaves = order.map { _ in true } }
    if !series.band.isEmpty { result.band = order.map { series.band[$0] } }
    return result
}
