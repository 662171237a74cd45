import ArgumentParser
import Charts
import Foundation
import Support

/// The options of a figure that do not depend on what it shows: limits, colours, and its size on paper.
struct FigureOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Where y axes begin.", valueName: "y")) var yMin: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where y axes end; all for room for every value, also one that flattens the others.", valueName: "y|all"))
    var yMax: AxisEnd?
    @Option(
        parsing: .unconditional, help: ArgumentHelp("The value of the darkest colour of heat maps.", valueName: "value")
    )
    var colorMin: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The value of the lightest colour of heat maps.", valueName: "value"))
    var colorMax: Double?
    @Flag(help: "Give all panels the same axes, or the same scale of colours.") var shared = false
    @Option(
        help: ArgumentHelp(
            "The colour of a line by its name in the legend: 1 to 7 of the palette, or #RRGGBB. May repeat.",
            valueName: "name=colour"))
    var color: [String] = []
    @Flag(help: "Give lines dashes and markers too, for prints without colours.") var grey = false
    @Option(help: ArgumentHelp("The size of the file's figure in mm.", valueName: "width x height, 89x60"))
    var size: String?
    @Option(help: ArgumentHelp("The size of letters in pt, with which lines grow; default is 8.", valueName: "pt"))
    var fontSize: Double?
    @Option(help: ArgumentHelp("The pixels of an inch of a PNG file; default is 300.", valueName: "dots")) var dpi:
        Double?

    /// - Parameters:
    ///   - output: the form of the file; nil in a terminal.
    ///   - isLogarithmic: whether the y axis is, or the scale of colours.
    func validate(_ output: FigureFormat?, isHeatMap: Bool, isLogarithmic: Bool) throws {
        let isFile = output != nil
        if !isFile && (size != nil || fontSize != nil || dpi != nil) {
            throw ValidationError("--size, --font-size and --dpi are for files; name one with --output.")
        }
        if !isFile && grey {
            throw ValidationError("--grey is for files, since terminals have letters; name one with --output.")
        }
        if let output, output != .png, dpi != nil {
            throw ValidationError(
                "--dpi is for PNG files, which have dots; leave it out, or name a file that ends with .png.")
        }
        if isHeatMap && (yMin != nil || yMax != nil || !color.isEmpty || grey) {
            throw ValidationError("--y-min, --y-max, --color and --grey are for lines; leave them out for a heat map.")
        }
        if !isHeatMap && (colorMin != nil || colorMax != nil) {
            throw ValidationError("--color-min and --color-max are for heat maps; give --heat-map.")
        }
        for (name, low, high) in [("y", yMin, yMax?.value), ("color", colorMin, colorMax)] {
            for limit in [low, high].compactMap({ $0 }) {
                if !(abs(limit) < 1e300) {
                    throw ValidationError("--\(name)-min and --\(name)-max: expected numbers, found \(limit).")
                }
                if isLogarithmic && limit <= 0 {
                    throw ValidationError(
                        "--\(name)-min and --\(name)-max: a logarithmic scale has positive numbers only, found "
                            + "\(limit)."
                    )
                }
            }
            if let low, let high, !(low < high) {
                throw ValidationError("--\(name)-min \(low) is not below --\(name)-max \(high).")
            }
        }
        if size != nil && parsedSize == nil {
            throw ValidationError(
                "--size \(size ?? ""): expected the width and the height in mm, 10 to 2000, such as 89x60.")
        }
        if let fontSize, !(1...100).contains(fontSize) {
            throw ValidationError("--font-size \(fontSize): expected 1 to 100 pt.")
        }
        if let dpi, !(20...1200).contains(dpi) { throw ValidationError("--dpi \(dpi): expected 20 to 1200.") }
        for text in color where parsedColor(text) == nil {
            throw ValidationError("--color \(text): expected NAME=1 to NAME=7, or NAME=#RRGGBB.")
        }
    }

    private var parsedSize: (width: Double, height: Double)? {
        let parts = (size ?? "").split(separator: "x", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], (10...2000).contains(width),
            (10...2000).contains(height)
        else { return nil }
        return (width, height)
    }

    /// Returns the name of a line, and its place in the palette or its colour.
    private func parsedColor(_ text: String) -> (name: String, place: Int?, color: Int?)? {
        guard let sign = text.lastIndex(of: "="), sign > text.startIndex else { return nil }
        let name = String(text[..<sign]), value = text[text.index(after: sign)...]
        if let place = Int(value), (1...7).contains(place) { return (name, place - 1, nil) }
        guard value.count == 7, value.first == "#", let color = Int(value.dropFirst(), radix: 16), color >= 0 else {
            return nil
        }
        return (name, nil, color)
    }

    /// Returns a figure with the limits and colours that the options say.
    ///
    /// - Throws: an error of usage if no line has the name that a colour is for.
    func applied(to figure: Figure) throws(Failure) -> Figure {
        var names: [String] = []
        _ = figure.mapCharts { names += $0.series.map(\.name) }
        let colors = color.compactMap(parsedColor)
        for color in colors where !names.contains(color.name) {
            throw Failure(
                .usage,
                "--color \(color.name): no line has this name; expected one of "
                    + NSOrderedSet(array: names).array.map { "\($0)" }.joined(separator: "; "))
        }
        let limited = (shared ? figure.withSharedScale() : figure)
            .mapCharts { chart in
                chart.yLimits = AxisLimits(low: yMin, high: yMax?.value)
                chart.printsInGrey = grey
                for place in chart.series.indices {
                    guard let color = colors.last(where: { $0.name == chart.series[place].name }) else { continue }
                    chart.series[place].hue = color.place ?? chart.series[place].hue
                    chart.series[place].fixedColor = color.color
                }
            }
            .mapMaps { $0.colorLimits = AxisLimits(low: colorMin, high: colorMax) }
        return yMax == nil ? limited.withReadableAxes() : limited
    }

    /// Returns the bytes of a figure as a file; characters that the format has no letters for are told on standard
    /// error.
    func bytes(of figure: Figure, _ format: FigureFormat) throws(Failure) -> [UInt8] {
        if format == .svg && size == nil && fontSize == nil { return Array(figure.svg().utf8) }
        let size = FigureSize(size: parsedSize, fontSize: fontSize ?? 8)
        let drawing = try figure.drawing(size)
        switch format {
        case .svg: return Array(drawing.svg(size).utf8)
        case .pdf:
            let (bytes, lost) = drawing.pdf(size)
            note(lost, "PDF")
            return bytes
        case .png:
            let (bytes, lost) = try drawing.png(size, dotsPerInch: dpi ?? 300)
            note(lost, "PNG")
            return bytes
        }
    }

    private func note(_ lost: [Character], _ format: String) {
        guard !lost.isEmpty else { return }
        say(
            "the \(format) has question marks for \(Set(lost).map(String.init).sorted().joined(separator: " ")); SVG has all characters"
        )
    }
}

/// Where the user ends an axis.
enum AxisEnd: ExpressibleByArgument {
    /// Behind the greatest value.
    case all
    case at(Double)

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else {
            guard let number = Double(argument) else { return nil }
            self = .at(number)
        }
    }

    var value: Double? { if case .at(let number) = self { number } else { nil } }

    static var defaultCompletionKind: CompletionKind { .list(["all"]) }
}

/// The forms of a file of a figure.
enum FigureFormat {
    case svg, pdf, png

    /// The form that the end of a path says; nil if there is no such form.
    init?(path: String) {
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case _ where path == "-" || path.hasPrefix("/dev/"), "", "svg": self = .svg
        case "pdf": self = .pdf
        case "png": self = .png
        default: return nil
        }
    }

    /// Whether the beginning of a file shows that `bnexp plot` wrote it.
    static func isOwn(_ beginning: String) -> Bool {
        beginning.hasPrefix("<svg ") && beginning.contains(" data-generator=\"bnexp plot\"")
            || beginning.hasPrefix("%PDF-1.7\n%bnexp plot ")
            || beginning.dropFirst().hasPrefix("PNG\r\n") && beginning.prefix(200).contains("bnexp plot")
    }
}
