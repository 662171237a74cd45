import Foundation

/// Returns the number that some ASCII text is as a whole, such as `-1.5e3`; nil if it is none, or too large for Double.
///
/// It is the Double nearest to the text: one multiplication or division of whole numbers that Double holds, where that is
/// exact, else that of strtod.
func number(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    var next = 0, isNegative = false
    func digit() -> UInt64? {
        next < text.count && (0x30...0x39).contains(text[next]) ? UInt64(text[next] - 0x30) : nil
    }
    func takeSign() -> Bool {
        guard next < text.count, text[next] == 0x2B || text[next] == 0x2D else { return false }
        next += 1
        return text[next - 1] == 0x2D
    }
    isNegative = takeSign()
    var significand: UInt64 = 0, digitCount = 0, fractionCount = 0, isExact = true
    func takeDigits() -> Int {
        let start = next
        while let value = digit() {
            if significand < (1 << 53) / 10 { significand = significand * 10 + value } else { isExact = false }
            next += 1
        }
        return next - start
    }
    digitCount = takeDigits()
    if next < text.count, text[next] == UInt8(ascii: ".") {
        next += 1
        fractionCount = takeDigits()
    }
    guard digitCount + fractionCount > 0 else { return nil }
    var exponent = 0
    if next < text.count, text[next] | 0x20 == UInt8(ascii: "e") {
        next += 1
        let isSmall = takeSign(), start = next
        while let value = digit() {
            exponent = min(100_000, exponent * 10 + Int(value))
            next += 1
        }
        guard next > start else { return nil }
        if isSmall { exponent = -exponent }
    }
    guard next == text.count else { return nil }
    exponent -= fractionCount
    if isExact, abs(exponent) < exactPowers.count {
        let whole = Double(significand), power = exactPowers[abs(exponent)]
        let value = exponent < 0 ? whole / power : whole * power
        return isNegative ? -value : value
    }
    let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
        for index in 0..<text.count { copy[index] = CChar(bitPattern: text[index]) }
        copy[text.count] = 0
        return copy.baseAddress.map { strtod($0, nil) } ?? .nan
    }
    return value.isFinite ? value : nil
}

/// The powers of 10 that Double holds.
private let exactPowers: [Double] = (0...22).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }
