import Foundation
import RunStore
import Support
import TestSupport

/// Settings of every key that a config may have, at its limits and beyond; made from the JSON Schema of configs, so
/// that a new key is among them by itself.
struct ConfigFuzz {
    /// One `--set`.
    struct Setting: Hashable {
        var path: String
        var value: String
        var text: String { "\(path)=\(value)" }
    }

    private(set) var settings: [Setting] = []
    /// Those that a bounded test must not leave out: every empty list and every kind.
    private(set) var essential: [Setting] = []

    init(_ schema: ConfigSchema) {
        addSettings(of: schema.root, at: "")
        // The same value may be a limit for two reasons.
        var seen: Set<Setting> = []
        settings = settings.filter { seen.insert($0).inserted }
    }

    private mutating func addSettings(of schema: JSON, at path: String) {
        // What configs are found by, and what ours are read from, is no matter of the limits of keys.
        if ["$schema", "extends", "description", "data.file"].contains(path) { return }
        if let properties = schema["properties"]?.members {
            for property in properties {
                addSettings(of: property.value, at: path.isEmpty ? property.key : "\(path).\(property.key)")
            }
            // The object itself is set in a short form; at the top it would be the whole config.
            if path.contains(".") || schema["required"] == nil, !path.isEmpty {
                settings.append(Setting(path: path, value: "{}"))
            }
        } else {
            settings += (values(of: schema) + [JSON(.null), "word", -1, .emptyObject, []]).map {
                Setting(path: path, value: $0.text())
            }
            let forms = alternatives(of: schema)
            let least: [JSON] = forms.compactMap(leastObject) + (forms.contains { $0["items"] != nil } ? [[]] : [])
            essential += least.map { Setting(path: path, value: $0.text()) }
        }
    }

    /// Values at the limits of a schema and just beyond, and those of its parts, each with the least that must stand
    /// beside it.
    private func values(of schema: JSON) -> [JSON] {
        if schema["anyOf"] != nil || schema["oneOf"] != nil { return alternatives(of: schema).flatMap(values) }
        if let words = schema["enum"]?.array { return words }
        if let least = leastObject(of: schema) {
            let others = schema["properties"]?.members?.filter { $0.key != "kind" } ?? []
            return [least]
                + others.flatMap { property in
                    values(of: property.value).map { value in
                        var object = least
                        object[property.key] = value
                        return object
                    }
                }
        }
        switch schema["type"]?.string {
        case "array":
            let items = schema["items"].map(values) ?? []
            // Lists of objects are their objects, which are in the other form too; a few are enough.
            let few = items.count > 40 ? items.indices.filter { $0 % 16 == 0 }.map { items[$0] } : items
            return [[]] + few.map { JSON(.array([$0])) } + few.prefix(3).map { JSON(.array([$0, $0])) }
                + [JSON(.array(items.prefix(7).map(\.self)))]
        case "boolean": return [true, false]
        case "integer":
            return numbers(of: schema).compactMap { Int(exactly: $0).map { JSON(.integer($0)) } } + [
                JSON(.integer(.max)), 1.5,
            ]
        case "number": return numbers(of: schema).map { JSON(.number($0)) }
        default: return ["", "é\n", "no/such.h5", "1e999"]
        }
    }

    /// The kind and the keys without which an object is refused.
    private func leastObject(of schema: JSON) -> JSON? {
        guard let properties = schema["properties"]?.members else { return nil }
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        return JSON(
            .object(
                properties.filter { required.contains($0.key) || $0.key == "kind" }.map {
                    JSON.Member($0.key, typicalValue(of: $0.value))
                }))
    }

    private func typicalValue(of schema: JSON) -> JSON {
        let all = values(of: schema)
        return schema["enum"] == nil
            ? (schema["minimum"] ?? schema["exclusiveMinimum"]).map { $0.double == 0 ? 0.5 : $0 } ?? all[0] : all[0]
    }

    private func numbers(of schema: JSON) -> [Double] {
        let limits = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"].compactMap { schema[$0]?.double }
        let isWhole = schema["type"]?.string == "integer"
        let nearby = limits.flatMap {
            isWhole ? [$0 - 1, $0, $0 + 1] : [$0.nextDown, $0, $0.nextUp, $0 + 0.5, $0 - 0.5]
        }
        return nearby + (isWhole ? [0, 1, 2, 3, 7, 2_147_483_647] : [0, 1, 0.5, -0.5, 1e-300, 1e-30, 1e30, 1e300])
    }
}

/// Runs configs with settings that may make no sense, two steps each on 100 embedded digits, and holds the product to
/// what it promises: it trains, diverges or refuses.
final class ConfigFuzzer {
    private let folder: URL
    private let config: String

    init(folder: URL, config: String) {
        self.folder = folder
        self.config = repository.appendingPathComponent("configs/\(config)").path
    }

    /// What is wrong with the end of a run with these settings; nil if nothing is.
    func problem(_ settings: [ConfigFuzz.Setting]) throws -> String? {
        var arguments = ["run", config, "--progress", "none", "--threads", "2"]
        let small = [
            "model.hidden=[7,5]", "data.limit=100", "training.batch_size=10", "logging.every=1", "evaluation.every=1",
        ]
        for setting in small + ["training.steps=2"] + settings.map(\.text) { arguments += ["--set", setting] }
        if settings.contains(where: { $0.path.hasPrefix("training.steps") || $0.path.hasPrefix("training.epochs") }) {
            arguments.append("--dry-run")  // at its upper limit a run would not end
        }
        let command = try StartedCommand([binary.path] + arguments, in: folder)
        let end: StartedCommand.End
        do { end = try command.finish() } catch { return "\(arguments): \(error)" }
        var problems: [String] = []
        switch end {
        case .exit(0), .exit(2): break
        case .exit(64), .exit(65):
            if !command.errors.contains("bnexp: ") && !command.errors.hasPrefix("Error: ") {
                problems.append("no message")
            }
            if !command.output.isEmpty { problems.append("a refused run printed \(command.output)") }
        case .exit(let code): problems.append("exit code \(code)")
        case .signal(let number): problems.append("signal \(number)")
        }
        let database = folder.appendingPathComponent("results.sqlite").path
        if FileManager.default.fileExists(atPath: database) {
            let left = try ResultsFile(reading: database).query(
                "SELECT count(*) FROM run WHERE status = 'running'")
            if left.rows != [[.integer(0)]] { problems.append("it is left running") }
            // What is wrong is found once.
            for suffix in problems.isEmpty ? [] : ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: database + suffix)
            }
        }
        guard !problems.isEmpty else { return nil }
        let sets = settings.map { "--set '\($0.text.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
        return "\(problems.joined(separator: ", ")): bnexp run \(config) \(sets)\n\(command.errors.prefix(600))"
    }
}
