import Charts
import Testing

@Suite struct PictureTests {
    private func grey(_ lines: [[Double]]) -> Picture { Picture(lines: lines.map { $0.map { [$0] } }) }

    @Test func pixelsAreTwoCharactersWithoutColors() {
        let picture = grey([[0, 0.35, 1], [1, 0, 0]])
        #expect(picture.text(width: 80, color: .none) == "  --@@\n@@\n")
    }

    @Test func picturesAreMadeSmallerToFit() {
        let lines = (0..<40).map { _ in (0..<100).map { $0 < 50 ? 1.0 : 0 } }
        let small = grey(lines).text(width: 40, color: .none).split(separator: "\n")
        #expect(small.count == 8 && small.allSatisfy { $0 == String(repeating: "@", count: 20) })
        // A pixel is the mean of those that it stands for: columns of 0 and 1 in turn are half as bright.
        let stripes = grey((0..<4).map { _ in (0..<40).map { Double($0 % 2) } }).text(width: 40, color: .none)
        #expect(stripes.split(separator: "\n").allSatisfy { $0 == String(repeating: "+", count: 40) }, "\(stripes)")
        // One that is very high does not scroll on for ever.
        let tower = grey((0..<10_000).map { _ in [1, 1] }).text(width: 20, color: .none)
        #expect(tower.split(separator: "\n").count == 80)
    }

    @Test func colorsAreHalfBlocks() {
        let picture = Picture(lines: [[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]])
        #expect(
            picture.text(width: 80, color: .full)
                == "\u{1B}[0;38;2;255;0;0;48;2;0;255;0m▀\u{1B}[0m\n\u{1B}[0;38;2;0;0;255m▀\u{1B}[0m\n")
    }

    @Test func brightnessIsLuminance() {
        let picture = Picture(lines: [[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]])
        #expect(picture.text(width: 80, color: .none) == "::##  @@\n")
    }
}
