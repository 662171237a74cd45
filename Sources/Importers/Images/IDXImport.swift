import Datasets

extension ImageSplit {
    /// Reads the images and labels from a pair of IDX files.
    ///
    /// - Throws: an error if either file is damaged or of the wrong kind, or if they differ in the number of rows.
    package init(idxImages: String, idxLabels: String) throws(DataError) {
        let images = try IDXFile(path: idxImages, .images)
        let labels = try IDXFile(path: idxLabels, .labels)
        guard case .uint8(let classes) = labels.values else { preconditionFailure("labels are bytes") }
        guard images.shape[0] == labels.shape[0] else {
            throw DataError(
                "\(idxImages) has \(images.shape[0]) images and \(idxLabels) has \(labels.shape[0]) labels; "
                    + "expected one label for each image. Are they of the same split?")
        }
        self.init(images: images.values, shape: images.shape, labels: classes, sources: [idxImages, idxLabels])
    }
}
