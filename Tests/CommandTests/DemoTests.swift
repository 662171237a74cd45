import Foundation
import TestSupport
import Testing

/// `bnexp demo`, from the program alone.
@Suite struct DemoTests {
    private let files = [
        "configs/mnist_base.json", "configs/mnist_bn.json", "configs/mnist_nobn.json", "configs/schema.json",
        "configs/sweep.schema.json", "data/mnist-5k.h5", "experiments/rate_by_normalization.json",
    ]

    @Test func theProgramAloneMakesAFolderToWorkIn() throws {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("bnexp-demo")
            let first = try bnexp(["demo"], in: folder)
            #expect(first.exitCode == 0, "\(first.errors)")
            for word in ["mnist_nobn", "steps_to_test_accuracy_80", "FROM run_summary"] {
                #expect(first.output.contains(word))
            }
            for word in ["cd bnexp-demo", "sweep experiments/rate_by_normalization.json", "report", "serve"] {
                #expect(first.errors.contains(word))
            }
            for name in files {
                let written = FileManager.default.contents(atPath: place.appendingPathComponent(name).path)
                let own = FileManager.default.contents(atPath: repository.appendingPathComponent(name).path)
                #expect(written != nil && written == own, "\(name)")
            }
            #expect(FileManager.default.fileExists(atPath: place.appendingPathComponent("demo.svg").path))

            // Again: nothing is trained, nothing differs.
            let second = try bnexp(["demo"], in: folder)
            #expect(second.exitCode == 0 && second.output == first.output, "\(second.errors)")
            let count = try bnexp(["sql", "SELECT count(*) FROM run", "--csv", "--db", "demo.sqlite"], in: place)
            #expect(count.output == "count(*)\n2\n")
        }
    }

    @Test func filesOfOthersAreKept() throws {
        try withTemporaryFolder { folder in
            let config = folder.appendingPathComponent("configs/mnist_bn.json")
            try FileManager.default.createDirectory(
                at: config.deletingLastPathComponent(), withIntermediateDirectories: false)
            try "mine".write(to: config, atomically: true, encoding: .utf8)
            let refused = try bnexp(["demo", "."], in: folder)
            #expect(refused.exitCode == 73 && refused.output.isEmpty)
            #expect(refused.errors.contains("configs/mnist_bn.json differs") && refused.errors.contains("--force"))
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("data").path))
            #expect(try String(contentsOf: config, encoding: .utf8) == "mine")

            let replaced = try bnexp(["demo", ".", "--force"], in: folder)
            #expect(replaced.exitCode == 0, "\(replaced.errors)")
            #expect(try String(contentsOf: config, encoding: .utf8).contains("extends"))
        }
    }
}
