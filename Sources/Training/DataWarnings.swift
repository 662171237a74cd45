import Datasets
import Foundation

/// What spoils training and can be seen in the training rows that are used, a sentence each.
func dataWarnings(_ train: Split, scaling: Scaling, limit: Int?) -> [String] {
    var found: [String] = []
    if case .classes(let labels) = train.data.targets {
        var counts = [Int](repeating: 0, count: labels.classCount)
        for row in train.rows { counts[Int(labels.classes[Int(row)])] += 1 }
        let empty = counts.indices.filter { counts[$0] == 0 }
        if let first = empty.first {
            let whole = Set(labels.classes).count
            let cause =
                limit.map {
                    whole > counts.count - empty.count
                        ? "; data.limit takes the first \($0) rows, of other classes" : ""
                }
                ?? ""
            found.append(
                "\(empty.count) of \(counts.count) classes have no training row, the first is \(labels.names[first])\(cause)"
            )
        }
        let used = counts.count - empty.count
        if used > 20, used * 2 > train.rowCount {
            found.append(
                "\(used) classes in \(train.rowCount) training rows: if the targets are values, choose loss.kind "
                    + "mean_squared_error")
        }
    }
    if let size = train.data.inputs.typicalSize(rows: train.rows, scaling: scaling), size > 10 {
        found.append(
            "the inputs are not scaled: their root mean square is \(String(format: "%.3g", size)), where about 1 trains well; "
                + "data.scaling \"standardize\" makes it 1")
    }
    return found
}
