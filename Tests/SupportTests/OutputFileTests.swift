import Foundation
import Support
import TestSupport
import Testing

@Suite struct OutputFileTests {
    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func anAbandonedFileLeavesNothing() throws {
        try withTemporaryFolder { folder in
            var output: OutputFile? = try OutputFile(path: folder.path + "/a.csv")
            try output?.write([1, 2])
            #expect(try names(folder).count == 1)
            output = nil
            #expect(try names(folder).isEmpty)
        }
    }

    /// A file that another process makes while the output is written is not replaced.
    @Test func aNameThatIsTakenMeanwhileIsNotReplaced() throws {
        try withTemporaryFolder { folder in
            let path = folder.path + "/a.csv"
            do {
                let output = try OutputFile(path: path)
                try output.write([1, 2])
                try "theirs".write(toFile: path, atomically: false, encoding: .utf8)
                let error = #expect(throws: Failure.self) { try output.finish() }
                #expect(error?.message.contains("made by another process") == true)
            }
            #expect(try names(folder) == ["a.csv"] && String(contentsOfFile: path, encoding: .utf8) == "theirs")
        }
    }

    /// What a killed process left of the same output goes; what a living one writes stays.
    @Test func leftoversOfKilledProcessesGo() throws {
        try withTemporaryFolder { folder in
            try "rest".write(toFile: folder.path + "/.a.csv.x7.partial", atomically: false, encoding: .utf8)
            let first = try OutputFile(path: folder.path + "/a.csv")
            #expect(try names(folder).count == 1)
            let second = try OutputFile(path: folder.path + "/a.csv")
            #expect(try names(folder).count == 2)
            try first.finish()
            #expect(throws: Failure.self) { try second.finish() }
        }
    }
}
