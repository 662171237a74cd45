import Support

/// An event file, which TensorBoard reads: a sequence of records, each with an `Event`.
///
/// A record is the length of its data (8 bytes), the masked check of that, the data, and the masked check of the data.
/// Sources: TensorFlow, lib/io/record_writer.h (records) and event.proto (`Event`).
final class EventFile {
    private let file: OutputFile
    private var buffer = ProtocolMessage()
    private static let blockSize = 1 << 16

    /// - Parameter time: seconds since 1970.
    init(path: String, time: Double) throws(Failure) {
        // TensorBoard reads every file with "tfevents" in its name, and must not read one that is not complete.
        file = try OutputFile(path: path, workingName: "bnexp-export")
        try write(
            message {
                $0.add(1, time)
                $0.add(3, "brain.Event:2")
            })
    }

    /// Writes an event.
    ///
    /// - Parameter summary: the fields of a `Summary`: values.
    func write(time: Double, step: Int, summary: ProtocolMessage) throws(Failure) {
        try write(
            message {
                $0.add(1, time)
                $0.add(2, step)
                $0.add(5, summary)
            })
    }

    /// Writes what is left; the file is complete only when this has not thrown.
    func finish() throws(Failure) {
        try flush()
        try file.finish()
    }

    private func write(_ event: ProtocolMessage) throws(Failure) {
        var length = ProtocolMessage()
        length.append(UInt64(event.bytes.count))
        buffer.add(fields: length.bytes)
        buffer.append(EventFile.maskedCheck(length.bytes))
        buffer.add(fields: event.bytes)
        buffer.append(EventFile.maskedCheck(event.bytes))
        if buffer.bytes.count >= EventFile.blockSize { try flush() }
    }

    /// The check, changed so that the check of data that contain checks is not a constant.
    private static func maskedCheck(_ bytes: [UInt8]) -> UInt32 {
        let crc = crc32C(bytes)
        return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
    }

    private func flush() throws(Failure) {
        try file.write(buffer.bytes)
        buffer.removeAll()
    }
}
