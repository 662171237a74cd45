/// A number as a text has it.
package struct DecimalNumber {
    /// The nearest number of float64; infinite beyond its range.
    package let value: Double
    /// Whether it is written without a decimal point and an exponent.
    package let isWhole: Bool
    /// The significant digits that are written, without a decimal point, of a whole number all that fit into 64 bits; 0
    /// if there are more than 19 or none but zeros.
    fileprivate let digits: UInt64

    /// The exact magnitude of a whole number; nil of another, and beyond 64 bits.
    package var wholeMagnitude: UInt64? { isWhole && Double(digits) == value.magnitude ? digits : nil }

    /// Whether float32 has the number exactly, or to the digits that are written if they are 7 at most.
    package var fitsSingle: Bool {
        let magnitude = value.magnitude
        // Six digits always come back of float32.
        if digits &- 1 <= 999_998, magnitude >= 1e-37, magnitude <= 1e38 { return true }
        let single = Double(Float(value))
        if single == value { return true }
        guard single.isFinite, magnitude >= Double(Float.leastNormalMagnitude) else { return false }
        var digits = digits
        while digits > 9_999_999, digits % 10 == 0 { digits /= 10 }
        guard digits > 0, digits <= 9_999_999 else { return false }
        // Half a unit of the last digit is magnitude / digits / 2.
        return (single - value).magnitude * 2 * Double(digits) < magnitude
    }
}

/// The decimal digits of a number, of which the first 19 that count are kept.
private struct Digits {
    var mantissa: UInt64 = 0
    /// How many digits there are from the first that is not 0.
    private var significantCount = 0
    /// How many further digits are left out of `mantissa`, and whether one of them is not 0.
    private(set) var leftOutCount = 0
    private(set) var isCut = false

    /// Takes digits up to the first byte that is none.
    @inline(__always)
    mutating func take(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        while index + 8 <= text.count, significantCount <= 11, let eight = eightDigits(text, index) {
            if mantissa == 0, eight < 10_000_000 { break }
            mantissa = mantissa &* 100_000_000 &+ eight
            significantCount += 8
            index += 8
        }
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            if significantCount < 19 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                if mantissa != 0 { significantCount += 1 }
            } else {
                isCut = isCut || digit != 0
                leftOutCount += 1
            }
            index += 1
        }
    }

    /// The number that eight digits are; nil if one of the bytes is no digit.
    ///
    /// All eight are one word, in which neighbours are joined to numbers of two digits, then four, then eight.
    @inline(__always)
    private func eightDigits(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt64? {
        let word = UInt64(
            littleEndian: UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let areDigits =
            (word & 0xF0F0_F0F0_F0F0_F0F0) | ((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4
            == 0x3333_3333_3333_3333
        guard areDigits else { return nil }
        var value = word &- 0x3030_3030_3030_3030
        value = (value &* 10 &+ value >> 8) & 0x00FF_00FF_00FF_00FF
        value = (value &* 100 &+ value >> 16) & 0x0000_FFFF_0000_FFFF
        return (value &* 10_000 &+ value >> 32) & 0xFFFF_FFFF
    }
}

/// Reads decimal numbers to the nearest number of float64, as strtod does, whatever the locale.
package struct DecimalReader {
    /// The sign between whole and decimal places.
    private let point: UInt8
    /// 10^0 to 10^22, which float64 has exactly.
    private let tens: [Double]
    /// 5^0 to 5^27, which fit into 64 bits.
    private let fives: [UInt64]

    package init(point: UInt8 = UInt8(ascii: ".")) {
        self.point = point
        tens = sequence(first: 1) { $0 * 10 }.prefix(23).map { $0 }
        fives = sequence(first: 1) { $0 * 5 }.prefix(28).map { $0 }
    }

    /// Returns the number that a text is: a sign, digits with a decimal point among them, and an exponent, of which
    /// sign, point and exponent may be missing; nil if it is anything else.
    @inline(__always)
    package func read(_ text: UnsafeBufferPointer<UInt8>) -> DecimalNumber? {
        var index = 0
        guard let number = read(text, &index), index == text.count else { return nil }
        return number
    }

    /// Returns the number that a text begins with, and goes to the first byte behind it; nil if it begins with none.
    @inline(__always)
    func read(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> DecimalNumber? {
        guard let first = text.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        if isNegative || first == UInt8(ascii: "+") { index = 1 }
        // The value is mantissa * 10^exponent.
        var digits = Digits()
        let start = index
        digits.take(text, &index)
        var exponent = digits.leftOutCount, digitCount = index - start, isWhole = true
        if index < text.count, text[index] == point {
            isWhole = false
            index += 1
            let start = index
            digits.take(text, &index)
            digitCount += index - start
            // Left out digits of the fraction only round, and those of the whole are powers of ten.
            exponent -= index - start - (digits.leftOutCount - exponent)
        }
        guard digitCount > 0 else { return nil }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            guard let power = readExponent(text, &index) else { return nil }
            isWhole = false
            exponent += power
        }
        var mantissa = digits.mantissa
        let magnitude =
            (digits.isCut ? nil : nearest(mantissa, exponent)) ?? slowly(UnsafeBufferPointer(rebasing: text[..<index]))
        if digits.leftOutCount > 0 {
            mantissa = (isWhole ? wholeNumber(text[start..<index]) : nil) ?? (digits.isCut ? 0 : mantissa)
        }
        return DecimalNumber(value: isNegative ? -magnitude : magnitude, isWhole: isWhole, digits: mantissa)
    }

    /// The number that digits are; nil beyond 64 bits.
    @inline(never)
    private func wholeNumber(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            let (product, isOver) = number.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = product.addingReportingOverflow(UInt64(digit &- UInt8(ascii: "0")))
            if isOver || isOverToo { return nil }
            number = sum
        }
        return number
    }

    /// The number nearest to mantissa * 10^exponent; nil where that takes more than a few operations.
    @inline(__always)
    private func nearest(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        if exponent == 0 || mantissa == 0 { return Double(mantissa) }
        if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
            // Both are exact, so that the operation rounds once.
            return exponent < 0 ? Double(mantissa) / tens[-exponent] : Double(mantissa) * tens[exponent]
        }
        return exponent < 0 && exponent >= -27 ? quotient(mantissa, -exponent) : nil
    }

    /// The number nearest to mantissa / 10^power, by a division of whole numbers.
    ///
    /// With mantissa and 5^power shifted to 64 bits, their quotient with 64 further bits has 63 bits or 64, more than
    /// the 53 of a float64; a remainder counts as a last bit, so that rounding sees that a half is not exact.
    private func quotient(_ mantissa: UInt64, _ power: Int) -> Double {
        let divisor = fives[power], leftShift = mantissa.leadingZeroBitCount, divisorShift = divisor.leadingZeroBitCount
        let shifted = mantissa << leftShift, dividend = shifted >> 1, lowBit = shifted << 63
        let (quotient, remainder) = (divisor << divisorShift).dividingFullWidth((dividend, lowBit))
        let sticky = quotient | (remainder == 0 ? 0 : 1)
        let exponent = divisorShift - leftShift - 63 - power
        return Double(sticky) * Double(bitPattern: UInt64(1023 + exponent) << 52)
    }

    /// The magnitude by the standard library, for which a text in ASCII is copied.
    @inline(never)
    private func slowly(_ text: UnsafeBufferPointer<UInt8>) -> Double {
        var copy = String(decoding: text.map { $0 == point ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
        // A digit before and after the point, which is how all readers take it.
        if copy.hasPrefix("-") || copy.hasPrefix("+") { copy.removeFirst() }
        if copy.hasPrefix(".") { copy = "0" + copy }
        copy = copy.replacing(/\.(?=$|[eE])/, with: "")
        return Double(copy) ?? .infinity
    }

    /// Reads an exponent, of which not more is told than that it is large; nil if it has no digits.
    private func readExponent(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
        index += 1
        guard index < text.count else { return nil }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        let start = index
        var power = 0
        while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
            power = min(power * 10 + Int(digit), 1 << 40)
            index += 1
        }
        return index == start ? nil : isNegative ? -power : power
    }
}
