import Foundation
import Support

/// What a run ran on.
enum Machine {
    /// The processor's name as the system gives it.
    static var processor: String {
        #if os(Linux)
            let lines =
                (FileManager.default.contents(atPath: "/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) }
                ?? ""
            let name = lines.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
            return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
        #else
            var size = 0
            sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
            var name = [UInt8](repeating: 0, count: max(size, 1))
            sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #endif
    }

    /// The age of this process, asked on its first thread.
    ///
    /// On Linux it may be up to a hundredth of a second too small.
    static var secondsSinceProcessStart: Double {
        #if os(Linux)
            // Behind the parenthesis that ends the program's name the start is the 20th field, in whole ticks since the
            // machine started.
            let text =
                FileManager.default.contents(atPath: "/proc/self/stat").map { String(decoding: $0, as: UTF8.self) }
                ?? ""
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            let ticks = fields.count > 19 ? Double(fields[19]) : nil
            let latestStart = ticks.map { ($0 + 1) / Double(sysconf(Int32(_SC_CLK_TCK))) }
            // A thread cannot have computed for longer than it exists.
            return max(latestStart.map { seconds(of: CLOCK_BOOTTIME) - $0 } ?? 0, seconds(of: CLOCK_THREAD_CPUTIME_ID))
        #else
            var name = [CTL_KERN, KERN_PROC, KERN_PROC_PID, getpid()]
            var process = kinfo_proc()
            var size = MemoryLayout<kinfo_proc>.stride
            guard sysctl(&name, UInt32(name.count), &process, &size, nil, 0) == 0 else {
                return seconds(of: CLOCK_THREAD_CPUTIME_ID)
            }
            let start = process.kp_proc.p_un.__p_starttime
            return Date().timeIntervalSince1970 - Double(start.tv_sec) - Double(start.tv_usec) * 1e-6
        #endif
    }

    /// The largest resident size that this process has had, in bytes.
    static var peakMemoryBytes: Int {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }
}
