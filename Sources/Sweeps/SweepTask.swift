import Foundation
import RunStore
import Support
import Synchronization

/// A task of a divided sweep at work: it writes its shard on the machine's own disk, for a write-ahead log does not
/// work on one that several machines see, and copies it to where the shards are collected.
package final class SweepTask: Sendable {
    /// The results file that the task writes.
    package let shard: String
    private let shards: SweepShards
    private let share: SweepShare
    private let scratch: ScratchFolder
    private let writer = String(UInt64.random(in: .min ... .max), radix: 36)
    private struct State {
        /// The copies that the next one takes the place of.
        var replaced: [SweepShards.Copy] = []
        var count = 0
        /// Whether the shard was opened with what one copy holds, and nothing else.
        var isCopy = false
    }
    private let state = Mutex(State())

    /// Begins the work in a folder of its own.
    ///
    /// - Parameter place: a folder on the machine's own disk.
    /// - Throws: `Failure` if the shards are those of another division, another process of this machine works on the
    /// task, or a folder cannot be used.
    package init(_ share: SweepShare, of shards: SweepShards, in place: String) throws {
        try shards.requireDivision(into: share.tasks)
        try makeFolder(shards.folder)
        guard access(shards.folder, W_OK) == 0 else {
            throw Failure(
                .cannotWrite,
                "\(shards.folder) cannot be written; expected a folder, that all machines see, for the shards")
        }
        self.shards = shards
        self.share = share
        let key = SHA256.hexadecimal(shards.path(of: share, writer: "", number: 0)).prefix(16)
        scratch = try ScratchFolder(named: "bnexp-\(getuid())-\(key)", in: place, work: "task \(share.task)")
        shard = scratch.path + "/shard.sqlite"
    }

    /// Opens the shard, with all that earlier processes of the task have left here and among the copies.
    ///
    /// Nobody else works on the runs of a copy, whatever it says of them.
    package func open() throws -> ResultsFile {
        var taken: [SweepShards.Copy] = []
        let isHere = FileManager.default.fileExists(atPath: shard)
        var file = isHere ? try ResultsFile(writing: shard) : nil
        try file?.endAttempts()
        try shards.forEachCopy { copy in
            guard copy.share == share else { return }
            if let file {
                _ = try file.merge(from: copy.path)
            } else {
                try copyFile(copy.path, to: shard)
                file = try ResultsFile(writing: shard)
            }
            try file?.endAttempts()
            try file?.takeCheckpoints(from: copy.path + ".checkpoints")
            taken.append(copy)
        }
        state.withLock { ($0.replaced, $0.isCopy) = (taken, !isHere && taken.count == 1) }
        return try file ?? ResultsFile(writing: shard)
    }

    /// Copies the shard as it is, also while runs write to it, with the checkpoints that count.
    ///
    /// The copy is made beside the shard first: what lies on a shared disk is no file that SQLite writes to. It gets
    /// its name when it and its checkpoints are complete; then the copies go that it takes the place of.
    package func copy() throws {
        try state.withLock { state in
            let local = scratch.path + "/copy.sqlite", checkpoints = local + ".checkpoints"
            let manager = FileManager.default
            for path in [local, checkpoints] where manager.fileExists(atPath: path) {
                try manager.removeItem(atPath: path)
            }
            _ = try ResultsFile(reading: shard).backUp(to: local, isForReading: true)
            state.count += 1
            let target = shards.path(of: share, writer: writer, number: state.count)
            try makeFolder(shards.folder)
            for run in (try? manager.contentsOfDirectory(atPath: checkpoints)) ?? [] {
                let folder = "\(target).checkpoints/\(run)"
                try makeFolder(folder)
                for name in try manager.contentsOfDirectory(atPath: "\(checkpoints)/\(run)") {
                    try copyFile("\(checkpoints)/\(run)/\(name)", to: "\(folder)/\(name)")
                }
            }
            try copyFile(local, to: target)
            for old in state.replaced {
                unlink(old.path)
                try? manager.removeItem(atPath: old.path + ".checkpoints")
            }
            state.replaced = [SweepShards.Copy(path: target, share: share)]
            shards.removeLeftovers(of: share, olderThan: target)
        }
    }

    /// Copies the shard until the last copy is there, and then removes it here.
    ///
    /// - Parameter hasRun: whether anything was run since the shard was opened.
    /// - Throws: `Failure` that says where the shard stays if it cannot be copied.
    package func finish(hasRun: Bool) throws(Failure) {
        if !hasRun, state.withLock({ $0.isCopy }) { return scratch.remove() }
        for pause in [1, 5, 0] as [UInt32] {
            do {
                try copy()
                return scratch.remove()
            } catch {
                if pause > 0 {
                    sleep(pause)
                    continue
                }
                throw Failure(
                    .cannotWrite,
                    "the shard could not be copied to \(shards.folder): \(error); it stays on \(thisHost) in "
                        + "\(shard), where the same command finds it, or copy it with "
                        + "bnexp backup --db \(quotedForShell(shard)) FILE"
                )
            }
        }
    }
}

/// Copies a file; the copy gets its name when it is complete and on the disk.
private func copyFile(_ path: String, to target: String) throws {
    guard let source = FileHandle(forReadingAtPath: path) else {
        throw Failure(.cannotWrite, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    let output = try OutputFile(path: target)
    while let bytes = try source.read(upToCount: 1 << 20), !bytes.isEmpty { try output.write(Array(bytes)) }
    try output.finish()
}
