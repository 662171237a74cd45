import Foundation
import TestSupport
import Testing

/// Configs at the limits of every key; `scripts/fuzz-config` runs thousands of them.
@Suite struct ConfigFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// How many combinations, and the seed that chooses them.
    private static let count = environment["BNEXP_FUZZ_COUNT"].flatMap { Int($0) }
    private static let seed = environment["BNEXP_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

    /// Every empty list and every kind by itself, and as many others as take a few seconds.
    @Test(arguments: ["mnist_bn.json", "mnist_nobn.json"]) func everyKeyAtItsLimits(config: String) throws {
        let fuzz = ConfigFuzz(try ConfigSchema())
        let essential = fuzz.essential
        #expect(essential.contains { $0.text == "evaluation.modes=[]" } && essential.count > 40)
        var generator = SeededGenerator(seed: Self.seed + (config == "mnist_bn.json" ? 0 : 1))
        var cases = config == "mnist_bn.json" || Self.count != nil ? essential.map { [$0] } : []
        if Self.count != nil { cases += fuzz.settings.map { [$0] } }
        for _ in 0..<(Self.count ?? 60) {
            cases.append(
                (0..<Int.random(in: 1...3, using: &generator)).compactMap { _ in
                    fuzz.settings.randomElement(using: &generator)
                })
        }
        try withTemporaryFolder { folder in
            let fuzzer = ConfigFuzzer(folder: folder, config: config)
            for settings in cases {
                if let problem = try fuzzer.problem(settings) { Issue.record("\(problem)") }
            }
        }
    }
}
