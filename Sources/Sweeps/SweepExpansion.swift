import Keys
import Support
import Training

/// The values that one trial has of the axes, and the conditional axes that are still to be looked at.
private struct Combination {
    var values: [AxisChoice] = []
    var pending: [Axis] = []
}

/// One axis's value in a trial.
package struct AxisChoice: Sendable {
    package let axis: String
    let value: AxisValue
    /// The position of the axis in its sweep file.
    let position: SourcePosition?

    package var label: String? { value.label }
    package var json: JSON { value.value }
    /// `optimizer.learning_rate=0.1`, or `variant=BN`.
    package var text: String { "\(axis)=\(label ?? json.string ?? json.text())" }
}

/// Expands a sweep file, checked against the schema, into the axis values of its trials.
///
/// Blocks, and axes of a product, combine in the order of the file, the last one varying fastest; conditional axes come
/// after all others, and seeds after them.
struct SweepExpansion {
    private let reader: AxisReader
    private let base: ConfigDraft
    /// The base config with its defaults; an error if it lacks what only the axes give, which matters only to a
    /// condition that looks here.
    private let completedBase: Result<LoadedConfig, ConfigError>

    init(_ base: ConfigDraft, file: String) {
        self.base = base
        completedBase = Result { () throws(ConfigError) in try base.completed() }
        reader = AxisReader(file: file)
    }

    func trials(of sweep: SweepFile) throws(ConfigError) -> [[AxisChoice]] {
        var combinations = try combinations(of: sweep.block)
        if let union = sweep.union {
            var all: [Combination] = []
            for block in union { all += try self.combinations(of: block) }
            combinations = try product(combinations, all, at: sweep.unionPosition)
        }
        var trials = try applyConditions(to: combinations)
        if let seeds = sweep.seeds {
            let axis = try reader.axis(seeds)
            guard axis.condition == nil, axis.values.allSatisfy({ $0.label == nil }) else {
                throw ConfigError(
                    at: seeds.position, path: "seeds",
                    "seeds multiply every trial; \"when\" and \"variants\" have no place here")
            }
            trials = try product(trials, choices(of: axis), at: seeds.position)
        }
        for trial in trials { try checkUnique(trial.values) }
        return trials.map(\.values)
    }

    private func combinations(of block: SweepBlock) throws(ConfigError) -> [Combination] {
        var result = [Combination()]
        for (part, position) in block.parts {
            switch part {
            case .product(let sources):
                for axis in try axes(sources) {
                    if axis.condition == nil {
                        result = try product(result, choices(of: axis), at: axis.position)
                    } else {
                        for index in result.indices { result[index].pending.append(axis) }
                    }
                }
            case .zip(let sources):
                result = try product(result, zipped(try axes(sources), at: position), at: position)
            case .list(let elements):
                var sets: [Combination] = []
                for element in elements {
                    let settings = try reader.settings(element)
                    sets.append(Combination(values: settings.map { choice($0, at: position) }))
                }
                result = try product(result, sets, at: position)
            case .random(let source): result = try product(result, samples(source), at: position)
            case .variants(let variants):
                let axis = Axis(
                    name: "variant", values: try reader.variants(variants), condition: nil, position: position)
                result = try product(result, choices(of: axis), at: position)
            }
        }
        return result
    }

    private func axes(_ sources: [NamedValue<AxisSource>]) throws(ConfigError) -> [Axis] {
        var axes: [Axis] = []
        for source in sources { axes.append(try reader.axis(source)) }
        return axes
    }

    private func choices(of axis: Axis) -> [Combination] {
        axis.values.map { Combination(values: [AxisChoice(axis: axis.name, value: $0, position: axis.position)]) }
    }

    private func choice(_ setting: ConfigOverride, at position: SourcePosition?) -> AxisChoice {
        AxisChoice(
            axis: setting.path.joined(separator: "."), value: AxisValue(value: setting.value, settings: [setting]),
            position: position)
    }

    private func zipped(_ axes: [Axis], at position: SourcePosition?) throws(ConfigError) -> [Combination] {
        guard let count = axes.first?.values.count, axes.allSatisfy({ $0.values.count == count }) else {
            let lengths = axes.map { "\($0.name) has \($0.values.count)" }.joined(separator: ", ")
            throw ConfigError(
                at: position, path: "zip", "axes that are taken together need equally many values; \(lengths)")
        }
        if let axis = axes.first(where: { $0.condition != nil }) {
            throw ConfigError(
                at: axis.position, path: "zip.\(axis.name)",
                "an axis of a zip cannot have \"when\"; put it into \"product\"")
        }
        return (0..<count).map { index in
            Combination(values: axes.map { AxisChoice(axis: $0.name, value: $0.values[index], position: $0.position) })
        }
    }

    private func samples(_ source: RandomSource) throws(ConfigError) -> [Combination] {
        var samples = Array(repeating: Combination(), count: source.count)
        for member in source.axes {
            let sampler = SweepSampler(member.name, member.value.distribution, seed: source.seed)
            for index in samples.indices {
                let setting = try reader.setting(member.name, sampler.value(sample: index), at: member.position)
                let value = AxisValue(value: setting.value, settings: [setting])
                if let condition = member.value.condition {
                    samples[index].pending.append(
                        Axis(name: member.name, values: [value], condition: condition, position: member.position))
                } else {
                    samples[index].values.append(
                        AxisChoice(axis: member.name, value: value, position: member.position))
                }
            }
        }
        return samples
    }

    private func product(_ outer: [Combination], _ inner: [Combination], at position: SourcePosition?)
        throws(ConfigError) -> [Combination]
    {
        let (count, overflow) = outer.count.multipliedReportingOverflow(by: inner.count)
        guard !overflow, count <= SweepLimits.trialCount else {
            throw ConfigError(
                at: position,
                "\(outer.count) x \(inner.count) trials are more than the \(SweepLimits.trialCount) that a sweep may "
                    + "have"
            )
        }
        return outer.flatMap { a in
            inner.map { b in Combination(values: a.values + b.values, pending: a.pending + b.pending) }
        }
    }

    // Conditions

    private func applyConditions(to combinations: [Combination]) throws(ConfigError) -> [Combination] {
        guard combinations.contains(where: { !$0.pending.isEmpty }) else { return combinations }
        let axisNames = Set(combinations.flatMap { $0.values.map(\.axis) + $0.pending.map(\.name) })
        var used: Set<String> = []
        var result: [Combination] = []
        for combination in combinations {
            var grown = [Combination(values: combination.values)]
            for axis in combination.pending {
                var next: [Combination] = []
                for candidate in grown {
                    if try holds(axis, in: candidate.values, axisNames) {
                        used.insert(axis.name)
                        next += try product([candidate], choices(of: axis), at: axis.position)
                    } else {
                        next.append(candidate)
                    }
                }
                grown = next
            }
            result += grown
            guard result.count <= SweepLimits.trialCount else {
                throw ConfigError(at: nil, "more than the \(SweepLimits.trialCount) trials that a sweep may have")
            }
        }
        if let idle = combinations.lazy.flatMap(\.pending).first(where: { !used.contains($0.name) }) {
            throw ConfigError(
                at: idle.position, path: idle.name,
                "its \"when\" holds in no trial; correct the condition or remove the axis")
        }
        return result
    }

    private func holds(_ axis: Axis, in choices: [AxisChoice], _ axisNames: Set<String>) throws(ConfigError) -> Bool {
        for term in axis.condition?.terms ?? [] {
            let found: JSON?
            if let choice = choices.first(where: { $0.axis == term.key }) {
                found = choice.label.map { JSON(.string($0)) } ?? choice.json
            } else {
                found = try value(of: term, in: choices, axisNames)
            }
            guard term.allowed.contains(where: { $0.comparableText == (found ?? JSON(.null)).comparableText }) else {
                return false
            }
        }
        return true
    }

    /// The value of a config key in a trial: of the settings, the base config, or the key's default.
    private func value(of term: AxisCondition.Term, in choices: [AxisChoice], _ axisNames: Set<String>)
        throws(ConfigError) -> JSON?
    {
        let path = term.key.split(separator: ".").map(String.init)
        guard Config.shape.has(path[...]) else {
            if axisNames.contains(term.key) { return nil }  // not an axis of this trial
            throw ConfigError(
                at: term.position, path: "when.\(term.key)",
                "is neither a config key nor an axis; the axes are \(axisNames.sorted().joined(separator: ", "))")
        }
        var draft = base
        for setting in ordered(choices.flatMap(\.value.settings)) { try draft.apply(setting) }
        if let written = draft.tree[path[...]] { return written }
        return try completedBase.get().resolved[path[...]]
    }

    private func checkUnique(_ choices: [AxisChoice]) throws(ConfigError) {
        var axes: Set<String> = []
        let settings = choices.flatMap { choice in
            choice.value.settings.map { (setting: $0, position: $0.value.position ?? choice.position) }
        }
        for choice in choices {
            guard axes.insert(choice.axis).inserted else {
                throw ConfigError(
                    at: choice.position, path: choice.axis,
                    "is an axis twice in the same trial; give one another name, or take them apart with \"union\"")
            }
        }
        for (index, inner) in settings.enumerated() {
            for (other, outer) in settings.enumerated()
            where other != index && inner.setting.path.starts(with: outer.setting.path) {
                // An object may be given by one axis and a key that it leaves out by another.
                guard outer.setting.value[inner.setting.path.dropFirst(outer.setting.path.count)] != nil else {
                    continue
                }
                throw ConfigError(
                    at: inner.position, path: inner.setting.path.joined(separator: "."),
                    "is set twice in the same trial, of which one would be lost; take the axes apart with \"union\" or "
                        + "a condition"
                )
            }
        }
    }
}

/// Settings in the order in which they are applied, whatever the order of the axes: objects before their keys, kinds
/// before their siblings.
func ordered(_ settings: [ConfigOverride]) -> [ConfigOverride] {
    func rank(_ setting: ConfigOverride) -> (Int, Int) { (setting.path.count, setting.path.last == "kind" ? 0 : 1) }
    // Stable, so that lines for the shell are the same every time.
    return settings.enumerated().sorted { a, b in
        let ranks = (rank(a.element), rank(b.element))
        return ranks.0 == ranks.1 ? a.offset < b.offset : ranks.0 < ranks.1
    }.map(\.element)
}
