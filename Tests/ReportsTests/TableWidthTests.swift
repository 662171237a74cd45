import Charts
import Foundation
import Reports
import RunStore
import Support
import Testing

/// How tables fit a terminal.
@Suite struct TableWidthTests {
    private let runs: Table = {
        var table = Table(
            columns: ["id", "uuid", "name", "status", "seed", "reason", "validation_accuracy", "final_loss"],
            rows: (1...3).map { number in
                [
                    .integer(number), .text("0123abc\(number)"),
                    .text("a-long-name-of-a-run-with-batch-norm-\(number)"),
                    .text("finished"), .integer(7), .null, .number(0.98125), .number(1.5e-7),
                ]
            })
        table.importance = ["name", "final_loss", "status", "validation_accuracy", "uuid"]
        return table
    }()

    private func width(_ text: String) -> Int {
        text.split(separator: "\n").map { String($0).displayWidth }.max() ?? 0
    }

    @Test func withoutAWidthNothingIsMissing() {
        #expect(runs.text().contains("reason") && width(runs.text()) > 80)
        #expect(runs.text(width: 200).contains("validation_accuracy"))
    }

    @Test func columnsWithoutValuesGo() {
        #expect(!runs.text(width: 200).contains("reason"))
        var first = Table(columns: ["reason", "x"], rows: [[.null, .integer(1)]])
        #expect(first.text(width: 80).contains("reason"))
        first.rows = []
        #expect(first.text(width: 80).contains("reason"))
    }

    @Test(arguments: 16...120) func everyLineFitsAndNumbersStayWhole(columns: Int) {
        let text = runs.text(width: columns, remedy: "--json shows all")
        #expect(width(text) <= columns, "\(text)")
        #expect(text.contains("id") && text.contains("\n 1  "), "\(text)")
        for number in ["0.9812", "1.500e-07"] where text.contains(String(number.prefix(3))) {
            #expect(text.contains(number), "\(text)")
        }
    }

    @Test func theLeastImportantColumnsGoAndAreNamed() {
        let text = runs.text(width: 40, remedy: "--columns chooses")
        #expect(text.contains("1.500e-07"))
        #expect(text.replacing("\n", with: " ").contains("left out, for want of width: uuid, "), "\(text)")
        #expect(text.contains("--columns chooses") && text.contains("a-l") && !text.contains("…"), "\(text)")
        #expect(!runs.text(width: 200).contains("left out"))
    }

    @Test func headersFoldBeforeColumnsGo() {
        let table = Table(
            columns: ["id", "validation_accuracy", "largest_error"], rows: [[.integer(1), .number(0.5), .number(2)]])
        #expect(
            table.text(width: 25) == """
                    validation_  largest_
                id     accuracy     error
                --  -----------  --------
                 1          0.5         2

                """)
    }

    @Test func comparisonsFold() {
        var table = Table(
            columns: ["", "first", "second"],
            rows: [
                [.text("optimizer.learning_rate"), .number(0.1), .number(0.5)],
                [.text("note"), .text("a text of several words that fold"), .text("short")],
                [.text("accuracy"), .text("0.9812 ± 0.001234 (3)"), .null],
            ])
        table.settingRowCount = 1
        table.fit = .folding()
        #expect(
            table.text(width: 60) == """
                                         first                        second
                -----------------------  ---------------------------  ------
                optimizer.learning_rate  0.1                          0.5
                note                     a text of several words      short
                                         that fold
                accuracy                 0.9812 ± 0.001234 (3)        -

                """)
        // Where even that does not fit, columns stand below each other.
        let narrow = table.text(width: 40)
        #expect(width(narrow) <= 40 && narrow.components(separatedBy: "\n\n").count == 2, "\(narrow)")
        #expect(narrow.contains("0.9812 ± 0.001234 (3)") && narrow.contains("second"), "\(narrow)")
        #expect(!narrow.contains("…") && !narrow.contains("left out"))
    }

    @Test func columnsAreChosen() throws {
        let table = try runs.choosing(["final_loss", "id"])
        #expect(table.columns == ["final_loss", "id"] && table.rows[2] == [.number(1.5e-7), .integer(3)])
        #expect(throws: Failure.self) { try runs.choosing(["finalloss"]) }
        do { _ = try runs.choosing(["id", "finalloss"]) } catch {
            #expect(error.exitStatus == .usage && error.message.contains("did you mean final_loss?"))
        }
        // A column that is asked for is shown, with or without values.
        #expect(try runs.choosing(["id", "reason"]).text(width: 80).contains("reason"))
        let other = Table(columns: ["x"], rows: [])
        #expect(try [runs, other].choosing(["id"]).map(\.columns) == [["id"], []])
    }

    @Test(arguments: [(10, "abcde…ghij"), (3, "a…j"), (1, "…"), (11, "abcdefXghij")])
    func textsAreCutInTheMiddle(width: Int, expected: String) {
        #expect("abcdefXghij".cutInMiddle(to: width) == expected)
        #expect("日本語日本語".cutInMiddle(to: width).displayWidth <= max(1, width))
    }

    @Test func runningRunsTellHowFarTheyAre() {
        var table = Table(
            columns: ["id", "status", "last_step"],
            rows: [[.integer(1), .text("finished"), .integer(9)], [.integer(2), .text("running"), .null]])
        let before = table.columns
        table.add([5: RunningProgress(step: 1, totalSteps: 2, secondsLeft: nil)], id: "id", step: "last_step")
        #expect(table.columns == before)
        table.add([2: RunningProgress(step: 999, totalSteps: 1000, secondsLeft: 4.2)], id: "id", step: "last_step")
        #expect(table.columns == ["id", "status", "progress", "last_step"])
        #expect(table.rows[0] == [.integer(1), .text("finished"), .null, .integer(9)])
        #expect(table.rows[1] == [.integer(2), .text("running"), .text("99 %, 5 s left"), .integer(999)])
    }
}
