import Foundation
import Reports
import RunStore
import Testing

@Suite struct TableTests {
    private let table = Table(
        columns: ["name", "x", "note"],
        rows: [
            [.text("日本"), .number(0.123456), .null], [.text("a\"b,c"), .integer(1_234_567), .text("t")],
            [.text("n"), .number(.nan), .null],
        ])

    @Test func alignsNumbersRightAndTextLeft() {
        #expect(
            table.text() == """
                name         x  note
                -----  -------  ----
                日本    0.1235  -
                a"b,c  1234567  t
                n          nan  -

                """)
        #expect(table.text(color: true).hasPrefix("\u{1B}[1mname"))
    }

    @Test(arguments: [
        (0.0, "0"), (1, "1"), (0.5, "0.5"), (0.87654, "0.8765"), (1234.5678, "1235"), (99999.4, "99999"),
        (1.5e7, "1.500e+07"), (1e-5, "1.000e-05"),
        (-0.25, "-0.25"), (.infinity, "inf"), (-.infinity, "-inf"),
    ])
    func numbersAreShort(number: Double, expected: String) {
        #expect(SQLValue.number(number).display == expected)
    }

    @Test func profilesHaveSharesAndWhatIsLeft() {
        let phases: [PhaseRecord] = [
            PhaseRecord(phase: .load, wallSeconds: 0.5, cpuSeconds: 0.25),
            PhaseRecord(phase: .train, wallSeconds: 3, cpuSeconds: 6),
            PhaseRecord(phase: .total, wallSeconds: 4, cpuSeconds: 7),
        ]
        #expect(
            Table(RunProfile(phases: phases, stepCount: 2000)).text() == """
                phase  wall_seconds  percent  cpu_seconds  microseconds_per_step  steps_per_second
                -----  ------------  -------  -----------  ---------------------  ----------------
                load            0.5     12.5         0.25                      -                 -
                train             3       75            6                   1500             666.7
                other           0.5     12.5         0.75                      -                 -
                total             4      100            7                      -                 -

                """)
        #expect(Table(RunProfile(phases: phases, stepCount: 0)).rows[1].suffix(2) == [.null, .null])
        #expect(Table(RunProfile(phases: [], stepCount: 0)).rows.isEmpty)
    }

    @Test func jsonKeepsOrderAndDigits() throws {
        #expect(table.json().contains("{\"name\": \"a\\\"b,c\", \"x\": 1234567, \"note\": \"t\"}"))
        let third = 1.0 / 3
        let text = Table(columns: ["v"], rows: [[.number(third)], [.number(.infinity)], [.null]]).json()
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        #expect(parsed?[0]["v"] as? Double == third)
        #expect(parsed?[1]["v"] as? String == "inf")
        #expect(parsed?[2]["v"] is NSNull)
        #expect(Table(columns: ["v"], rows: []).json() == "[]\n")
    }

    @Test func csvQuotes() {
        #expect(
            ([csvLine(table.columns)] + table.rows.map { csvLine($0) }).joined()
                == "name,x,note\r\n日本,0.123456,\r\n\"a\"\"b,c\",1234567,t\r\nn,nan,\r\n")
    }
}
