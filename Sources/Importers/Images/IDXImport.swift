import Datasets

extension ImageSplit {
    /// Reads the images and labels from a pair of IDX files.
    ///
    /// - Throws: an error if either file is damaged or of the wrong kind, or if they differ in the number of rows.
    package init(idxImages: String, idxLabels: String) throws(DataError) {
        let images = try IDXFile(path: idxImages, rank: 3)
        let labels = try IDXFile(path: idxLabels, rank: 1)
        guard images.shape[0] == labels.shape[0] else {
            throw DataError(
                "\(idxImages) has \(images.shape[0]) images and \(idxLabels) has \(labels.shape[0]) labels; "
                    + "expected one label for each image. Are they of the same split?")
        }
        self.init(images: images.values, shape: images.shape, labels: labels.values, sources: [idxImages, idxLabels])
    }
}
