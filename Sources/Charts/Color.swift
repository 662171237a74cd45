import Foundation

/// What colours a terminal shows.
package enum TerminalColor: Sendable {
    case none
    /// The 256 colours of xterm.
    case palette
    /// 24 bits.
    case full
}

struct RGB: Equatable {
    var red: Double
    var green: Double
    var blue: Double

    /// 0xRRGGBB.
    init(_ hex: Int) { (red, green, blue) = (Double(hex >> 16 & 255), Double(hex >> 8 & 255), Double(hex & 255)) }

    var hex: String { String(format: "#%02X%02X%02X", Int(red.rounded()), Int(green.rounded()), Int(blue.rounded())) }

    func mixed(with other: RGB, _ share: Double) -> RGB {
        var result = self
        result.red += share * (other.red - red)
        result.green += share * (other.green - green)
        result.blue += share * (other.blue - blue)
        return result
    }

    /// Black or white, whichever has more contrast on this.
    ///
    /// Source: Web Content Accessibility Guidelines 2.2, "relative luminance" and "contrast ratio".
    var contrast: RGB {
        func linear(_ part: Double) -> Double {
            part <= 0.04045 * 255 ? part / 255 / 12.92 : pow((part / 255 + 0.055) / 1.055, 2.4)
        }
        let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? RGB(0x000000) : RGB(0xFFFFFF)
    }

    /// The parameters of "select graphic rendition" that choose this colour, or the nearest of xterm's cube of 6 x 6 x
    /// 6.
    func escape(background: Bool, _ color: TerminalColor) -> String {
        let target = background ? 48 : 38
        if color == .full { return "\(target);2;\(Int(red.rounded()));\(Int(green.rounded()));\(Int(blue.rounded()))" }
        let levels = [0.0, 95, 135, 175, 215, 255]
        func nearest(_ part: Double) -> Int {
            levels.indices.min { abs(levels[$0] - part) < abs(levels[$1] - part) } ?? 0
        }
        return "\(target);5;\(16 + 36 * nearest(red) + 6 * nearest(green) + nearest(blue))"
    }
}

enum Palette {
    /// Source: Okabe & Ito, "Color universal design", 2008.
    static let series = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000].map(RGB.init)
    /// The same for terminals: what would be lost on black is lighter.
    static let terminalSeries = [0x3399DD, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x999999].map(RGB.init)

    /// Viridis at 0 to 1: perceptually uniform, also in print without colours.
    ///
    /// Every 16th of its 256 colours, between them linear in sRGB, which is nowhere off by more than a hundredth.
    /// Source: van der Walt & Smith, "A better default colormap for Matplotlib", SciPy 2015 (CC0).
    static func viridis(_ fraction: Double) -> RGB {
        let place = min(1, max(0, fraction)) * Double(viridisSamples.count - 1),
            index = min(viridisSamples.count - 2, Int(place))
        return viridisSamples[index].mixed(with: viridisSamples[index + 1], place - Double(index))
    }

    private static let viridisSamples = [
        0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C, 0x1F9F88, 0x27AD81,
        0x3DBC74, 0x5CC863, 0x81D34D,
        0xAADC32, 0xD5E21A, 0xFDE725,
    ].map(RGB.init)
}
