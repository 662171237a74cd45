import ArgumentParser
import Datasets
import Foundation
import RunStore
import Support
import Training

/// What a command may do to a file that the user names for its output.
///
/// What runs depend on is never replaced: results files, data, configs and checkpoints. Another file that exists is
/// replaced if the user says so.
struct OutputRules: ParsableArguments {
    @Flag(help: "Replace the output if it exists; never a results file, data in use, a config or a checkpoint.")
    var force = false

    /// The files of a results file that are never replaced, however the user names them.
    struct Protected {
        fileprivate let results: ResultsFile
        fileprivate let data: [String]
        fileprivate let checkpoints: [String]

        init(_ results: ResultsFile) throws {
            self.results = results
            data = try results.dataFiles()
            checkpoints = try results.checkpointFiles()
        }
    }

    /// Refuses an output that would destroy something.
    ///
    /// - Parameters:
    ///   - protected: those of the results file that the command reads.
    ///   - inputs: the other files that the command reads.
    ///   - isOwn: whether the beginning of a file shows that the same command wrote it, so that it may be replaced.
    ///   - mayReplace: whether it shows that --force replaces it, though runs may depend on it.
    func check(
        _ path: String, protecting protected: Protected? = nil, reading inputs: [String] = [],
        isOwn: (_ beginning: String) -> Bool = { _ in false },
        mayReplace: (_ beginning: String) -> Bool = { _ in false }
    ) throws {
        guard !OutputFile.isStandardOutput(path) else { return }
        func refuse(_ what: String) -> Failure {
            Failure(.cannotWrite, "\(path) is \(what), which is never replaced; name another output")
        }
        if let other = resultsFile(ofWhichIsPart: path) { throw refuse("a part of the results file \(other)") }
        if protected?.results.owns(path) == true {
            throw refuse("a part of the results file, or one of its checkpoints")
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        func isSame(_ other: String) -> Bool {
            var otherStatus = stat()
            let isThere = other == "-" ? fstat(STDIN_FILENO, &otherStatus) : stat(other, &otherStatus)
            return isThere == 0 && otherStatus.st_ino == status.st_ino
                && otherStatus.st_dev == status.st_dev
        }
        if inputs.contains(where: isSame) { throw refuse("an input of this command") }
        if protected?.data.contains(where: isSame) == true { throw refuse("the data of a run") }
        if protected?.checkpoints.contains(where: isSame) == true { throw refuse("a checkpoint of a run") }
        let beginning = Support.beginning(of: path, byteCount: 1 << 16)
        let text = String(decoding: beginning, as: UTF8.self)
        if let what = OutputRules.kind(of: path, beginning: beginning), !mayReplace(text) { throw refuse(what) }
        guard force || isOwn(text) else {
            throw Failure(.cannotWrite, "\(path) exists; --force replaces it, or name another output")
        }
    }

    /// What a file is by its content, if runs may depend on it.
    private static func kind(of path: String, beginning: Foundation.Data) -> String? {
        if beginning.starts(with: Array("SQLite format 3\0".utf8)) { return "an SQLite database" }
        if beginning.starts(with: [0x37, 0x7F, 0x06]) { return "the log of an SQLite database" }
        if beginning.starts(with: [0x89, 0x48, 0x44, 0x46]), isCheckpoint(path) { return "a checkpoint" }
        guard beginning.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{"),
            beginning.count < 1 << 16
        else { return nil }
        guard case let text = String(decoding: beginning, as: UTF8.self),
            case .success(let json) = Result(catching: { try JSONReader.read(text, source: path) })
        else { return nil }
        guard case .object(let keys) = Config.shape else { return nil }
        let hasPart = keys.contains { if case .object? = json[$0.name]?.value { true } else { false } }
        return hasPart || json["extends"] != nil || json["config"] != nil ? "a config" : nil
    }

    private static func isCheckpoint(_ path: String) -> Bool {
        guard case .success(let attributes) = Result(catching: { try ArrayFile(path: path).attributes() }) else {
            return false
        }
        return attributes["run_uuid"] != nil && attributes["format_version"] != nil
    }
}
