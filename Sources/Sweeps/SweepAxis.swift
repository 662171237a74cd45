import Keys
import Support
import Training

/// One value of an axis: what it changes in the config, and what it is called.
struct AxisValue: Sendable {
    /// The label of a named variant.
    var label: String?
    /// The value; that of a variant is all its settings, as one object.
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

/// Makes axes of what a sweep file gives; every value keeps its place in the file, for errors.
struct AxisReader {
    /// The sweep file, to which paths among the values are relative.
    let file: String
    private let filePaths = Config.shape.filePaths

    init(file: String) { self.file = file }

    func axis(_ source: NamedValue<AxisSource>) throws(ConfigError) -> Axis {
        let name = source.name, condition = source.value.condition
        switch source.value.values {
        case .variants(let variants):
            return Axis(
                name: name, values: try self.variants(variants), condition: condition, position: source.position)
        case .list(let values):
            guard let first = values.first else {
                throw ConfigError(at: source.position, path: name, "the axis has no values; give at least one")
            }
            var seen: Set<String> = []
            for value in values where !seen.insert(value.comparableText).inserted {
                throw ConfigError(
                    at: value.position ?? first.position ?? source.position, path: name,
                    "found \(value.found) a second time; remove it")
            }
            var axisValues: [AxisValue] = []
            for value in values {
                let setting = try setting(name, value, at: value.position ?? source.position)
                axisValues.append(AxisValue(value: value, settings: [setting]))
            }
            return Axis(name: name, values: axisValues, condition: condition, position: source.position)
        }
    }

    /// The values of an axis of named sets of overrides.
    func variants(_ variants: [NamedValue<[NamedValue<JSON>]>]) throws(ConfigError) -> [AxisValue] {
        var values: [AxisValue] = []
        for variant in variants {
            let all = JSON(.object(variant.value.map { JSON.Member($0.name, $0.value, at: $0.position) }))
            values.append(AxisValue(label: variant.name, value: all, settings: try settings(variant.value)))
        }
        return values
    }

    func settings(_ members: [NamedValue<JSON>]) throws(ConfigError) -> [ConfigOverride] {
        var settings: [ConfigOverride] = []
        for member in members { settings.append(try setting(member.name, member.value, at: member.position)) }
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
        if filePaths.contains(path), let named = value.string, !named.isEmpty {
            value = JSON(.string(located(named, namedBy: file)), at: value.position)
        }
        return ConfigOverride(path: path, value: value, source: position?.description ?? file)
    }
}

extension JSON {
    /// The same for equal values, whether a number is written as 1 or as 1.0.
    var comparableText: String { double.map { "\($0)" } ?? text() }
}
