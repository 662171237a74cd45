import RunStore
import TestSupport
import Testing

@Suite struct SweepTests {
    private func refuses(_ body: () throws -> Void, with isExpected: (ResultsError) -> Bool) throws {
        let error = try #require(#expect(throws: ResultsError.self) { try body() })
        #expect(isExpected(error), "\(error)")
    }

    @Test func sweepsAreFoundByIdNameUuidAndLatest() throws {
        try withResultsFile { file, _ in
            #expect(throws: ResultsError.self) { try file.findSweep("latest") }
            try plant(
                "INSERT INTO sweep VALUES (1, 'abcd0001', 'rates', '{}'), (2, 'abcd0002', 'rates', '{}'), (3, "
                    + "'ef012345', 'widths', '{}')",
                in: file.path)
            #expect(
                try ["1", "rates", "latest", "EF01", "abcd0001"].map { try file.findSweep($0).id } == [1, 2, 3, 3, 1])
            try refuses {
                _ = try file.findSweep("abcd")
            } with: { error in
                error.message.contains("several sweeps") && error.message.contains("abcd0002 (rates)")
                    && error.cause == .request
            }
            try refuses {
                _ = try file.findSweep("depths")
            } with: { error in
                error.message.contains("no sweep \"depths\"") && error.message.contains("3 (widths)")
                    && error.cause == .request
            }
        }
    }

    @Test func filesOfOlderSchemasHaveNone() throws {
        try withResultsFile { file, _ in
            try plant("PRAGMA user_version = 2", in: file.path)
            try refuses {
                _ = try file.findSweep("latest")
            } with: { error in
                error.message.contains("schema version 2") && error.message.contains("bnexp reap")
            }
        }
    }
}
