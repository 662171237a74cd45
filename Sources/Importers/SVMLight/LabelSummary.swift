import Datasets

/// What is known of the labels of one or more files: whether rows have several, and which type holds them.
struct LabelSummary {
    /// Whether a row has no label, or more than one.
    private(set) var areSeveral = false
    private(set) var isWhole = true
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    private var fitsSinglePrecision = true
    private var known: Set<Double> = []
    /// The most labels that a row of 0 and 1 has columns for.
    static let mostValues = 1 << 16

    /// The different labels in ascending order; at most one more than `mostValues`.
    var values: [Double] { known.sorted() }

    mutating func add(_ labels: [Double]) {
        if labels.count != 1 { areSeveral = true }
        for label in labels {
            minimum = min(minimum, label)
            maximum = max(maximum, label)
            isWhole = isWhole && label == label.rounded() && abs(label) < 0x1p53
            fitsSinglePrecision = fitsSinglePrecision && Double(Float(label)) == label
            if known.count <= LabelSummary.mostValues { known.insert(label) }
        }
    }

    mutating func add(_ other: LabelSummary) {
        areSeveral = areSeveral || other.areSeveral
        isWhole = isWhole && other.isWhole
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        fitsSinglePrecision = fitsSinglePrecision && other.fitsSinglePrecision
        known.formUnion(other.known)
    }

    /// The narrowest type that holds all labels: of integers if all are whole, else float32 if that is exact, or
    /// float64.
    var elementType: ElementType {
        guard isWhole else { return fitsSinglePrecision ? .float32 : .float64 }
        for byteCount in [1, 2, 4, 8] {
            for kind in [ElementType.Kind.unsigned, .signed] {
                let type = ElementType(kind, byteCount: byteCount)
                let lowest = kind == .unsigned ? 0 : -(type.maximum ?? 0) - 1
                if minimum >= lowest, maximum <= type.maximum ?? 0 { return type }
            }
        }
        return .float64
    }
}

extension ElementType {
    /// The bytes of a number that the type holds, in this machine's order.
    func bytes(of number: Double) -> [UInt8] {
        func bytes<Value>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        switch kind {
        case .floating: return byteCount == 4 ? bytes(Float(number)) : bytes(number)
        case .boolean, .unsigned, .signed:
            let whole = Int64(exactly: number) ?? 0
            return withUnsafeBytes(of: whole.littleEndian) { whole in
                let low = Array(whole.prefix(byteCount))
                return UInt16(1).bigEndian == 1 ? low.reversed() : low
            }
        }
    }
}
