import ArgumentParser
import Derivations
import Foundation
import NeuralNetwork
import Pages
import RunStore
import Support
import Training

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Put numbers into the equations of batch normalization's gradient, one by one.",
        discussion: """
            Without a config or a run the worked example of docs/batch-norm-gradient.md is explained; with a config \
            its first batch, with a run the batch of any step, computed again with the run's bits. Every route to \
            dL/dh stands beside the others, and beside the network's own numbers.

            Examples:
              bnexp explain
              bnexp explain --fault drop_mean_term
              bnexp explain configs/mnist_bn.json --rows 4
              bnexp explain mnist_bn --step 100 --layer 1 --unit 7 -o explained.html
            """)

    @Argument(
        help: ArgumentHelp(
            "A config file, or a run: an id, the beginning of a uuid, a name, or latest.", valueName: "config|run"),
        completion: .run) var subject: String?
    @Option(help: "The number of finished updates; default is 0, the network at initialization.") var step: Int?
    @Option(help: "The layer, from 0; default is the first that is batch-normalized.") var layer: Int?
    @Option(help: "The unit of the layer, from 0; default is 0.") var unit: Int?
    @Option(help: "How many rows of the batch are shown; sums are over all.") var rows = 8
    @Option(
        help: ArgumentHelp(
            "Make one mistake in the backward pass and show what becomes of it: "
                + "\(FaultyGradient.explained.map(\.rawValue).joined(separator: ", ")).",
            valueName: "NAME"))
    var fault: Fault?
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set one key of the config. May repeat.", valueName: "key.path=VALUE"),
        completion: .setting)
    var overrides: [String] = []
    @Option(help: "The example's epsilon; 0 is allowed.") var epsilon: Double?
    @Option(help: "The example's gamma.") var gamma: Double?
    @Option(help: "The example's beta.") var beta: Double?
    @OptionGroup var state: StateOptions
    @Flag(help: "Print all numbers by their names, as JSON.") var json = false
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write a page to this HTML file; - is standard output.", valueName: "file.html"),
        completion: .file(extensions: ["html"])) var output: String?
    @OptionGroup var rules: OutputRules
    @OptionGroup var results: ResultsOption

    /// What is explained.
    private enum Subject {
        case example
        case config(String)
        case run(String)

        init(_ text: String?) {
            guard let text else {
                self = .example
                return
            }
            var isFolder: ObjCBool = false
            let isFile = FileManager.default.fileExists(atPath: text, isDirectory: &isFolder) && !isFolder.boolValue
            self = text == "-" || text.hasSuffix(".json") || isFile ? .config(text) : .run(text)
        }
    }

    func validate() throws {
        if let step { try requireRange(0...countRange.upperBound, step, "--step") }
        try requireRange(1...countRange.upperBound, rows, "--rows")
        if let fault, !FaultyGradient.explained.contains(fault) {
            throw ValidationError(
                "--fault is \(fault.rawValue) (\(fault.explanation)), which is no mistake in a layer; bnexp gradcheck "
                    + "--inject-fault shows it. Expected one of "
                    + FaultyGradient.explained.map(\.rawValue).joined(separator: ", ") + ".")
        }
        if json, output != nil { throw ValidationError("--json prints and --output writes a page; give one of them.") }
        for (option, value) in [("--epsilon", epsilon), ("--gamma", gamma), ("--beta", beta)] {
            if let value, !value.isFinite { throw ValidationError("\(option) is \(value); expected a number.") }
        }
        if let epsilon, epsilon < 0 {
            throw ValidationError(
                "--epsilon is \(epsilon); expected 0 or a number above, since it is added to a variance.")
        }
        let example = [("--epsilon", epsilon != nil), ("--gamma", gamma != nil), ("--beta", beta != nil)]
        let place = [("--step", step != nil), ("--layer", layer != nil), ("--unit", unit != nil)]
        let stored = [("--checkpoint", state.checkpoint != "last"), ("--data", state.data != nil)]
        let set = [("--set", !overrides.isEmpty)]
        switch Subject(subject) {
        case .example:
            try refuse(
                place + set + stored, "belongs to a config or a run; name one, or leave it out for the worked example")
        case .config:
            try refuse(example, "changes the worked example alone; a config has keys, as in --set")
            try refuse(stored, "belongs to a run, but \(subject ?? "") is a config")
        case .run:
            try refuse(example, "changes the worked example alone, not a run")
            try refuse(set, "changes a config, but \(subject ?? "") is no file, so that it names a run")
        }
    }

    private func refuse(_ options: [(name: String, isGiven: Bool)], _ reason: String) throws(ValidationError) {
        if let option = options.first(where: \.isGiven) { throw ValidationError("\(option.name) \(reason).") }
    }

    func run() throws {
        let explanation: Explanation
        let place = PlaceReader(layer: layer, unit: unit ?? 0, step: step ?? 0)
        switch Subject(subject) {
        case .example:
            try checkOutput()
            let example = ExplainedLayer.workedExample(epsilon: epsilon ?? 0, gamma: gamma ?? 2, beta: beta ?? 1)
            explanation = Derivations.explain(
                example, title: "The gradient of batch normalization: an example by hand",
                introduction: [
                    "Three rows, two inputs, one unit. X has the rows (1, 0), (1, 3), (2, 8); W is the column (1, 1) "
                        + "and b = 0. From above comes dL/da = (3, -4, 2).",
                    "γ is \(example.unit.gamma.display), β is \(example.unit.beta.display) and ε is "
                        + "\(example.unit.epsilon.display); the activation function is ReLU.",
                ], rows: rows, fault: fault)
        case .config(let path):
            try checkOutput(reading: [path])
            var request = ConfigRequest(path: path)
            request.overrides = overrides
            try request.checkRepetition()
            let loaded = try loadConfig(request)
            loaded.notes.forEach(say)
            explanation = explain(
                try replay(step: place.step, of: loaded, place), of: path == "-" ? "the config" : path)
        case .run(let name):
            let file = try ResultsFile(reading: results.path)
            try checkOutput(protecting: OutputRules.Protected(file), reading: [state.data].compactMap { $0 })
            let run = try file.findRun(name)
            let layer = try replay(
                step: place.step, of: run, in: file, from: state.choice, dataFile: state.data, note: say, place)
            explanation = explain(layer, of: "run \(run.name) (\(run.uuid))")
        }
        if json { return printData(explanation.numbers.text(indented: true)) }
        guard let output else { return printData(text(of: explanation), terminator: "") }
        let page = try TextOutput(path: output)
        try page.write(
            ReadingPage.html(
                generator: ExplainCommand.generator, title: explanation.title,
                introduction: explanation.introduction, content: explanation.html))
        try page.close()
        if !OutputFile.isStandardOutput(output) { printData(output) }
    }

    private static let generator = "bnexp explain"

    private func checkOutput(protecting protected: OutputRules.Protected? = nil, reading inputs: [String] = []) throws {
        guard let output else { return }
        try rules.check(output, protecting: protected, reading: inputs) {
            $0.hasPrefix("<!DOCTYPE html>")
                && $0.contains("<meta name=\"generator\" content=\"\(ExplainCommand.generator)\">")
        }
    }

    /// Explains a unit of a network.
    private func explain(_ reading: PlaceReader.Reading, of source: String) -> Explanation {
        let layer = reading.layer, description = reading.description, place = reading.place
        var introduction = [
            "\(source), step \(step ?? 0): layer \(place.layer), \(description.inputs) x \(description.outputs), unit "
                + "\(place.unit), which is j; a batch of \(counted(layer.rowCount, "row")) in training.",
            "γ is \(layer.unit.gamma.display), β is \(layer.unit.beta.display) and ε is \(layer.unit.epsilon.display); "
                + "the activation function is \(layer.unit.activation.rawValue).",
        ]
        if description.weightReparameterization != .none {
            introduction.append("W is the weight that multiplies X, as model.weight_normalization makes it.")
        }
        var explanation = Derivations.explain(
            layer, title: "The gradient of batch normalization, layer \(place.layer), unit \(place.unit)",
            introduction: introduction, rows: rows, fault: fault)
        let located = JSON([
            "step": JSON(.integer(step ?? 0)), "layer": JSON(.integer(place.layer)), "unit": JSON(.integer(place.unit)),
        ])
        explanation.numbers.members = (located.members ?? []) + (explanation.numbers.members ?? [])
        return explanation
    }
}

/// Takes one unit of a step that is computed again.
private struct PlaceReader: StepReader {
    struct Reading {
        let place: ExplainedPlace
        let description: LayerDescription
        let layer: ExplainedLayer
    }

    let layer: Int?
    let unit: Int
    let step: Int

    func check(_ network: NetworkDescription) throws { _ = try ExplainedPlace(layer: layer, unit: unit, of: network) }

    func read<S: Scalar>(_ network: Network<S>, _ workspace: Workspace<S>, of _: RunPlan) throws -> Reading {
        let place = try ExplainedPlace(layer: layer, unit: unit, of: network.description)
        return Reading(
            place: place, description: network.description.layers[place.layer],
            layer: ExplainedLayer(place, of: network, workspace, step: step))
    }
}
