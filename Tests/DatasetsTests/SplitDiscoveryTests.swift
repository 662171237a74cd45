import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct SplitDiscoveryTests {
    @Test(arguments: [
        ("x_train", ArrayRole.Split.train, ArrayRole.Part.inputs), ("testLabels", .test, .targets),
        ("train/images", .train, .inputs), ("gnd", .none, .targets), ("val/y", .validation, .targets),
        ("yval", .validation, .targets),
    ])
    func namesTellRoles(_ name: String, _ split: ArrayRole.Split, _ part: ArrayRole.Part) {
        #expect(ArrayRole(name).split == split && ArrayRole(name).part == part)
    }

    @Test func wordsThatBeginAsSplitsDoAreNone() {
        #expect(ArrayRole("values").split == .none && ArrayRole("values").stem == "values")
        #expect(ArrayRole("val_pixels") == ArrayRole("val/pixels") && ArrayRole("val_pixels").split == .validation)
    }

    /// A file of 6 rows with datasets of so many columns each; 0 stands for N numbers.
    private func discovered(
        _ widths: [String: Int], inputs: String? = nil, target: String? = nil
    ) throws -> DiscoveredSplits {
        let folder = try TemporaryFolder()
        let writer = try HDF5Writer(path: folder.path("a.h5"))
        for (name, width) in widths {
            try writer.write(
                [Float](repeating: 1, count: 6 * max(1, width)), shape: width == 0 ? [6] : [6, width], to: name)
        }
        try writer.finish()
        return try DiscoveredSplits(FileSummary(file: folder.path("a.h5")), inputs: inputs, target: target)
    }

    @Test func splitsOfOneFileBelongTogether() throws {
        let splits = try discovered(["x_train": 3, "y_train": 0, "x_val": 3, "y_val": 0, "X_test": 3, "Y_test": 0])
        #expect(splits.train == DiscoveredSplit(inputs: "x_train", targets: "y_train"))
        #expect(splits.validation == DiscoveredSplit(inputs: "x_val", targets: "y_val"))
        #expect(splits.test == DiscoveredSplit(inputs: "X_test", targets: "Y_test"))
        // Names that are unknown are followed from one split to the other.
        let named = try discovered(
            ["train_a": 3, "train_b": 2, "train_c": 0, "test_a": 3, "test_b": 2, "test_c": 0], inputs: "train_b",
            target: "train_c")
        #expect(named.test == DiscoveredSplit(inputs: "test_b", targets: "test_c"))
    }

    @Test func shapesTellWhereNamesDoNot() throws {
        let pair = try discovered(["b": 0, "a": 4])
        #expect(pair.train == DiscoveredSplit(inputs: "a", targets: "b") && pair.test == nil)
        #expect(try discovered(["m": 4]).train == DiscoveredSplit(inputs: "m", targets: "m"))
        #expect(try discovered(["x": 4, "p": 0, "q": 0], target: "q").train.targets == "q")
    }

    @Test(arguments: [["a": 3, "b": 3], ["a": 0], ["x": 3, "X": 3, "y": 0], [:]])
    func whatDoesNotTellIsAnErrorThatNamesTheOptions(_ widths: [String: Int]) throws {
        let text = message { try discovered(widths) }
        #expect(text.contains("Give --inputs NAME and --target NAME"), "\(text)")
        for name in widths.keys { #expect(text.contains("'\(name)'"), "\(text)") }
    }
}
