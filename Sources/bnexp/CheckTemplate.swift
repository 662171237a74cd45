import ArgumentParser
import Datasets
import Derivations
import Importers
import Support

/// The options of `bnexp check --template`, and the file that they ask for.
struct TemplateOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The file to write, .npz or .h5; - is HDF5 on standard output.",
        completion: .file(extensions: ["npz", "h5"]))
    var output: String?
    @Option(help: "The seed of numpy.random.seed(); 231 gives the notebook's arrays.") var seed: UInt32 = 231
    @Option(
        help: ArgumentHelp(
            "Write also what is computed of the arrays: right, or with a known mistake, as drop_mean_term or "
                + "variance.wrong_axis.", valueName: "right|mistake"))
    var results: String?
    @OptionGroup var rules: OutputRules

    func requireOutput() throws {
        guard let output else {
            throw ValidationError("--template needs --output: name the .npz or .h5 file to write.")
        }
        guard output == "-" || isNPZ(output) || output.hasSuffix(".h5") || output.hasSuffix(".hdf5") else {
            throw ValidationError("--output \(output): expected a name that ends in .npz, .h5 or .hdf5.")
        }
    }

    private func isNPZ(_ path: String) -> Bool { path.lowercased().hasSuffix(".npz") }

    /// Writes the arrays that an operation begins with.
    ///
    /// - Parameter name: of the operation, with `_test` at its end for that of test mode.
    func write(operation name: String) throws {
        guard let output else { return }
        let isTest = name.hasSuffix("_test"), plain = isTest ? String(name.dropLast(5)) : name
        guard let known = CheckedOperation.named(plain),
            let operation = CheckedOperation.all.first(where: { $0.name == known && (!isTest || $0.mode == "test") })
        else {
            let hint = nearest(to: plain, among: CheckedOperation.names).map { "did you mean \($0)? " } ?? ""
            throw Failure(
                .usage,
                "there is no operation '\(name)'; \(hint)expected one of \(CheckedOperation.names.joined(separator: ", ")), "
                    + "or batchnorm_test or dropout_test")
        }
        try rules.check(output)
        var arrays = operation.startingArrays(seed: seed)
        if let results { arrays += try computed(results, of: arrays, operation) }
        let words = [("operation", operation.name)] + (operation.mode.map { [("mode", $0)] } ?? [])
        if isNPZ(output) {
            var writer = NPZWriter()
            for (name, array) in arrays {
                writer.write(array.values, shape: array.shape, isInteger: array.isInteger, to: name)
            }
            for (name, word) in words { writer.write(word, to: name) }
            try writer.finish(output)
        } else {
            let writer = try HDF5Writer(path: output)
            for (name, array) in arrays {
                if array.isInteger {
                    try writer.write(array.values.map { Int64($0) }, shape: array.shape, to: name)
                } else {
                    try writer.write(array.values, shape: array.shape, to: name)
                }
            }
            for (name, word) in words { try writer.setAttribute(name, .string(word)) }
            try writer.finish()
        }
        if output != "-" { printData(output) }
    }

    private func computed(
        _ results: String, of arrays: [(name: String, array: ShapedArray)], _ operation: CheckedOperation
    ) throws -> [(name: String, array: ShapedArray)] {
        let known = operation.knownMistakes
        let place = known.firstIndex { "\($0.quantity).\($0.mistake.name)" == results || $0.mistake.name == results }
        guard results == "right" || place != nil else {
            let names = known.map { "\($0.quantity).\($0.mistake.name)" }
            let hint =
                nearest(to: results, among: known.map(\.mistake.name) + names).map { "did you mean \($0)? " } ?? ""
            throw Failure(
                .usage,
                "--results is '\(results)'; \(hint)expected right, or a mistake of \(operation.title): "
                    + Set(known.map(\.mistake.name)).sorted().joined(separator: ", "))
        }
        guard let computed = try operation.results(of: arrays, making: place) else {
            throw Failure(
                .usage, "--results \(results): that mistake makes no difference with the arrays of \(operation.title)")
        }
        return computed
    }
}
