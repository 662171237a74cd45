import RunStore

// The values of a `Summary` that are written: summary.proto of TensorBoard, with the numbers of its fields.

/// A value of a `Summary`: a scalar, whose bytes are the same but for the last four.
struct ScalarField {
    private let beginning: [UInt8]

    init(tag: String) {
        // The encoded value ends with the float.
        var summary = ProtocolMessage()
        summary.add(
            1,
            message {
                $0.add(1, tag)
                $0.add(2, Float(0))
            })
        beginning = summary.bytes.dropLast(4)
    }

    func add(_ value: Double, to summary: inout ProtocolMessage) {
        summary.add(fields: beginning)
        summary.append(Float(value).bitPattern)
    }
}

/// A value of a `Summary`: a histogram over the bins of `logging.histograms`.
struct HistogramField {
    let tag: String
    let minimum: Double
    let maximum: Double

    /// Adds counts: below the minimum, one count a bin, at or above the maximum.
    ///
    /// What lies beyond the bins stands in a bin of their width at either end, where there is any. Sums are those of
    /// the bins' middles.
    func add(_ counts: [Double], to summary: inout ProtocolMessage) {
        let binCount = counts.count - 2
        guard binCount > 0 else { return }
        let width = (maximum - minimum) / Double(binCount)
        let first = counts[0] > 0 ? 0 : 1, last = counts[binCount + 1] > 0 ? binCount + 1 : binCount
        func left(_ bin: Int) -> Double { minimum + Double(bin - 1) * width }
        let middles = (first...last).map { left($0) + width / 2 }, kept = Array(counts[first...last])
        summary.add(
            1,
            message {
                $0.add(1, tag)
                $0.add(
                    5,
                    message {
                        $0.add(1, left(first))
                        $0.add(2, left(last + 1))
                        $0.add(3, kept.reduce(0, +))
                        $0.add(4, zip(kept, middles).reduce(0) { $0 + $1.0 * $1.1 })
                        $0.add(5, zip(kept, middles).reduce(0) { $0 + $1.0 * $1.1 * $1.1 })
                        $0.add(6, (first...last).map { left($0 + 1) })
                        $0.add(7, kept)
                    })
            })
    }
}

/// Returns the name of a column's curve: the table, its keys that are names, the column, its keys that are numbers,
/// as in `activation/preactivation/mean/layer_0` and `activation/preactivation/p15/layer_0`.
///
/// TensorBoard puts together what has the same text before the first slash.
func curveName(table: String, keys: [(column: String, value: SQLValue)], column: String) -> String {
    var group = table
    for end in ["_statistic", "_percentile", "_step"] where group.hasSuffix(end) { group.removeLast(end.count) }
    var names: [String] = [], numbers: [String] = [], name = column
    for (key, value) in keys {
        switch value {
        case _ where key == "percentile": name = "p\(value.keyText)"
        case .text(let text): names.append(text)
        default: numbers.append("\(key)_\(value.keyText)")
        }
    }
    return ([group] + names + [name] + numbers).joined(separator: "/")
}
