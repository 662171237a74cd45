import Foundation
import RunStore
import Support

/// One of the tasks that a sweep is divided into, counted from 0.
package struct SweepShare: Equatable, Sendable {
    package let task: Int
    package let tasks: Int

    package init(task: Int, of tasks: Int) {
        self.task = task
        self.tasks = tasks
    }

    /// The trials of the task, which are consecutive, and the same whatever is done already.
    ///
    /// Tasks differ by one trial at most.
    package func trials(of count: Int) -> Range<Int> { start(task, count)..<start(task + 1, count) }

    private func start(_ task: Int, _ count: Int) -> Int {
        let (whole, rest) = count.quotientAndRemainder(dividingBy: tasks)
        return task * whole + min(task, rest)
    }
}

/// The results files of a sweep's tasks, its shards, as copies in one folder that all machines see.
///
/// No lock of a shared disk is trusted. A copy gets a name that no other ever has, and never changes. A process that
/// has taken a copy over, with all that it holds, into one of its own removes it then, and no other. So two processes
/// of one task, such as a requeued one and its predecessor that still dies, lose nothing of each other's.
package struct SweepShards {
    /// A copy that has its name.
    package struct Copy: Equatable, Sendable {
        package let path: String
        package let share: SweepShare
    }
    package let folder: String
    private let start: String

    package init(of plan: SweepPlan, in folder: String) {
        self.folder = withLinksResolved(folder)
        start = "sweep-\(plan.uuid.prefix(8))-task-"
    }

    /// What is to be said where the folder has no copy of the sweep.
    package var absence: String {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return "there is no folder \(folder) that can be read"
        }
        let hasOthers = names.contains { $0.hasPrefix("sweep-") && !$0.hasPrefix(start) }
        return "\(folder) has no shard of this sweep yet"
            + (hasOthers
                ? ", but of others, or of this one with other settings; give the --set that its tasks had" : "")
    }

    /// The copies of the sweep's tasks, in the order of the tasks; a folder that does not exist has none.
    package func copies() throws -> [Copy] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Failure(
                .cannotWrite, "\(folder) cannot be read; expected a folder, that all machines see, of a sweep's shards")
        }
        return names.compactMap { name in
            guard name.hasPrefix(start), let share = SweepShards.share(ofCopy: name) else { return nil }
            return Copy(path: "\(folder)/\(name)", share: share)
        }.sorted { ($0.share.task, $0.path) < ($1.share.task, $1.path) }
    }

    /// Whether a file has the name of a copy of some sweep's shard.
    package static func isCopy(_ path: String) -> Bool {
        share(ofCopy: URL(fileURLWithPath: withLinksResolved(path)).lastPathComponent) != nil
    }

    /// The share of which a file of this name is a copy; nil for other names.
    private static func share(ofCopy name: String) -> SweepShare? {
        guard
            let match = name.wholeMatch(
                of: /sweep-[0-9a-f]{8}-task-([0-9]{1,18})-of-([0-9]{1,18})\.[0-9a-z]+-[0-9]+\.sqlite/),
            let task = Int(match.1), let tasks = Int(match.2)
        else { return nil }
        return SweepShare(task: task, of: tasks)
    }

    /// The path of a copy.
    ///
    /// - Parameters:
    ///   - writer: what no other process has.
    ///   - number: of the copy among those of its writer.
    func path(of share: SweepShare, writer: String, number: Int) -> String {
        "\(folder)/\(start)\(share.task)-of-\(share.tasks).\(writer)-\(number).sqlite"
    }

    /// Calls `body` for each copy, also for those that take the place of others meanwhile.
    ///
    /// A copy that is gone when `body` fails has been taken over by a newer one.
    package func forEachCopy(_ body: (Copy) throws -> Void) throws {
        var known: Set<String> = [], isComplete = false
        while !isComplete {
            isComplete = true
            for copy in try copies() where known.insert(copy.path).inserted {
                do {
                    try body(copy)
                } catch {
                    guard !FileManager.default.fileExists(atPath: copy.path) else { throw error }
                    isComplete = false
                }
            }
        }
    }

    /// Refuses a folder with copies of the sweep that was divided into another number of tasks.
    func requireDivision(into tasks: Int) throws {
        guard let other = try copies().first(where: { $0.share.tasks != tasks }) else { return }
        throw Failure(
            .usage,
            "\(folder) has shards of this sweep in \(other.share.tasks) tasks, and --tasks is \(tasks), so that "
                + "trials would be run twice; give --tasks \(other.share.tasks) to go on with them, or another "
                + "folder to begin anew"
        )
    }

    /// Removes what processes of a task that were killed left a day before a copy was made: parts of other copies.
    func removeLeftovers(of share: SweepShare, olderThan copy: String) {
        func time(_ path: String) -> Int? {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            #if os(Linux)
                return status.st_mtim.tv_sec
            #else
                return status.st_mtimespec.tv_sec
            #endif
        }
        guard let now = time(copy), let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return
        }
        let own = "\(start)\(share.task)-of-\(share.tasks)."
        for name in names {
            let isPartial = name.hasPrefix("." + own) && name.hasSuffix(".partial")
            let isFolderAlone =
                name.hasPrefix(own) && name.hasSuffix(".sqlite.checkpoints")
                && !names.contains(String(name.dropLast(".checkpoints".count)))
            let path = "\(folder)/\(name)"
            if isPartial || isFolderAlone, let then = time(path), then < now - 86400 {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }
}
