import Foundation
import Support
import Training

/// One value of an axis: what it changes in the config, and what it is called.
struct AxisValue: Sendable {
    /// Of a named variant.
    var label: String?
    /// A variant's are all its settings, as one object.
    let value: JSON
    let settings: [ConfigOverride]
}

/// What is varied in a sweep.
struct Axis: Sendable {
    /// A config key, or a name of the user's for named variants.
    let name: String
    let values: [AxisValue]
    let condition: AxisCondition?
    let position: SourcePosition?
}

/// That keys or axes have one of some values; all of them must.
struct AxisCondition: Sendable {
    struct Term: Sendable {
        let key: String
        let allowed: [JSON]
        let position: SourcePosition?
    }
    let terms: [Term]

    /// - Parameter json: the value of `when`.
    init?(_ json: JSON?) {
        guard let members = json?.members else { return nil }
        terms = members.map { Term(key: $0.key, allowed: $0.value.array ?? [$0.value], position: $0.keyPosition) }
    }
}

/// Reads axes; every value keeps its place in the sweep file, for errors.
struct AxisReader {
    /// The sweep file, to which paths among the values are relative.
    let file: String

    /// - Parameter json: checked against the schema.
    func axis(_ name: String, _ json: JSON, at position: SourcePosition?) throws(ConfigError) -> Axis {
        let condition = AxisCondition(json["when"])
        if let variants = json["variants"],
            try form(of: json, name, ["values", "linspace", "logspace", "range", "variants"]) == "variants"
        {
            return Axis(name: name, values: try self.variants(variants), condition: condition, position: position)
        }
        let values = try self.values(json, name)
        guard !values.isEmpty else {
            throw ConfigError(at: json.position, path: name, "the axis has no values; give at least one")
        }
        var seen: Set<String> = []
        for value in values where !seen.insert(value.comparableText).inserted {
            throw ConfigError(
                at: value.position ?? json.position, path: name, "found \(value.found) a second time; remove it")
        }
        var axisValues: [AxisValue] = []
        for value in values {
            axisValues.append(
                AxisValue(value: value, settings: [try setting(name, value, at: value.position ?? position)]))
        }
        return Axis(name: name, values: axisValues, condition: condition, position: position)
    }

    /// An axis of named sets of overrides.
    func variants(_ json: JSON) throws(ConfigError) -> [AxisValue] {
        var values: [AxisValue] = []
        for member in json.members ?? [] {
            values.append(AxisValue(label: member.key, value: member.value, settings: try settings(member.value)))
        }
        return values
    }

    func settings(_ json: JSON) throws(ConfigError) -> [ConfigOverride] {
        var settings: [ConfigOverride] = []
        for member in json.members ?? [] {
            settings.append(try setting(member.key, member.value, at: member.keyPosition))
        }
        return settings
    }

    /// One override; a path is made relative to the working directory.
    func setting(_ key: String, _ value: JSON, at position: SourcePosition?) throws(ConfigError) -> ConfigOverride {
        let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }) else {
            throw ConfigError(
                at: position, path: key, "is no config key; expected a dotted path such as optimizer.learning_rate")
        }
        guard path != ["extends"] else {
            throw ConfigError(at: position, path: key, "cannot be varied; name the base in \"config\"")
        }
        var value = value
        if pathKeys.contains(path), let named = value.string, !named.isEmpty {
            value = JSON(.string(located(named, namedBy: file)), at: value.position)
        }
        return ConfigOverride(path: path, value: value, source: position?.description ?? file)
    }

    /// The one key of several that a value's form is named by.
    private func form(of json: JSON, _ name: String, _ forms: [String]) throws(ConfigError) -> String {
        let given = forms.filter { json[$0] != nil }
        guard given.count == 1 else {
            throw ConfigError(
                at: json.position, path: name,
                "expected one of \(forms.joined(separator: ", ")); found "
                    + "\(given.isEmpty ? "none" : given.joined(separator: " and "))"
            )
        }
        return given[0]
    }

    private func values(_ json: JSON, _ name: String) throws(ConfigError) -> [JSON] {
        if let list = json.array { return list }
        let form = try form(of: json, name, ["values", "linspace", "logspace", "range", "variants"])
        let list = json[form]?.array ?? []
        if form == "values" { return list }
        let numbers = list.compactMap(\.double)
        func error(_ message: String) -> ConfigError {
            ConfigError(at: json[form]?.position, path: "\(name).\(form)", message)
        }
        let results: [Double]
        if form == "range" {
            guard numbers.count == 3 else {
                throw error("expected [first, last, step], found a list of \(numbers.count)")
            }
            let (first, last, step) = (numbers[0], numbers[1], numbers[2])
            guard step != 0, (last - first) / step >= 0 else {
                throw error(
                    "a step of \(JSON.shortest(step)) does not lead from \(JSON.shortest(first)) to "
                        + "\(JSON.shortest(last))"
                )
            }
            // The last value is met also where rounding misses it by a little.
            let steps = ((last - first) / step + 1e-9).rounded(.down)
            guard steps < Double(SweepLimits.trialCount) else {
                throw error("comes to more than \(SweepLimits.trialCount) values")
            }
            results = (0...Int(steps)).map { first + Double($0) * step }
        } else {
            guard numbers.count == 3, let count = Int(exactly: numbers[2]), (1...SweepLimits.trialCount).contains(count)
            else {
                throw error("expected [a, b, n] with a whole n of at least 1, found \(json[form]?.text() ?? "")")
            }
            let (first, last) = (numbers[0], numbers[1])
            let points = (0..<count).map {
                count == 1 ? first : first + (last - first) * Double($0) / Double(count - 1)
            }
            results = form == "linspace" ? points : points.map(powerOfTen)
            guard results.allSatisfy({ $0.isFinite && (form == "linspace" || $0 > 0) }) else {
                throw error("leaves the range of numbers")
            }
        }
        return results.map { JSON.plain($0, digits: 15) }.map { JSON($0.value, at: json[form]?.position) }
    }
}

/// 10^x, exact where x is whole.
private func powerOfTen(_ exponent: Double) -> Double {
    exponent == exponent.rounded() && abs(exponent) < 300
        ? Double("1e\(Int(exponent))") ?? pow(10, exponent) : pow(10, exponent)
}

/// Bounds that keep a slip of the pen from filling the memory.
enum SweepLimits {
    static let trialCount = 1_000_000
}

extension JSON {
    /// A number rounded to so many significant digits, so that 0.1 + 2 * 0.1 is 0.3; a whole one without a fraction.
    static func plain(_ number: Double, digits: Int) -> JSON {
        let rounded = Double(String(format: "%.\(digits)g", number)) ?? number
        return abs(rounded) < 1e15 && rounded == rounded.rounded()
            ? JSON(.integer(Int(rounded))) : JSON(.number(rounded))
    }

    /// The same for equal values, whether a number is written as 1 or as 1.0.
    var comparableText: String { double.map { "\($0)" } ?? text() }
}
