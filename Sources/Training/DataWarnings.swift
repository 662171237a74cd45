import Datasets
import Foundation

/// What spoils training and can be seen in the training rows that are used, a sentence each.
func dataWarnings(_ train: Split, scaling: Scaling, limit: Int?) throws(DataError) -> [String] {
    var found: [String] = []
    if case .classes(let labels) = train.data.targets {
        let present = Set(train.rows.lazy.map { labels.classes[$0] }), used = present.count
        if let first = (0..<labels.classCount).first(where: { !present.contains(Int32($0)) }) {
            let isLost = limit != nil && labels.presentClassCount > used
            found.append(
                "\(labels.classCount - used) of \(labels.classCount) classes have no training row, the first is "
                    + labels.name(of: first)
                    + (isLost
                        ? "; data.limit takes the first rows, of other classes: data.sample draws some of each" : ""))
        }
        if used > 20, used * 2 > train.rowCount {
            found.append(
                "\(used) classes in \(train.rowCount) training rows: if the targets are values, choose loss.kind "
                    + "mean_squared_error")
        }
    }
    if case .values(let values) = train.data.targets,
        let size = try values.typicalSize(rows: train.rows, scaling: .identity), size > 100
    {
        found.append(
            "the targets are large: their root mean square is \(String(format: "%.3g", size)); store them divided by that, or "
                + "choose a small optimizer.learning_rate, else training may diverge")
    }
    if let size = try train.data.inputs.typicalSize(rows: train.rows, scaling: scaling), size > 10 {
        found.append(
            "the inputs are not scaled: their root mean square is \(String(format: "%.3g", size)), where about 1 trains well; "
                + "data.scaling \"standardize\" makes it 1")
    }
    return found
}
