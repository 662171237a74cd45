import Keys
import Support
import Testing

private enum Colour: String, CaseIterable, Sendable { case red, green }

private struct Circle: KeyedKind, Equatable {
    static let kind = "circle"
    static let documentation = "A circle."
    let radius: Double

    init(_ keys: KeyReader) throws(ConfigError) {
        radius = try keys.required("radius", .number(.positive), "Half of the width.")
    }
}

private struct Square: KeyedKind, Equatable {
    static let kind = "square"
    static let documentation = "A square."
    let width: Double
    let tilt: Double

    init(_ keys: KeyReader) throws(ConfigError) {
        width = try keys("width", .number(.positive), 1.0, "Length of an edge.")
        tilt = try keys("tilt", .number(.any), JSON(.number(width / 2)), shownAs: "half of `width`", "Degrees.")
    }
}

private enum Figure: Equatable, Sendable {
    case circle(Circle)
    case square(Square)
    static let form = Form.kinds([KindForm(Circle.self, Figure.circle), KindForm(Square.self, Figure.square)])
}

private struct Drawing: Keyed {
    let title: String
    let colours: [Colour]
    let figure: Figure
    let margin: Margin?
    let sizes: [Int]

    struct Margin: Keyed {
        let left: Int
        let right: Int

        init(_ keys: KeyReader) throws(ConfigError) {
            left = try keys("left", .integer(0...9), 1, "To the left.")
            right = try keys("right", .integer(0...9), 2, "To the right.")
            try keys.require(left <= right, "left", "found \(left), above right \(right)")
        }
    }

    init(_ keys: KeyReader) throws(ConfigError) {
        title = try keys.required("title", .string, "What stands above.")
        colours = try keys("colours", .set(of: .choice), ["red"], "Of the lines.")
        figure = try keys("figure", Figure.form, JSON(.object([JSON.Member("kind", "square")])), "What is drawn.")
        margin = try keys.optional("margin", .object, "no margin", "Free space.")
        sizes = try keys(
            "sizes", .either(.list(of: .positiveInteger), Form.positiveInteger.map { [$0] }), 3, "One or several.")
    }
}

private func read(_ text: String) throws(ConfigError) -> (value: Drawing, resolved: JSON) {
    try Form<Drawing>.read(JSONReader.read(text, source: "d.json"))
}

private func message(_ text: String) -> String {
    do {
        return "read as \(try read(text).resolved.text())"
    } catch {
        return error.message
    }
}

@Suite struct KeyReaderTests {
    @Test func defaultsAreFilledInInTheOrderOfDeclaration() throws {
        let (drawing, resolved) = try read(#"{"sizes": [1, 2e1], "title": "a", "margin": {"right": 3}}"#)
        #expect(drawing.colours == [.red] && drawing.sizes == [1, 20] && drawing.margin?.right == 3)
        #expect(
            resolved.text() == #"{"title": "a", "colours": ["red"], "figure": {"kind": "square", "width": 1.0, "#
                + #""tilt": 0.5}, "margin": {"left": 1, "right": 3}, "sizes": [1, 20]}"#)
        #expect(try read(resolved.text()).resolved == resolved)
    }

    @Test func aDefaultFollowsFromAnotherKey() throws {
        guard case .square(let square) = try read(#"{"title": "a", "figure": {"width": 4}}"#).value.figure else {
            Issue.record("expected a square")
            return
        }
        #expect(square.tilt == 2)
    }

    @Test(arguments: [
        (#"{}"#, #"d.json:1:1: title: this key is missing; expected a text in double quotes. What stands above."#),
        (
            #"{"titel": "a"}"#,
            #"d.json:1:2: titel: unknown key; did you mean "title"? Known keys: title, colours, figure, margin, sizes"#
        ),
        (
            #"{"title": "a", "figure": {"kind": "circle", "width": 1}}"#,
            #"d.json:1:45: figure.width: contradicts the kind: only "square" has this key, and the kind is "circle". "#
                + "Remove it or change the kind. Known keys: kind, radius"
        ),
        (
            #"{"title": "a", "figure": {"kind": "line"}}"#,
            #"d.json:1:35: figure.kind: found "line", expected one of "circle", "square""#
        ),
        (#"{"title": "a", "margin": {"left": 5}}"#, "d.json:1:35: margin.left: found 5, above right 2"),
        (
            #"{"title": "a", "colours": ["red", "red"]}"#,
            #"d.json:1:35: colours[1]: found "red" a second time; remove it"#
        ),
        (
            #"{"title": "a", "sizes": "x"}"#,
            #"d.json:1:25: sizes: found "x", expected a list, each element a whole number from 1 to 9,223,372,036,854,775,807; or a whole number from 1 to 9,223,372,036,854,775,807"#
        ),
    ])
    func mistakesAreToldWithTheirPlace(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test func everyKeyIsSettable() {
        #expect(
            Form<Drawing>.object.shape.settableKeys.map(\.path) == [
                "title", "colours", "figure.kind", "figure.radius", "figure.width", "figure.tilt", "margin",
                "margin.left",
                "margin.right", "sizes",
            ])
    }

    /// A key that several kinds have is one entry, which tells where they differ.
    @Test func entriesAreOneForEachKey() throws {
        let entries = Form<Drawing>.object.shape.keyEntries
        #expect(Set(entries.map(\.path)).count == entries.count)
        let kind = try #require(entries.first { $0.path == "figure.kind" })
        #expect(kind.choices.map(\.name) == ["circle", "square"] && kind.defaultText == "`\"square\"`")
        let tilt = try #require(entries.first { $0.path == "figure.tilt" })
        #expect(tilt.kinds == ["`square`"] && tilt.namedWords == ["width"])
    }

    @Test func tablesAndSchemasComeFromTheDeclarations() {
        let shape = Form<Drawing>.object.shape
        #expect(shape.keyTable.contains("| `figure.tilt` | `square` | a number | half of `width` | Degrees. |"))
        #expect(shape.keyTable.contains("| `margin` |  | an object | absent: no margin |"))
        #expect(shape.keyTable.contains("| `margin.left` |  | a whole number from 0 to 9 | `1` | To the left. |"))
        let schema = shape.jsonSchema(title: "drawing")
        #expect(schema["required"] == ["title"] && schema["properties"]?["colours"]?["default"] == ["red"])
        #expect(schema["properties"]?["figure"]?["oneOf"]?.array?.count == 2)
    }
}
