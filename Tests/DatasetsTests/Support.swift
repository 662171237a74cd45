import Datasets
import Foundation
import TestSupport

let testFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
let fixtureFolder = testFolder.appendingPathComponent("Fixtures")
let typesFile = fixtureFolder.appendingPathComponent("types.h5").path
let embeddedFile = testFolder.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
    "data/mnist-5k.h5"
).path

/// Writes one dataset to a file of its own and opens it.
func dataset<Element: HDF5Element>(_ elements: [Element], _ shape: [Int], in folder: TemporaryFolder) throws
    -> HDF5Dataset
{
    let path = folder.path("\(UUID().uuidString).h5")
    let writer = try HDF5Writer(path: path)
    try writer.write(elements, shape: shape, to: "train/labels")
    try writer.finish()
    return try HDF5File(path: path).dataset("train/labels")
}

/// The classes of data that have them.
func classes(_ data: LabelledData) -> Labels {
    guard case .classes(let labels) = data.targets else { preconditionFailure("the targets are values") }
    return labels
}

extension ExactNumber: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    public init(integerLiteral number: Int) { self = .real(Double(number)) }
    public init(floatLiteral number: Double) { self = .real(number) }
}
