import Datasets
import Foundation
import TestSupport
import Testing

/// Files whose values are said to be in pipes and devices, which would be waited for without end, and raw files.
///
/// `Tests/DatasetsTests/Fixtures/make_leading.py` says what the file holds.
@Suite struct LeadingFileTests {
    private func withLeadingFile(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let inner = folder.appendingPathComponent("d")
            try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)
            try FileManager.default.copyItem(
                at: repository.appendingPathComponent("Tests/DatasetsTests/Fixtures/leading.h5"),
                to: inner.appendingPathComponent("leading.h5"))
            for name in ["pipe", "part-1.h5"] {
                #expect(mkfifo(inner.appendingPathComponent(name).path, 0o600) == 0)
            }
            try writeInputs(rows: 12, to: inner.appendingPathComponent("part-0.h5").path)
            try body(folder)
        }
    }

    private func writeInputs(rows: Int, to path: String) throws {
        let writer = try HDF5Writer(path: path)
        try writer.write((0..<rows * 4).map { Float($0 % 5) }, shape: [rows, 4], to: "x")
        try writer.finish()
    }

    private func dryRun(_ inputs: String, in folder: URL) throws -> CommandResult {
        let config = """
            {"data": {"file": "d/leading.h5", "train": {"inputs": "\(inputs)", "targets": "y"}, "allow_external": true,
             "allow_unwritten": true}, "model": {"hidden": [4]}, "training": {"batch_size": 8, "steps": 1}}
            """
        return try bnexp(["run", "-", "--dry-run"], in: folder, input: config)
    }

    @Test(arguments: ["external/pipe", "link/pipe", "link/zero", "virtual/pipe", "virtual/zero", "virtual/numbered"])
    func pipesAndDevicesAreRefused(inputs: String) throws {
        try withLeadingFile { folder in
            let result = try dryRun(inputs, in: folder)
            #expect(result.exitCode == 65 && result.errors.contains("which is no regular file"), "\(result)")
        }
    }

    /// What leads to a pipe hides nothing else.
    @Test func aListingNamesThem() throws {
        try withLeadingFile { folder in
            let listing = try bnexp(["data", "inspect", "--values", "d/leading.h5"], in: folder)
            #expect(listing.exitCode == 0 && listing.output.contains("3 classes: 0 (8), 1 (8), 2 (8)"), "\(listing)")
            #expect(listing.output.contains("part-1.h5"), "\(listing.output)")
        }
    }

    /// Sources that are numbered are there to the first number that is missing.
    @Test func numberedSourcesAreRead() throws {
        try withLeadingFile { folder in
            let second = folder.appendingPathComponent("d/part-1.h5").path
            #expect(unlink(second) == 0)
            try writeInputs(rows: 12, to: second)
            let result = try dryRun("virtual/numbered", in: folder)
            #expect(result.exitCode == 0 && result.output.contains("24"), "\(result)")
        }
    }

    /// A raw file is that beside the data, not one of its name in the working directory.
    @Test func rawFilesLieBesideTheData() throws {
        try withLeadingFile { folder in
            #expect(mkfifo(folder.appendingPathComponent("raw.bin").path, 0o600) == 0)
            #expect(try dryRun("external/raw.bin", in: folder).errors.contains("raw.bin, which is not there"))
            let values = (0..<96).map { Float($0 % 5) }
            try values.withUnsafeBytes { Data($0) }.write(to: folder.appendingPathComponent("d/raw.bin"))
            let result = try dryRun("external/raw.bin", in: folder)
            #expect(result.exitCode == 0, "\(result)")
        }
    }
}
