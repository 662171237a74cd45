/// The bytes changed in one to four places: bits flipped, bytes replaced, stretches removed, repeated or cut off, and
/// words put in that mean something to the reader under test.
package func mutated(
    _ original: [UInt8], words: [[UInt8]] = [], using generator: inout SeededGenerator
) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...16, using: &generator))
        switch Int.random(in: 0..<7, using: &generator) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &generator)
        case 2 where place < bytes.count: bytes[place] = [0, 1, 127, 128, 255].randomElement(using: &generator) ?? 0
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 5: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [0], at: place)
        }
    }
    return bytes
}
