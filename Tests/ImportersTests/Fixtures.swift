import Datasets
import Foundation

/// The path of a file that other tools wrote.
func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
}

/// The numbers of a dataset.
func values(_ dataset: String, of file: String) throws -> [Double] {
    try HDF5File(path: file).dataset(dataset).read(Double.self)
}

/// The classes of data that have them.
func classes(_ data: LabelledData) -> Labels {
    guard case .classes(let labels) = data.targets else { preconditionFailure("the targets are values") }
    return labels
}
