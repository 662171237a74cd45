import Support

/// What was read of the objects of many files that have most of them in common, so that each object is read once.
///
/// Objects are the same if their values are; positions are those of the first one. Nothing is kept of what cannot be
/// read.
package final class ReadingCache {
    private var readings: [String: [JSON: Any]] = [:]
    /// How many objects of a key are kept; where every file has another one, keeping them serves nobody.
    private static let limit = 4096

    package init() {}

    /// Returns what was read of a member of the outermost object, or reads it.
    func reading<Value>(
        of name: String, _ json: JSON, _ read: () throws(ConfigError) -> Reading<Value>
    ) throws(ConfigError) -> Reading<Value> {
        guard json.members != nil else { return try read() }
        if let known = readings[name]?[json] as? Reading<Value> { return known }
        let reading = try read()
        if readings[name, default: [:]].count >= ReadingCache.limit { readings[name] = [:] }
        readings[name, default: [:]][json] = reading
        return reading
    }
}
