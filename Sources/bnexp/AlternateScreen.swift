import Foundation
import Reports
import Support
import Synchronization

/// The second screen of the terminal behind standard output, as pagers and editors use it: what was there before is
/// there again when the command ends, also by a signal, and while it is suspended.
enum AlternateScreen {
    private static let entering: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leaving: StaticString = "\u{1B}[?25h\u{1B}[?1049l"
    private static let mustRedraw = Atomic<Bool>(false)

    /// Draws the text that `body` returns every so many seconds, and when the size of the terminal changes.
    ///
    /// - Parameter body: is given the width and the height to fit.
    /// - Throws: what `body` throws, on the first screen.
    static func repeating(every interval: Double, _ body: (_ columns: Int, _ rows: Int) throws -> String) throws {
        write(entering)
        handleSignals()
        defer { write(leaving) }
        while true {
            mustRedraw.store(false, ordering: .relaxed)
            let size = (terminalWidth(standardOutput), terminalHeight(standardOutput))
            let frame = ScreenFrame(try body(size.0, size.1), columns: size.0, rows: size.1)
            guard writeAll(Array(frame.drawing.utf8), to: standardOutput) else { throw lostOutput() }
            let next = seconds(of: CLOCK_MONOTONIC) + interval
            while case let left = next - seconds(of: CLOCK_MONOTONIC), left > 0,
                size == (terminalWidth(standardOutput), terminalHeight(standardOutput)),
                !mustRedraw.load(ordering: .relaxed)
            {
                // A new size is seen soon, whether or not a signal tells of it.
                Thread.sleep(forTimeInterval: min(left, 0.1))
            }
        }
    }

    private static func write(_ sequence: StaticString) {
        _ = Foundation.write(standardOutput, sequence.utf8Start, sequence.utf8CodeUnitCount)
    }

    /// Handlers do only what is safe in one: they write constants, and send the signal again.
    private static func handleSignals() {
        for number in [SIGINT, SIGTERM, SIGQUIT] {
            signal(number) { number in
                AlternateScreen.write(AlternateScreen.leaving)
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        signal(SIGTSTP) { _ in
            AlternateScreen.write(AlternateScreen.leaving)
            raise(SIGSTOP)
            AlternateScreen.write(AlternateScreen.entering)
            AlternateScreen.mustRedraw.store(true, ordering: .relaxed)
        }
    }
}
