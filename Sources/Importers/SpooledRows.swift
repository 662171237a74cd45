import Datasets
import Foundation

/// Rows of numbers in a file, one after the other in this machine's byte order: what an importer makes of its source
/// before rows are divided between splits.
///
/// The file is the source itself where it already has that form, as an uncompressed npy file does, or a nameless
/// temporary file; so rows need no memory.
package struct SpooledRows {
    package let file: SpoolFile
    /// Where the first row begins in the file, in bytes.
    package let offset: Int
    /// N, the number of rows.
    package let rowCount: Int
    /// The shape of one row, `[28, 28]` for an image; empty if a row is a single number.
    package let rowShape: [Int]
    package let elementType: ElementType

    package init(file: SpoolFile, offset: Int, rowCount: Int, rowShape: [Int], elementType: ElementType) {
        self.file = file
        self.offset = offset
        self.rowCount = rowCount
        self.rowShape = rowShape
        self.elementType = elementType
    }

    package var featureCount: Int { rowShape.reduce(1, *) }
    package var rowByteCount: Int { featureCount * elementType.byteCount }
}

/// An open file, closed with its last user.
package final class SpoolFile: Sendable {
    package let descriptor: Int32

    /// Takes over an open file.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}

/// The targets of imported rows.
package enum ImportedTargets {
    /// The number of its name for each row; names are in the order of classes.
    case names([String], [Int32])
    /// Numbers: labels, values or one-hot rows.
    case numbers(SpooledRows)
}

/// One split as a source has it, such as `train`; an importer that finds one divides it as its options say.
package struct ImportedSplit {
    /// `train` or `test`.
    package let name: String
    package let inputs: SpooledRows
    /// nil if the source has inputs alone.
    package let targets: ImportedTargets?
    /// The names of features, in their order; empty if the source has none.
    package let featureNames: [String]
    /// Whether NaN among the inputs stands for a missing value that becomes the feature's mean over the training rows.
    package let fillsMissing: Bool

    package init(
        name: String, inputs: SpooledRows, targets: ImportedTargets?, featureNames: [String], fillsMissing: Bool = false
    ) {
        self.name = name
        self.inputs = inputs
        self.targets = targets
        self.featureNames = featureNames
        self.fillsMissing = fillsMissing
    }
}
