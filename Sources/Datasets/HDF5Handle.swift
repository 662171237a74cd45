import CHDF5

/// The owner of one HDF5 handle (file, dataset, type, ...), closed when its last reference goes away.
final class HDF5Handle {
    /// The name that messages give to what the handle belongs to.
    let place: String
    private(set) var id: hid_t
    private let closing: (hid_t) -> herr_t

    /// Takes over the handle that `open` returns.
    init(
        _ place: String, _ action: String, closing: @escaping (hid_t) -> herr_t, _ open: () -> hid_t
    ) throws(DataError) {
        id = try HDF5Library.check(place, action, open)
        self.place = place
        self.closing = closing
    }

    /// Calls the library with this handle's id, and throws what the library says if that fails.
    @discardableResult
    func check<Status: SignedInteger & Sendable>(_ action: String, _ body: (hid_t) -> Status) throws(DataError)
        -> Status
    {
        // Else the handle could be closed, under the lock, while `body` uses its id.
        defer { withExtendedLifetime(self) {} }
        return try HDF5Library.check(place, action) { body(id) }
    }

    /// Closes the handle now, so that a failure to write what is buffered is not lost.
    func close() throws(DataError) {
        let closed = id
        id = -1
        try HDF5Library.check(place, "close it") { closing(closed) }
    }

    deinit {
        let id = id, closing = closing
        if id >= 0 { _ = HDF5Library.serialized { closing(id) } }
    }
}
