import CHDF5
import Foundation
import Support

/// Runs `body` in a child process, so that a library that crashes, hangs or takes all memory on a damaged file ends the
/// child and not bnexp.
///
/// HDF5 1.10 does so on many files of which a few bytes were changed; most of that is mended in newer releases.
/// - Parameters:
///   - progress: called in the parent with each number that `body` reports.
///   - body: returns what is to be known; what it writes to shared memory is seen by the parent too.
/// - Returns: what `body` returned.
/// - Throws: what `body` threw, or an error that says how the child ended.
func contained<Answer: Codable>(
    file path: String, progress: (Int) -> Void = { _ in }, _ body: (ContainedWork) throws(DataError) -> Answer
) throws(DataError) -> Answer {
    // Another thread may have held a lock of the Swift runtime when the child was made, which nobody gives back there.
    // Such a child does nothing any more, or waits in a loop: another one is made, and given longer to show that it
    // works.
    for stallMilliseconds in [500, 1000, 2000, 4000] {
        let outcome = try attempt(file: path, stallMilliseconds: stallMilliseconds, progress, body)
        if let reply = outcome.reply { return try reply.get() }
        let isStuck = stallMilliseconds == 500 && !outcome.works && Child.isOutOfTime(outcome.status)
        guard outcome.isStalled || isStuck else {
            throw Child.error(file: path, outcome.status)
        }
    }
    let outcome = try attempt(file: path, stallMilliseconds: .max, progress, body)
    guard let reply = outcome.reply else { throw Child.error(file: path, outcome.status) }
    return try reply.get()
}

/// - Parameter stallMilliseconds: a child that does nothing for so long is ended.
/// - Returns: the child's answer, if it gave one, how it ended, whether it was ended for doing nothing, and whether it
///   had asked for more time or reported something before.
private func attempt<Answer: Codable>(
    file path: String, stallMilliseconds: Int, _ progress: (Int) -> Void,
    _ body: (ContainedWork) throws(DataError) -> Answer
) throws(DataError) -> (reply: Child.Reply<Answer>?, status: Int32, isStalled: Bool, works: Bool) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
        throw DataError(file: path, "No pipe can be made: \(String(cString: strerror(errno))).")
    }
    fflush(nil)
    // No other thread is in the library, whose lock and state the child takes over.
    let child = HDF5Library.serialized { bnexp_fork() }
    if child == 0 {
        close(ends[0])
        bnexp_end_with_parent()
        // The first one gets less time until it shows that it works.
        Child.limit(seconds: stallMilliseconds == 500 ? 1 : Child.patience)
        bnexp_close_locked_files()
        let work = ContainedWork(ends[1])
        let reply = Child.Reply<Answer>(Result { () throws(DataError) in try body(work) })
        _ = writeAll(Array((try? JSONEncoder().encode(reply)) ?? Data()) + [UInt8(ascii: "\n")], to: ends[1])
        _exit(0)
    }
    close(ends[1])
    guard child > 0 else {
        close(ends[0])
        throw DataError(file: path, "No process can be made that reads it: \(String(cString: strerror(errno))).")
    }
    var works = false
    let answer = answer(from: ends[0], of: child, stallMilliseconds: stallMilliseconds) {
        works = true
        if let number = $0 { progress(number) }
    }
    if answer == nil { kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return (try? JSONDecoder().decode(Child.Reply<Answer>.self, from: answer ?? Data()), status, answer == nil, works)
}

/// Reads what a child writes to its end: a line for each number that it reports, and one for its answer.
///
/// - Parameter progress: called with each number, and with nil for a line that says only that the child works.
/// - Returns: the answer, empty if the child ended without one; nil if it does nothing any more.
private func answer(
    from descriptor: Int32, of child: pid_t, stallMilliseconds: Int, _ progress: (Int?) -> Void
) -> Data? {
    defer { close(descriptor) }
    var received = Data(), buffer = [UInt8](repeating: 0, count: 1 << 16), searched = 0
    let interval = 100
    var idle = 0, activity = Child.activity(of: child)
    while true {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&waiting, 1, Int32(interval)) == 0 {
            let now = Child.activity(of: child)
            idle = now != nil && now == activity ? idle + interval : 0
            activity = now
            if idle >= stallMilliseconds { return nil }
            continue
        }
        idle = 0
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return Data() }
        received.append(contentsOf: buffer[..<count])
        while let end = received.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
            let line = received[..<end]
            guard line.first == ContainedWork.reportMark else { return Data(line) }
            progress(Int(String(decoding: line.dropFirst(), as: UTF8.self)))
            received = Data(received[received.index(after: end)...])
            searched = 0
        }
        searched = received.count
    }
}

/// A child process as its work sees it.
final class ContainedWork {
    /// What a report begins with, as no answer does.
    fileprivate static let reportMark = UInt8(ascii: "#")
    private let descriptor: Int32
    private var works = false

    fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Gives the child more time, as for each block of a large dataset.
    func extendPatience() {
        Child.extendPatience()
        if !works { _ = writeAll([ContainedWork.reportMark, UInt8(ascii: "\n")], to: descriptor) }
        works = true
    }

    /// Leaves the processor to other processes that need it.
    func letOthersGoFirst() { _ = nice(10) }

    /// Tells the parent a number, and gives the child more time.
    func report(_ number: Int) {
        Child.extendPatience()
        _ = writeAll(Array("#\(number)\n".utf8), to: descriptor)
    }
}

private enum Child {
    /// Seconds of computing that reading one block, or looking at the file, may take.
    static let patience: rlim_t = 3
    /// Seconds that it may take in all, as on a slow disk.
    private static let longPatience: UInt32 = 120

    /// What the child says of its work.
    struct Reply<Answer: Codable>: Codable {
        private var answer: Answer?
        private var problem: String?
        private var exitStatus: Int32?

        init(_ result: Result<Answer, DataError>) {
            switch result {
            case .success(let answer): self.answer = answer
            case .failure(let error): (problem, exitStatus) = (error.message, error.exitStatus.rawValue)
            }
        }

        func get() throws(DataError) -> Answer {
            if let answer { return answer }
            throw DataError(problem ?? "", exitStatus: exitStatus.flatMap(ExitStatus.init) ?? .badInput)
        }
    }

    /// Bounds what a damaged file can make the library do.
    ///
    /// - Parameter seconds: of computing until patience is extended.
    static func limit(seconds: rlim_t) {
        // Its end is a finding, which needs no record of its memory.
        var nothing = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(limited(RLIMIT_CORE), &nothing)
        // The C library writes there what it finds wrong with its memory.
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        // Whoever reads what bnexp prints need not wait for its child.
        if nowhere >= 0 { for stream in [STDOUT_FILENO, STDERR_FILENO] { dup2(nowhere, stream) } }
        for number in [SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU, SIGALRM, SIGTERM, SIGINT] {
            signal(number, SIG_DFL)
        }
        // The thread that made the child may have had signals held back.
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
        ContainedMemory.limit()
        extendPatience(seconds: seconds)
    }

    static func extendPatience(seconds: rlim_t = patience) {
        var usage = rusage()
        getrusage(usageOfSelf, &usage)
        var limit = rlimit()
        getrlimit(limited(RLIMIT_CPU), &limit)
        limit.rlim_cur = min(limit.rlim_max, rlim_t(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + seconds)
        setrlimit(limited(RLIMIT_CPU), &limit)
        alarm(longPatience)
    }

    /// How much computing a child that sleeps has done; nil for one that is at work or waits for a disk, or where the
    /// system does not say.
    static func activity(of child: pid_t) -> String? {
        guard let line = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8),
            let end = line.lastIndex(of: ")")
        else { return nil }
        // After the name: the state, and as 12th and 13th the time in user and system mode.
        let fields = line[end...].split(separator: " ").dropFirst()
        guard fields.first == "S", fields.count > 13 else { return nil }
        return fields.dropFirst(11).prefix(2).joined(separator: " ")
    }

    /// Whether a child was ended for having come to no end itself.
    static func isOutOfTime(_ status: Int32) -> Bool { [SIGXCPU, SIGALRM].contains(status & 0x7F) }

    /// What the end of a child that said nothing means.
    static func error(file: String, _ status: Int32) -> DataError {
        switch status & 0x7F {
        case SIGXCPU, SIGALRM:
            DataError(
                file: file,
                "The file is damaged: the HDF5 library does not come to an end with it. Make or fetch it again.")
        case SIGKILL:
            DataError(
                file: file,
                "The system ended the process that reads it, as it does where memory runs out. Use fewer rows.")
        case SIGILL, SIGTRAP:
            DataError(
                file: file, "bnexp failed on this file, please report it (signal \(status & 0x7F)).",
                exitStatus: .defect)
        default:
            DataError(
                file: file, "The file is damaged: the HDF5 library crashed on it. Make or fetch it again.")
        }
    }

    #if os(Linux)
        private static let usageOfSelf = __rusage_who_t(RUSAGE_SELF.rawValue)
    #else
        private static let usageOfSelf = RUSAGE_SELF
    #endif
}

/// Where a child process is, for the case that it does not come back: text in memory that its parent sees.
final class Trail {
    private let memory: MemoryBlock

    init() throws(DataError) { memory = try MemoryBlock(byteCount: 1 << 12, isShared: true) }

    /// What was left last.
    var text: String { memory.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }

    func leave(_ text: String) {
        let bytes = Array(text.utf8.prefix(memory.byteCount - 1)) + [0]
        memory.base.copyMemory(from: bytes, byteCount: bytes.count)
    }
}
