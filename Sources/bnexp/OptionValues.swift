import ArgumentParser
import Keys
import NeuralNetwork
import Reports
import RunStore
import Support
import Training

// The types of lower modules that options take values of, by their raw values.

extension ExistingRunPolicy: ExpressibleByArgument {}
extension Fault: ExpressibleByArgument {}
extension InputForm: ExpressibleByArgument {}
extension NormalizationMode: ExpressibleByArgument {}
extension RunStatus: ExpressibleByArgument {}
extension SplitName: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}

/// Refuses a count outside of a range, in a message that names its option.
func requireRange(_ range: ClosedRange<Int>, _ count: Int, _ option: String) throws(ValidationError) {
    guard range.contains(count) else {
        throw ValidationError("\(option) is \(count); expected \(range.forPeople).")
    }
}

/// Refuses a text that is no name of a run, a sweep or a tag.
func requireName(_ text: String, _ what: String) throws(ValidationError) {
    guard text.isEmpty || text.hasControlCharacters || text.utf8.count > Shape.longestName else { return }
    throw ValidationError("\(what) is \(JSON(text).found); expected \(Shape.name.expectation).")
}

/// The range of options that count steps, rows or tasks, in which nothing that is computed from them overflows.
let countRange = 1...Shape.largestStepCount

/// The range of `--threads` and `--jobs`.
let threadRange = 1...1024
