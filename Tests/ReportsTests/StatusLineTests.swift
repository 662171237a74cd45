import Charts
import Reports
import Testing

/// Lines and screens that are drawn again in place.
@Suite struct StatusLineTests {
    private var line: StatusLine {
        var line = StatusLine("a run with a long name 日本", fraction: 0.5)
        line.add("step 500/1000", .step)
        line.add("50 %", .detail)
        line.add("loss 0.1234", .loss)
        line.add("1000 steps/s", .speed)
        line.add("5 s left", .time)
        return line
    }

    @Test(arguments: 2...150) func fitsEveryWidth(columns: Int) {
        let text = line.text(columns: columns, hasColor: false)
        #expect(text.displayWidth < columns, "\(text)")
    }

    @Test func theMostImportantStays() {
        #expect(line.text(columns: 18, hasColor: false) == "step 500/1000")
        #expect(line.text(columns: 24, hasColor: false) == "step 500/1000  5 s left")
        let text = line.text(columns: 50, hasColor: false)
        #expect(
            text.hasPrefix("a run w") && text.contains("━━") && text.hasSuffix("step 500/1000  5 s left"), "\(text)")
        let all = line.text(columns: 150, hasColor: false)
        #expect(
            all
                == "a run with a long name 日本  ━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌  step 500/1000  50 %  loss 0.1234  1000 steps/s  5 s left"
        )
    }

    @Test func whatSteersTheTerminalIsEscaped() {
        let text = StatusLine("a\u{1B}[2Jb").text(columns: 80, hasColor: false)
        #expect(text == "a\\u{1b}[2Jb")
    }

    @Test func noEstimateBeforeItIsWorthSomething() {
        var estimate = TimeEstimate()
        // The first step took 40 s, since data were loaded before.
        estimate.note(done: 0.0001, at: 140)
        #expect(estimate.secondsLeft == nil)
        estimate.note(done: 0.0005, at: 141)
        #expect(estimate.secondsLeft == nil)
        estimate.note(done: 0.0011, at: 142)
        let left = estimate.secondsLeft ?? 0
        #expect(abs(left - 2000) < 40, "\(left)")
        var short = TimeEstimate()
        short.note(done: 0, at: 0)
        short.note(done: 0.02, at: 0.5)
        #expect(abs((short.secondsLeft ?? 0) - 24.5) < 1e-9)
        short.note(done: 1, at: 25)
        #expect(short.secondsLeft == nil)
    }

    @Test func estimatesFollowTheSpeedSmoothly() {
        var estimate = TimeEstimate(), done = 0.0, time = 0.0
        for _ in 0..<1000 {
            estimate.note(done: done, at: time)
            (done, time) = (done + 0.0001, time + 0.1)
        }
        let before = estimate.secondsLeft ?? 0
        #expect(abs(before - 900) < 5, "\(before)")
        // An evaluation of 3 s changes little; half the speed for two minutes tells.
        estimate.note(done: done, at: time + 3)
        #expect(((estimate.secondsLeft ?? 0) / before - 1).magnitude < 0.2)
        time += 3
        for _ in 0..<1200 {
            (done, time) = (done + 0.00005, time + 0.1)
            estimate.note(done: done, at: time)
        }
        let after = estimate.secondsLeft ?? 0
        #expect(abs(after / ((1 - done) / 0.0005) - 1) < 0.05, "\(after)")
    }

    @Test(arguments: [
        (0.2, "1 s left"), (59.5, "1 min 0 s left"), (185, "3 min 5 s left"), (1000, "16 min left"),
        (6480, "1 h 48 min left"), (400_000, "4 days left"), (.infinity, "11574074 days left"), (-1, "0 s left"),
    ])
    func timesAreTheCoarserTheLonger(seconds: Double, expected: String) {
        #expect(timeLeftText(seconds: seconds) == expected)
    }

    @Test func drawsTenTimesASecond() {
        var limit = RedrawLimit(), count = 0
        for millisecond in 0..<1000 where limit.allows(at: Double(millisecond) / 1000) { count += 1 }
        #expect((9...10).contains(count))
    }

    @Test func framesAreClippedToTheScreen() {
        let frame = ScreenFrame("one\n\u{1B}[1mtwo\u{1B}[0m\nthree\nfour\n", columns: 3, rows: 3)
        #expect(frame.lines == ["one", "\u{1B}[1mtwo\u{1B}[0m", "..."])
        #expect(ScreenFrame("1\n2\n3\n4\n", columns: 80, rows: 3).lines == ["1", "2", "... and 2 more lines"])
        #expect(ScreenFrame("1\n2\n3\n", columns: 80, rows: 3).lines == ["1", "2", "3"])
        // A full screen does not scroll; a shorter one clears what was there.
        #expect(!ScreenFrame("1\n2\n3\n", columns: 80, rows: 3).drawing.hasSuffix("\u{1B}[J"))
        #expect(ScreenFrame("1\n2\n", columns: 80, rows: 3).drawing == "\u{1B}[H\u{1B}[K1\r\n\u{1B}[K2\r\n\u{1B}[J")
    }
}
