import Foundation
import Support

extension Figure {
    /// The figure as pages draw it: everything but sizes, with the axes that the other forms have.
    ///
    /// A list of numbers is the base64 of little-endian float64 values, `{"f64"}`, or for at least three numbers that
    /// are equally far apart `{"from", "by", "count"}`. A point that is not finite is a gap.
    package var json: JSON {
        switch self {
        case .lines(let charts): JSON(["kind": "lines", "panels": JSON(.array(charts.map(\.json)))])
        case .heatMaps(let maps): JSON(["kind": "maps", "panels": JSON(.array(maps.map(\.json)))])
        }
    }

    /// The colours that pages take from here: those of series on white and on black, and the samples of viridis.
    package static var palette: JSON {
        JSON([
            "light": JSON(Palette.series.map(\.hex)), "dark": JSON(Palette.terminalSeries.map(\.hex)),
            "viridis": JSON(Palette.viridisSamples.map(\.hex)),
        ])
    }
}

extension LineChart {
    fileprivate var json: JSON {
        JSON([
            "title": JSON(title), "xLabel": JSON(xLabel), "yLabel": JSON(yLabel), "categories": JSON(xCategories),
            "xAxis": xAxis.json, "yAxis": yAxis.json, "series": JSON(.array(series.map(\.json))), "notes": JSON(notes),
        ])
    }
}

extension LineChart.Series {
    fileprivate var json: JSON {
        var json = JSON([
            "name": JSON(name), "mark": JSON("\(mark)"), "x": JSON(numbers: points.map(\.x)),
            "y": JSON(numbers: points.map(\.y)),
        ])
        if !band.isEmpty {
            json["low"] = JSON(numbers: band.map(\.low))
            json["high"] = JSON(numbers: band.map(\.high))
        }
        if let run { json["run"] = JSON(.integer(run)) }
        if isDiverged { json["diverged"] = true }
        // Of a run the page knows itself whether it is steady.
        func places(_ flags: [Bool]) -> JSON {
            JSON(.array(flags.indices.filter { flags[$0] }.map { JSON(.integer($0)) }))
        }
        if run == nil && leaves.contains(true) { json["leaves"] = places(leaves) }
        if isHollow.contains(true) { json["hollow"] = places(isHollow) }
        if let hue { json["hue"] = JSON(.integer(hue)) }
        if lightness > 0 { json["lightness"] = JSON(.number(lightness)) }
        if let fixedColor { json["color"] = JSON(RGB(fixedColor).hex) }
        return json
    }
}

extension HeatMap {
    fileprivate var json: JSON {
        var json = JSON([
            "title": JSON(title), "xLabel": JSON(xLabel), "yLabel": JSON(yLabel), "valueLabel": JSON(valueLabel),
            "columns": JSON(columns), "rows": JSON(rows), "values": JSON(numbers: Array(values.joined())),
            "colorAxis": axis.json, "notes": JSON(notes),
        ])
        if let run { json["run"] = JSON(.integer(run)) }
        return json
    }
}

extension Axis {
    fileprivate var json: JSON {
        JSON([
            "scale": JSON("\(scale)"), "low": JSON(.number(ends.lowerBound)), "high": JSON(.number(ends.upperBound)),
            "ticks": JSON(.array(ticks.map { JSON(.number($0)) })), "labels": JSON(ticks.map(label)),
        ])
    }
}

extension JSON {
    /// Makes a list of numbers as pages read it.
    package init(numbers: [Double]) {
        if numbers.count >= 3, case let step = numbers[1] - numbers[0], step.isFinite, step != 0,
            numbers.indices.allSatisfy({ numbers[0] + step * Double($0) == numbers[$0] })
        {
            self.init([
                "from": JSON(.number(numbers[0])), "by": JSON(.number(step)), "count": JSON(.integer(numbers.count)),
            ])
        } else {
            let bytes = numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
            self.init(["f64": JSON(bytes.base64EncodedString())])
        }
    }
}
