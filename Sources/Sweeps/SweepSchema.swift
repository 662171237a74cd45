import Training

// The keys of a sweep file, declared as a config's are.

extension Shape {
    /// The whole sweep file.
    static let sweep = Shape.object(
        [
            Key(
                "name", .string, .none("the sweep file's name"),
                "What the results file calls the sweep; its runs are `<name>/<trial>`."),
            Key("config", .path, .required, "The base config, which every trial changes."),
        ] + blockKeys + [
            Key(
                "union", .list(of: .object(blockKeys)), .none("no union"),
                "Blocks whose trials are taken one block after the other."),
            Key("seeds", axis, .none("the config's seed"), "Seeds; every trial is run with each."),
        ])

    /// What combines axes; blocks side by side combine by product.
    private static let blockKeys = [
        Key(
            "product", .map(of: axis, name: "axis", mayBeEmpty: false), .none("no product"),
            "Axes of which every combination is taken, the last one varying fastest."),
        Key(
            "zip", .map(of: axis, name: "axis", mayBeEmpty: false), .none("no zip"),
            "Axes of equal length, whose values are taken together."),
        Key("list", .list(of: settings), .none("no list"), "Sets of overrides, one after the other."),
        Key(
            "random",
            .object([
                Key(
                    "count", .positiveInteger, .required,
                    "How many samples; a larger count keeps the smaller one's samples."),
                Key("seed", .naturalNumber, .value(0), "Seed of the sampler."),
                Key("axes", .map(of: sampler, name: "axis", mayBeEmpty: false), .required, "What is drawn."),
            ]), .none("no random search"), "Axes whose values are drawn at random."),
        Key("variants", variants, .none("no variants"), "An axis of named sets of overrides, called `variant`."),
    ]

    /// Without any it is the base config.
    private static let settings = Shape.map(of: .any, name: "config key", mayBeEmpty: true)
    private static let variants = Shape.map(of: settings, name: "label", mayBeEmpty: false)
    private static let condition = Key(
        "when", .map(of: .any, name: "config key or axis", mayBeEmpty: false), .none("always"),
        "The axis is varied only in trials in which these keys or axes have these values; a list means any of them.")

    private static let axis = Shape.either(
        .list(of: .any),
        .object([
            Key("values", .list(of: .any), .none("-"), "The values themselves."),
            Key(
                "linspace", .list(of: .number(.any)), .none("-"),
                "[a, b, n]: n evenly spaced values from a to b, ends included."),
            Key(
                "logspace", .list(of: .number(.any)), .none("-"),
                "[a, b, n]: n values from 10^a to 10^b, ends included, evenly spaced in the exponent."),
            Key(
                "range", .list(of: .number(.any)), .none("-"),
                "[a, b, step]: a, a + step, ... up to b, which is included where it is met."),
            Key("variants", variants, .none("-"), "Named sets of overrides; the axis may then have any name."),
            condition,
        ]))

    private static let sampler = Shape.object([
        Key("uniform", .list(of: .number(.any)), .none("-"), "[a, b]: evenly distributed between a and b."),
        Key(
            "log_uniform", .list(of: .number(.positive)), .none("-"),
            "[a, b]: evenly distributed in the logarithm between a and b."),
        Key(
            "integer", .list(of: .integer(-1_000_000_000...1_000_000_000)), .none("-"),
            "[a, b]: a whole number from a to b, ends included."),
        Key("choice", .list(of: .any), .none("-"), "One of these values."),
        condition,
    ])
}

/// The sweep file's schema for editors, as JSON Schema 2020-12, from the same declarations that the decoder uses.
package func sweepJSONSchema() -> String { fileSchema(.sweep, title: "bnexp sweep").text(indented: true) }
