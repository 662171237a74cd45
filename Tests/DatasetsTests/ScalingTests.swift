import Datasets
import NeuralNetwork
import TestSupport
import Testing

@Suite struct ScalingTests {
    // 4 examples of 3 features; the last feature is constant over the training rows 0, 1, 3.
    let bytes = Examples(.uint8([0, 10, 7, 50, 20, 7, 9, 9, 9, 250, 90, 7]), shape: [3], elementType: .uint8)
    let rows: [UInt32] = [0, 1, 3]

    func gathered<S: Scalar>(_ scaling: Scaling, _ examples: Examples, _ rows: [UInt32], as _: S.Type) -> [S] {
        let target = Matrix<S>(rows: 5, columns: examples.featureCount)
        examples.gather(rows: rows[...], scaling: scaling, into: target)
        #expect(target.rows == rows.count)
        return Array(target.elements)
    }

    /// The formulas, one value at a time.
    func naive(_ kind: ScalingKind, _ values: [Double], _ columns: Int, fitted: [UInt32], rows: [UInt32]) -> [Double] {
        rows.flatMap { row in
            (0..<columns).map { j in
                let x = values[Int(row) * columns + j]
                let training = fitted.map { values[Int($0) * columns + j] }
                let mean = training.reduce(0, +) / Double(training.count)
                let variance = training.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(training.count)
                let minimum = training.reduce(.infinity, min), range = training.reduce(-.infinity, max) - minimum
                return switch kind {
                case .none: x
                case .unit: x / 255
                case .minMax: (x - minimum) / (range == 0 ? 1 : range)
                case .standardize: (x - mean) / (range == 0 ? 1 : variance.squareRoot())
                case .center: x - mean
                }
            }
        }
    }

    @Test(arguments: ScalingKind.allCases)
    func formulas(_ kind: ScalingKind) throws {
        let values: [Double] = [0, 10, 7, 50, 20, 7, 9, 9, 9, 250, 90, 7]
        let storages: [(NumberStorage, ElementType)] = [
            (.uint8(values.map { UInt8($0) }), .uint8),
            (.float32(values.map { Float($0) }), .float32),
            (.float64(values), .float64),
        ]
        for (storage, type) in storages where kind != .unit || type == .uint8 {
            let examples = Examples(storage, shape: [3], elementType: type)
            let scaling = try Scaling(kind, fittedTo: examples, rows: .list(rows))
            let order: [UInt32] = [3, 2, 0, 3]
            let expected = naive(kind, values, 3, fitted: rows, rows: order)
            // Both sides round a few times, at 2^-53 and 2^-24 relative to values of at most 250.
            for (x, y) in zip(gathered(scaling, examples, order, as: Double.self), expected) {
                #expect(abs(x - y) <= 1e-13 * 250)
            }
            for (x, y) in zip(gathered(scaling, examples, order, as: Float.self), expected) {
                #expect(abs(Double(x) - y) <= 0x1p-24 * abs(y) + 1e-13 * 250)
            }
        }
    }

    @Test func workedExample() throws {
        let minMax = try Scaling(.minMax, fittedTo: bytes, rows: .list(rows))
        // Ranges 0 to 250, 10 to 90 and the constant 7, whose row 2 leaves it.
        let ranged: [Double] = [50 * (1 / 250.0), 10 * (1 / 80.0), 0, 9 * (1 / 250.0), -1 / 80.0, 2]
        #expect(gathered(minMax, bytes, [1, 2], as: Double.self) == ranged)
        let unit = try Scaling(.unit, fittedTo: bytes, rows: .list(rows))
        let divided = [0, 10, 7, 250, 90, 7].map { Float($0) / 255 }
        #expect(gathered(unit, bytes, [0, 3], as: Float.self) == divided)
    }

    /// Every byte divided by 255 in float32 is the correctly rounded quotient, as NumPy and PyTorch have it.
    @Test func unitIsExactForEveryByte() throws {
        let all = Examples(.uint8((0...255).map { UInt8($0) }), shape: [256], elementType: .uint8)
        let scaling = try Scaling(.unit, fittedTo: all, rows: [0])
        #expect(gathered(scaling, all, [0], as: Float.self) == (0...255).map { Float($0) / 255 })
    }

    @Test func binarize() throws {
        let scaling = Scaling(binarizingAbove: 9)
        #expect(gathered(scaling, bytes, [0, 2, 3], as: Float.self) == [0, 1, 0, 0, 0, 0, 1, 1, 0])
    }

    /// Sums of squares minus squared sums would lose all digits here.
    @Test func largeOffset() throws {
        let values = (0..<1000).map { 1e9 + Double($0 % 2) }
        let examples = Examples(.float64(values), shape: [], elementType: .float64)
        let scaling = try Scaling(.standardize, fittedTo: examples, rows: .range(0..<1000))
        #expect(gathered(scaling, examples, [0, 1], as: Double.self) == [-1, 1])
    }

    /// The mean of 10 times 0.1 is not 0.1, so a deviation from it alone would look like tiny but real variation.
    @Test func constantThatIsNoBinaryFraction() throws {
        let examples = Examples(.float64(Array(repeating: 0.1, count: 10)), shape: [], elementType: .float64)
        for kind in [ScalingKind.standardize, .center, .minMax] {
            let scaling = try Scaling(kind, fittedTo: examples, rows: .range(0..<10))
            #expect(gathered(scaling, examples, [0, 9], as: Double.self) == [0, 0])
        }
    }

    @Test func unitNeedsSmallIntegers() {
        let floats = Examples(.float32([0.5, 1]), shape: [], elementType: .float32)
        #expect(
            message { try Scaling(.unit, fittedTo: floats, rows: [0]) }.contains(
                "the inputs are float32. Give the largest value"))
        let wide = Examples(.float64([0, 255]), shape: [], elementType: ElementType(.signed, byteCount: 8))
        #expect(
            message { try Scaling(.unit, fittedTo: wide, rows: [0]) }.contains(
                "the inputs are int64. Give the largest value"))
    }

    @Test func unitOfOtherIntegers() throws {
        let signed = Examples(.float32([-127, 127]), shape: [], elementType: ElementType(.signed, byteCount: 1))
        #expect(gathered(try Scaling(.unit, fittedTo: signed, rows: [0]), signed, [0, 1], as: Double.self) == [-1, 1])
        let wide = Examples(.float32([0, 65535]), shape: [], elementType: ElementType(.unsigned, byteCount: 2))
        #expect(gathered(try Scaling(.unit, fittedTo: wide, rows: [0]), wide, [0, 1], as: Double.self) == [0, 1])
    }

    @Test func labels() {
        let labels = Labels(classes: [4, 3, 2, 1], classCount: 5)
        var target: [Int32] = [9, 9, 9]
        target.withUnsafeMutableBufferPointer { labels.gather(rows: [3, 0], into: $0) }
        #expect(target == [1, 4, 9])
    }
}
