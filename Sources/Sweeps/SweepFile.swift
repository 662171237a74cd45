import Foundation
import Keys
import Support

/// A sweep file as it was written: the base config and what varies.
struct SweepFile: Keyed {
    let name: String?
    let config: String
    /// What stands at the top level; its parts combine by product.
    let block: SweepBlock
    /// Blocks whose trials are taken one block after the other.
    let union: [SweepBlock]?
    let unionPosition: SourcePosition?
    let seeds: NamedValue<AxisSource>?

    init(_ keys: KeyReader) throws(ConfigError) {
        name = try keys.optional(
            "name", .name, "the sweep file's name",
            "What the results file calls the sweep; its runs are `<name>/<trial>`.")
        config = try keys.required("config", .path, "The base config, which every trial changes.")
        block = try SweepBlock(keys)
        union = try keys.optional(
            "union", .list(of: .object), "no union", "Blocks whose trials are taken one block after the other.")
        unionPosition = keys.position("union")
        let seeds = try keys.optional(
            "seeds", AxisSource.form, "the config's seed", "Seeds; every trial is run with each.")
        self.seeds = seeds.map { NamedValue(name: "seed", value: $0, position: keys.position("seeds")) }
        try keys.require(union.map { !$0.isEmpty } ?? true, "union", "the list is empty; give at least one block")
    }
}

/// What combines axes; the parts of a block combine by product, in the order of the file.
struct SweepBlock: Keyed {
    enum Part: Sendable {
        case product([NamedValue<AxisSource>])
        case zip([NamedValue<AxisSource>])
        case list([[NamedValue<JSON>]])
        case random(RandomSource)
        case variants([NamedValue<[NamedValue<JSON>]>])
    }
    let parts: [(part: Part, position: SourcePosition?)]

    init(_ keys: KeyReader) throws(ConfigError) {
        let axes = Form.map(of: AxisSource.form, name: "axis")
        let parts = [
            try keys.optional(
                "product", axes, "no product",
                "Axes of which every combination is taken, the last one varying fastest."
            ).map { ("product", Part.product($0)) },
            try keys.optional("zip", axes, "no zip", "Axes of equal length, whose values are taken together.")
                .map { ("zip", .zip($0)) },
            try keys.optional(
                "list", .list(of: AxisSource.settings), "no list", "Sets of overrides, one after the other."
            ).map { ("list", .list($0)) },
            try keys.optional("random", .object, "no random search", "Axes whose values are drawn at random.")
                .map { ("random", .random($0)) },
            try keys.optional(
                "variants", AxisSource.variants, "no variants",
                "An axis of named sets of overrides, called `variant`."
            ).map { ("variants", .variants($0)) },
        ].compactMap { $0 }
        if case .list(let sets)? = parts.first(where: { $0.0 == "list" })?.1 {
            try keys.require(!sets.isEmpty, "list", "the list is empty; give at least one set of overrides")
        }
        self.parts = keys.writtenKeys.compactMap { key in
            parts.first { $0.0 == key }.map { ($0.1, keys.position(key)) }
        }
    }
}

/// An axis as the sweep file gives it: values, a rule that gives values, or named variants.
struct AxisSource: Keyed {
    enum Values: Sendable {
        case list([JSON])
        case variants([NamedValue<[NamedValue<JSON>]>])
    }
    let values: Values
    let condition: AxisCondition?

    /// One set of overrides; without any it is the base config.
    static let settings: Form<[NamedValue<JSON>]> = .map(of: .any, name: "config key", mayBeEmpty: true)
    static let variants: Form<[NamedValue<[NamedValue<JSON>]>]> = .map(of: settings, name: "label")
    static let form: Form<AxisSource> = .either(
        Form.list(of: .any).map { AxisSource(values: .list($0), condition: nil) }, .object)

    private init(values: Values, condition: AxisCondition?) {
        self.values = values
        self.condition = condition
    }

    init(_ keys: KeyReader) throws(ConfigError) {
        let numbers = Form.list(of: Form<Double>.number(.any))
        let list = try keys.optional("values", .list(of: .any), "-", "The values themselves.")
        let linspace = try keys.optional(
            "linspace", numbers, "-", "[a, b, n]: n evenly spaced values from a to b, ends included.")
        let logspace = try keys.optional(
            "logspace", numbers, "-",
            "[a, b, n]: n values from 10^a to 10^b, ends included, evenly spaced in the exponent.")
        let range = try keys.optional(
            "range", numbers, "-",
            "[a, b, step]: a, a + step, ... up to b, which is included where it is met.")
        let variants = try keys.optional(
            "variants", AxisSource.variants, "-", "Named sets of overrides; the axis may then have any name.")
        condition = try AxisCondition.read(keys)
        try keys.requireOne(of: ["values", "linspace", "logspace", "range", "variants"])
        if let variants {
            values = .variants(variants)
        } else if let linspace {
            values = .list(try evenlySpaced(linspace, keys, "linspace") { $0 })
        } else if let logspace {
            values = .list(try evenlySpaced(logspace, keys, "logspace", powerOfTen))
        } else if let range {
            values = .list(try steps(range, keys))
        } else {
            values = .list(list ?? [])
        }
    }
}

/// A condition that keys or axes have one of some values; it holds if all of its terms do.
struct AxisCondition: Sendable {
    struct Term: Sendable {
        let key: String
        let allowed: [JSON]
        let position: SourcePosition?
    }
    let terms: [Term]

    static func read(_ keys: KeyReader) throws(ConfigError) -> AxisCondition? {
        try keys.optional(
            "when", .map(of: .any, name: "config key or axis"), "always",
            "The axis is varied only in trials in which these keys or axes have these values; a list means any of them."
        ).map { members in
            AxisCondition(
                terms: members.map { Term(key: $0.name, allowed: $0.value.array ?? [$0.value], position: $0.position) })
        }
    }
}

/// Axes whose values are drawn at random.
struct RandomSource: Keyed {
    let count: Int
    let seed: Int
    let axes: [NamedValue<SampledAxis>]

    init(_ keys: KeyReader) throws(ConfigError) {
        count = try keys.required(
            "count", .positiveInteger, "How many samples; a larger count keeps the smaller one's samples.")
        seed = try keys("seed", .naturalNumber, 0, "Seed of the sampler.")
        axes = try keys.required("axes", .map(of: .object, name: "axis"), "What is drawn.")
        try keys.require(
            count <= SweepLimits.trialCount, "count",
            "found \(count), more than the \(SweepLimits.trialCount) trials that a sweep may have")
    }
}

/// One axis of a random search.
struct SampledAxis: Keyed {
    enum Distribution: Sendable {
        case uniform(Double, Double)
        case logUniform(Double, Double)
        case integer(Int, Int)
        case choice([JSON])
    }
    let distribution: Distribution
    let condition: AxisCondition?

    init(_ keys: KeyReader) throws(ConfigError) {
        let uniform = try keys.optional(
            "uniform", .list(of: .number(.any)), "-", "[a, b]: evenly distributed between a and b.")
        let logUniform = try keys.optional(
            "log_uniform", .list(of: .number(.positive)), "-",
            "[a, b]: evenly distributed in the logarithm between a and b.")
        let integer = try keys.optional(
            "integer", .list(of: .integer(-1_000_000_000...1_000_000_000)), "-",
            "[a, b]: a whole number from a to b, ends included.")
        let choice = try keys.optional("choice", .list(of: .any), "-", "One of these values.")
        condition = try AxisCondition.read(keys)
        try keys.requireOne(of: ["uniform", "log_uniform", "integer", "choice"])
        if let uniform {
            let (a, b) = try interval(uniform, keys, "uniform")
            distribution = .uniform(a, b)
        } else if let logUniform {
            let (a, b) = try interval(logUniform, keys, "log_uniform")
            distribution = .logUniform(a, b)
        } else if let integer {
            let (a, b) = try interval(integer, keys, "integer")
            distribution = .integer(a, b)
        } else {
            distribution = .choice(choice ?? [])
            try keys.require(choice?.isEmpty != true, "choice", "the list is empty; give values to choose from")
        }
    }
}

/// Bounds that keep a slip of the pen from filling the memory.
enum SweepLimits {
    static let trialCount = 1_000_000
}

extension KeyReader {
    fileprivate func requireOne(of names: [String]) throws(ConfigError) {
        let given = names.filter { writtenKeys.contains($0) }
        try require(
            given.count == 1, nil,
            "expected one of \(names.joined(separator: ", ")); found "
                + (given.isEmpty ? "none" : given.joined(separator: " and ")))
    }
}

private func interval<Number: Comparable>(
    _ list: [Number], _ keys: KeyReader, _ name: String
) throws(ConfigError) -> (Number, Number) {
    guard list.count == 2, list[0] < list[1] else {
        throw keys.error(name, "expected [a, b] with a below b, found \(list)")
    }
    return (list[0], list[1])
}

/// The values of `linspace` or, with a function of the points, of `logspace`.
private func evenlySpaced(
    _ list: [Double], _ keys: KeyReader, _ name: String, _ function: (Double) -> Double
) throws(ConfigError) -> [JSON] {
    guard list.count == 3, let count = Int(exactly: list[2]), (1...SweepLimits.trialCount).contains(count) else {
        throw keys.error(name, "expected [a, b, n] with a whole n from 1 to \(SweepLimits.trialCount), found \(list)")
    }
    let (first, last) = (list[0], list[1])
    let points = (0..<count).map { index in
        function(count == 1 ? first : first + (last - first) * Double(index) / Double(count - 1))
    }
    guard points.allSatisfy({ $0.isFinite && (name == "linspace" || $0 > 0) }) else {
        throw keys.error(name, "leaves the range of numbers")
    }
    return points.map { JSON.plain($0, digits: 15) }
}

/// The values of `range`.
private func steps(_ list: [Double], _ keys: KeyReader) throws(ConfigError) -> [JSON] {
    guard list.count == 3 else {
        throw keys.error("range", "expected [first, last, step], found a list of \(list.count)")
    }
    let (first, last, step) = (list[0], list[1], list[2])
    guard step != 0, (last - first) / step >= 0 else {
        let (a, b, c) = (JSON.shortest(first), JSON.shortest(last), JSON.shortest(step))
        throw keys.error("range", "a step of \(c) does not lead from \(a) to \(b)")
    }
    // The last value is met also where rounding misses it by a little.
    let count = ((last - first) / step + 1e-9).rounded(.down)
    guard count < Double(SweepLimits.trialCount) else {
        throw keys.error("range", "comes to more than \(SweepLimits.trialCount) values")
    }
    return (0...Int(count)).map { JSON.plain(first + Double($0) * step, digits: 15) }
}

/// Computes 10^x, exact where x is whole.
private func powerOfTen(_ exponent: Double) -> Double {
    exponent == exponent.rounded() && abs(exponent) < 300
        ? Double("1e\(Int(exponent))") ?? pow(10, exponent) : pow(10, exponent)
}

extension JSON {
    /// A number rounded to so many significant digits, so that 0.1 + 2 * 0.1 is 0.3; a whole one without a fraction.
    static func plain(_ number: Double, digits: Int) -> JSON {
        let rounded = Double(String(format: "%.\(digits)g", number)) ?? number
        return abs(rounded) < 1e15 && rounded == rounded.rounded()
            ? JSON(.integer(Int(rounded))) : JSON(.number(rounded))
    }
}

/// The sweep file's schema for editors, as JSON Schema 2020-12, from the declarations that decode it.
package func sweepJSONSchema() -> String {
    Form<SweepFile>.object.shape.jsonSchema(title: "bnexp sweep").text(indented: true)
}
