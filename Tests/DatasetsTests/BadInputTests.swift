import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct BadInputTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func missingFile() {
        let path = folder.path("training.h5")
        #expect(message { try HDF5File(path: path) } == "\(path): There is no such file. Check the path.")
        #expect(
            message { try HDF5File(path: "nowhere.h5") }.contains(
                "it was looked up in \(FileManager.default.currentDirectoryPath)."))
        #expect(
            message { try HDF5File(path: "data-of-mine/mnist.h5") } == """
                data-of-mine/mnist.h5: There is no such file. Make it from MNIST's four IDX files: \
                bnexp data import idx --train-images train-images-idx3-ubyte.gz \
                --train-labels train-labels-idx1-ubyte.gz --test-images t10k-images-idx3-ubyte.gz \
                --test-labels t10k-labels-idx1-ubyte.gz --output data-of-mine/mnist.h5
                """)
        let fashion = message { try HDF5File(path: "x/fashion-mnist.h5") }
        #expect(fashion.contains("apt-get install dataset-fashion-mnist"))
        #expect(fashion.contains("--train-images /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz"))
        #expect(fashion.hasSuffix("--output x/fashion-mnist.h5"))
    }

    @Test func notHDF5() throws {
        #expect(message { try HDF5File(path: folder.url.path) }.contains("This is a folder"))
        let empty = try folder.write([], to: "empty.h5")
        #expect(message { try HDF5File(path: empty) }.contains("The file is empty"))
        let text = try folder.write("a,b\n1,2\n".utf8, to: "text.h5")
        #expect(message { try HDF5File(path: text) }.hasPrefix("\(text): This is not an HDF5 file, but a text"))
        #expect(message { try HDF5File(path: text + "/a.h5") }.contains("cannot be reached: Not a directory"))
    }

    @Test func truncated() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: embeddedFile))
        let cut = try folder.write(whole.prefix(400_000), to: "cut.h5")
        let problem = message { try HDF5File(path: cut) }
        #expect(problem.contains("cut short: it has 400000 of 837390 bytes"))
    }

    /// The library prints failures on standard error unless told not to, in some builds for each thread anew.
    @Test func libraryIsQuietOnEveryThread() throws {
        let cut = try folder.write(Data(contentsOf: URL(fileURLWithPath: embeddedFile)).prefix(400_000), to: "cut.h5")
        let log = open(folder.path("log"), O_CREAT | O_RDWR, 0o600), standardError = dup(2)
        dup2(log, 2)
        for _ in 0..<4 {
            let isDone = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                _ = message { try HDF5File(path: cut) }
                isDone.signal()
            }
            isDone.wait()
        }
        dup2(standardError, 2)
        close(standardError)
        close(log)
        #expect(try !String(contentsOfFile: folder.path("log"), encoding: .utf8).contains("HDF5-DIAG"))
    }

    @Test func damagedChunk() throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: embeddedFile))
        for index in 200_000..<300_000 { bytes[index] = 0xAA }
        let path = try folder.write(bytes, to: "damaged.h5")
        let problem = message {
            try LabelledData.load(file: path, inputs: "train/images", targets: "train/labels")
        }
        #expect(
            problem.hasPrefix(
                "\(path), dataset 'train/images': the HDF5 library could not read its values:"))
    }

    @Test func missingDataset() {
        let problem = message { try HDF5File(path: embeddedFile).dataset("train/image") }
        #expect(
            problem == "\(embeddedFile), dataset 'train/image': There is no such dataset. Did you mean 'train/images'? "
                + "The file has: test/images, test/labels, train/images, train/labels.")
        #expect(!message { try HDF5File(path: embeddedFile).dataset("weights") }.contains("Did you mean"))
        #expect(
            message { try HDF5File(path: embeddedFile).dataset("train") }.contains(
                "It is a group; it holds train/images, train/labels"))
        #expect(message { try HDF5File(path: embeddedFile).dataset("") }.contains("The file has: test/images"))
    }

    @Test(arguments: [
        ("bad/scalar", "It is a single value (rank 0); expected at least one row"),
        ("bad/no_rows", "It is 0 x 4; expected at least one row"),
        ("bad/nothing", "It is 0; expected at least one row"),
        ("bad/string", "It holds values of type string; expected integers or floating-point numbers."),
        ("bad/compound", "It holds values of type compound; expected integers or floating-point numbers."),
        (
            "bad/not_finite",
            "2 of 9 values are not finite (NaN or infinity), the first in row 1, column 2, counted from 0."
        ),
    ])
    func unsuitableInputs(_ name: String, _ expected: String) throws {
        let problem = message { try Examples(file: typesFile, "\(name)") }
        #expect(problem.hasPrefix("\(typesFile), dataset '\(name)': \(expected)"))
    }

    @Test func inputsAndTargetsDiffer() {
        let problem = message {
            try LabelledData.load(file: embeddedFile, inputs: "train/images", targets: "test/labels")
        }
        #expect(
            problem
                == "\(embeddedFile): 'train/images' has 4000 rows and 'test/labels' has 1000; expected one target for "
                + "each input. Are they of the same split?")
    }

    @Test func splitsDiffer() throws {
        func load(_ values: some Sequence<Float>, _ shape: [Int], as name: String) throws -> String {
            let writer = try HDF5Writer(path: folder.path(name))
            try writer.write(Array(values), shape: shape, to: "inputs")
            try writer.write([0, 1] as [UInt8], shape: [2], to: "labels")
            try writer.finish()
            return folder.path(name)
        }
        let training = try LabelledData.load(file: embeddedFile, inputs: "train/images", targets: "train/labels")
        let narrow = try load((0..<8).map(Float.init), [2, 4], as: "narrow.h5")
        #expect(
            message { try LabelledData.load(file: narrow, inputs: "inputs", targets: "labels", matching: training) }
                .contains("Its examples have 4 features; the training data have 784."))
        let floating = try load((0..<1568).map(Float.init), [2, 784], as: "floating.h5")
        #expect(
            message { try LabelledData.load(file: floating, inputs: "inputs", targets: "labels", matching: training) }
                .contains("It is float32 and the training data are uint8"))
        let test = try LabelledData.load(
            file: embeddedFile, inputs: "test/images", targets: "test/labels", matching: training)
        #expect(classes(test).classCount == 10)
    }
}
