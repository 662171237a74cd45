import ArgumentParser
import Foundation
import RunStore
import Support

/// The option to write to a results file of its own name, a shard: `results.NAME.sqlite` instead of `results.sqlite`.
struct ShardOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write to results.NAME.sqlite beside results.sqlite, such as a file for each machine; join the files with "
                + "bnexp merge.",
            valueName: "NAME"))
    var shard: String?

    func validate() throws {
        if let shard, shard.isEmpty || shard.contains("/") {
            throw ValidationError("--shard is '\(shard)'; expected a name without slashes.")
        }
    }

    /// Returns the results file to write.
    ///
    /// On a network disk, where a write-ahead log does not work, every machine has a shard of its own.
    func path(of results: ResultsOption, quiet: Bool) -> String {
        let path = results.path
        var name = shard
        if name == nil, let type = networkFileSystem(of: path) {
            name = thisHost
            say(
                "\(path) lies on a network disk (\(type)), which several machines cannot write to at once; this one "
                    + "writes a shard of its own"
            )
        }
        guard let name else { return path }
        let file = path as NSString
        let shardPath =
            "\(file.deletingPathExtension).\(name)" + (file.pathExtension.isEmpty ? "" : ".\(file.pathExtension)")
        if !quiet { say("writing to \(shardPath); join shards with bnexp merge") }
        return shardPath
    }
}
