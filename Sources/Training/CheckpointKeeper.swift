import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support

/// Writes a run's checkpoints, and has each counted once its file and the rows up to its step are on the disk.
final class CheckpointKeeper {
    let plan: CheckpointPlan
    private let writer: RunWriter
    private let clock: PhaseClock
    private var timer: CheckpointTimer

    init(_ plan: CheckpointPlan, writer: RunWriter, clock: PhaseClock) {
        self.plan = plan
        self.writer = writer
        self.clock = clock
        timer = CheckpointTimer(now: seconds(of: CLOCK_MONOTONIC))
    }

    /// Whether a step before the last one has a checkpoint.
    func isDue(_ step: Int, of total: Int) -> Bool {
        plan.isDue(step, of: total)
            || plan.isByTime && step < total && timer.isDue(now: seconds(of: CLOCK_MONOTONIC))
    }

    /// Writes the state after `step` updates.
    ///
    /// - Throws: an error if the configured folder cannot take it. The folder beside the results file is tried then, so
    ///   that the run can be resumed.
    func write<S: Scalar>(
        _ network: Network<S>, _ memory: GradientMemory<S>, step: Int, run: RunPlan, uuid: String,
        as kind: CheckpointRecord.Kind = .step
    ) throws {
        let start = seconds(of: CLOCK_MONOTONIC)
        try clock.measure(.log) { try writer.flush() }
        func write(in folder: String, _ kind: CheckpointRecord.Kind) throws {
            do { try makeFolder(folder) } catch {
                throw DataError(
                    "\(error.message). It is for checkpoints: checkpoint.directory names another.",
                    exitStatus: .cannotWrite)
            }
            let path = "\(folder)/\(plan.name(kind, step: step))"
            // The one that counts has the same name, and is there until the new one counts.
            let previous = kind == .best ? CheckpointRecord.previousBest(of: path) : nil
            if let previous {
                unlink(previous)
                link(path, previous)
            }
            try writeState(of: network, memory, step: step, plan: run, uuid: uuid, to: path)
            let bytes = try contents(ofFile: path)
            let record = CheckpointRecord(
                step: step, kind: kind, path: path, sha256: SHA256.hexadecimal(bytes), byteCount: bytes.count)
            for old in try writer.commit(record, keeping: kind == .best ? 1 : plan.keep) where old.path != path {
                plan.removeFile(of: old)
            }
            if let previous { unlink(previous) }
        }
        try clock.measure(.checkpoint) {
            do {
                try write(in: plan.folder, kind)
            } catch let error as DataError where plan.folder != plan.defaultFolder {
                try write(in: plan.defaultFolder, .step)
                throw DataError(
                    "\(error.message) The state after step \(step) is in \(plan.defaultFolder) instead, so that "
                        + "--if-exists resume goes on from there.", exitStatus: .cannotWrite)
            }
        }
        timer.note(start: start, end: seconds(of: CLOCK_MONOTONIC))
    }
}

/// The bytes of a regular file; others, such as a pipe or a device, are refused.
func contents(ofFile path: String) throws(DataError) -> Data {
    var status = stat()
    guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
        throw DataError(file: path, "This is no regular file; expected one that bnexp wrote.")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
        throw DataError(file: path, "There is no such file, or it cannot be read.")
    }
    return data
}

/// When a run whose config says nothing of checkpoints writes the next one, in seconds of a clock that only goes
/// forward.
///
/// That is a minute after the last one, or later, so that at most a hundredth of the time is spent on checkpoints.
package struct CheckpointTimer {
    private var next: Double

    package init(now: Double) { next = now + 60 }

    package func isDue(now: Double) -> Bool { now >= next }

    /// Notes that one was written.
    package mutating func note(start: Double, end: Double) { next = end + max(60, 99 * (end - start)) }
}
