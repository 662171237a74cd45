import Importers
import TestSupport
import Testing

@Suite struct DecimalReaderTests {
    private func read(_ text: String, point: Character = ".") -> DecimalNumber? {
        var text = text
        return text.withUTF8 { DecimalReader(point: point.asciiValue ?? 0).read($0) }
    }

    /// Every number is the nearest one, as the standard library has it: lengths around those at which other ways of
    /// computing it begin, and numbers half-way between two neighbours.
    @Test func numbersAreTheNearest() {
        var generator = SeededGenerator(seed: 5)
        var texts = [
            "9007199254740993", "9007199254740993e-3", "900719925474099.3", "0.1", "5e-324", "2.4703282292062328e-324",
            "1.7976931348623157e308", "1.7976931348623159e308", "2.2250738585072011e-308",
            "123456789012345678901234567890",
            "0.000000000000000000000000000000001", "100000000000000000000000", "1e23", "8.41e21", "9.5e22",
            "18446744073709551615", "18446744073709551616", "1234567890123456789.5", "0.50000000000000000000000000001",
            "1.00000000000000011102230246251565404", "00000000000000000000000012", "-0.0000000012345678901234567",
            "6.929001713869936e+236", "0.30000000000000004", "12345678.12345678", "1234567.1234567e-2",
        ]
        for _ in 0..<60_000 {
            func digits(_ count: Int) -> String {
                String((0..<count).map { _ in Character("\(Int.random(in: 0...9, using: &generator))") })
            }
            let whole = Int.random(in: 0...20, using: &generator), fraction = Int.random(in: 0...24, using: &generator)
            var text =
                digits(whole) + (fraction > 0 || whole == 0 ? "." + digits(max(fraction, whole == 0 ? 1 : 0)) : "")
            if Int.random(in: 0..<3, using: &generator) == 0 {
                text += "e\(Int.random(in: -40...40, using: &generator))"
            }
            texts.append(text)
        }
        // Exactly half-way between two numbers of float64, and just beside.
        for _ in 0..<10_000 {
            let half =
                (UInt64.random(in: 1 << 53..<1 << 54, using: &generator) | 1) * 2
                + UInt64.random(in: 0..<2, using: &generator)
            texts.append("\(half)")
            texts.append("\(half / 1000).\(half % 1000 + 1000)e1")
        }
        for text in texts {
            let expected = Double(
                text.hasPrefix(".") ? "0" + text : text.hasPrefix("-.") ? "-0" + text.dropFirst() : text)
            let magnitude = text.drop { $0 == "-" }
            if read(text)?.value != expected || read("-" + magnitude)?.value != expected.map({ -$0.magnitude }) {
                Issue.record("\(text)")
            }
        }
    }

    @Test func formsOfNumbers() {
        for text in ["5", "+5", "5.", "5e0", "0.5E+1", "005", "50e-1", ".5e1"] {
            #expect(read(text)?.value == 5, "\(text)")
        }
        for text in [
            "", "+", "-", ".", "e5", "5e", "5e+", "5 ", " 5", "5.5.5", "--5", "0x10", "5f", "1_000", "1,5", "nan",
            "inf", "5e1.5",
            "½", "５",
        ] {
            #expect(read(text) == nil, "\(text)")
        }
        #expect(read("1,5", point: ",")?.value == 1.5 && read("1.5", point: ",") == nil)
        #expect(read("12345678901234567890,25", point: ",")?.value == 12345678901234567890.25)
        #expect(read("7")?.isWhole == true && read("7.")?.isWhole == false && read("7e0")?.isWhole == false)
        #expect(read("1e999999999999999999999")?.value == .infinity && read("1e-999999999999999999999")?.value == 0)
    }

    /// float32 takes what it has exactly, and what comes back of it with the digits that were written, up to seven.
    @Test func whatFitsIntoFloat32() {
        for text in [
            "0.1", "123.4567", "8.692932128906250000e-01", "16777216", "0", "-1e-30", "0.10000000000", "3.4e38",
        ] {
            #expect(read(text)?.fitsSingle == true, "\(text)")
        }
        for text in ["0.12345678", "16777217", "1e39", "1e-45", "3.141592653589793", "1e-310"] {
            #expect(read(text)?.fitsSingle == false, "\(text)")
        }
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 1_000_000...9_999_999, using: &generator),
                exponent = Int.random(in: -20...20, using: &generator)
            guard let number = read("\(digits)e\(exponent)") else { continue }
            // The number of seven digits that is nearest to the float32 is the one that was written.
            let unit = number.value / Double(digits)
            #expect(number.fitsSingle == ((Double(Float(number.value)) / unit).rounded() == Double(digits)))
        }
    }
}
