/// A canvas of dots, drawn as braille characters: a cell has 2 columns and 4 rows of dots.
struct BrailleDots {
    private var masks: [[UInt32]]
    /// The series that have lines through each cell, in the order in which they came.
    private var owners: [[[Int]]]
    /// The series whose band came last to each cell.
    private var bandOwners: [[Int?]]
    let width: Int
    let height: Int

    /// Makes a canvas without dots; width and height are numbers of cells.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        masks = Array(repeating: Array(repeating: 0, count: width), count: height)
        owners = Array(repeating: Array(repeating: [], count: width), count: height)
        bandOwners = Array(repeating: Array(repeating: nil, count: width), count: height)
    }

    /// Returns the series that gives a cell its colour.
    ///
    /// Of several lines through it each has every second or third column, so that none hides another that it lies on.
    func owner(_ row: Int, _ column: Int) -> Int? {
        let lines = owners[row][column]
        return lines.isEmpty ? bandOwners[row][column] : lines[column / 2 % lines.count]
    }

    /// Returns the column of dots at a fraction of the width.
    func column(_ fraction: Double) -> Int { Int((fraction * Double(2 * width - 1)).rounded()) }

    /// Returns the row of dots, counted from the top, at a fraction of the height.
    func row(_ fraction: Double) -> Int { Int(((1 - fraction) * Double(4 * height - 1)).rounded()) }

    /// Sets one dot; dots outside of the canvas are left out.
    mutating func set(_ x: Int, _ y: Int, _ owner: Int, isBand: Bool = false) {
        guard (0..<2 * width).contains(x), (0..<4 * height).contains(y) else { return }
        // Source: the Unicode Standard, "Braille Patterns": dots 1 to 3 and 7 are the left column from the top, 4 to 6
        // and 8 the right one.
        let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        masks[y / 4][x / 2] |= bits[x % 2][y % 4]
        if isBand {
            bandOwners[y / 4][x / 2] = owner
        } else if !owners[y / 4][x / 2].contains(owner) {
            owners[y / 4][x / 2].append(owner)
        }
    }

    /// Sets the dots of a line, or every `spacing`th of them.
    mutating func line(
        _ from: (x: Int, y: Int), _ to: (x: Int, y: Int), _ owner: Int, spacing: Int = 1, isBand: Bool = false
    ) {
        let count = max(1, abs(to.x - from.x), abs(to.y - from.y))
        for i in 0...count {
            let x = from.x + Int((Double(i * (to.x - from.x)) / Double(count)).rounded())
            let y = from.y + Int((Double(i * (to.y - from.y)) / Double(count)).rounded())
            if spacing == 1 || (abs(to.x - from.x) >= abs(to.y - from.y) ? x : y) % spacing == 0 {
                set(x, y, owner, isBand: isBand)
            }
        }
    }

    /// Returns the braille character of a cell, or nil if the cell has no dots.
    func character(_ row: Int, _ column: Int) -> String? {
        guard masks[row][column] > 0, let scalar = Unicode.Scalar(0x2800 + masks[row][column]) else { return nil }
        return String(Character(scalar))
    }
}
