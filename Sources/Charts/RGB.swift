import Foundation

/// A colour in sRGB, with parts from 0 to 255.
struct RGB: Equatable {
    var red: Double
    var green: Double
    var blue: Double

    /// Makes a colour from a number 0xRRGGBB.
    init(_ hex: Int) { (red, green, blue) = (Double(hex >> 16 & 255), Double(hex >> 8 & 255), Double(hex & 255)) }

    /// The colour as SVG has it: `#RRGGBB`.
    var hex: String { String(format: "#%02X%02X%02X", Int(red.rounded()), Int(green.rounded()), Int(blue.rounded())) }

    /// Returns the colour at a share of the way to another.
    func mixed(with other: RGB, _ share: Double) -> RGB {
        var result = self
        result.red += share * (other.red - red)
        result.green += share * (other.green - green)
        result.blue += share * (other.blue - blue)
        return result
    }

    /// Black or white, whichever has more contrast on this colour.
    ///
    /// Source: Web Content Accessibility Guidelines 2.2, "relative luminance" and "contrast ratio".
    var contrast: RGB {
        func linear(_ part: Double) -> Double {
            part <= 0.04045 * 255 ? part / 255 / 12.92 : pow((part / 255 + 0.055) / 1.055, 2.4)
        }
        let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? RGB(0x000000) : RGB(0xFFFFFF)
    }

    /// Returns the parameters of the escape sequence "select graphic rendition" that choose this colour, or the nearest
    /// colour of xterm's cube of 6 x 6 x 6.
    func escape(background: Bool, _ color: TerminalColor) -> String {
        let target = background ? 48 : 38
        if color == .full { return "\(target);2;\(Int(red.rounded()));\(Int(green.rounded()));\(Int(blue.rounded()))" }
        let levels = [0.0, 95, 135, 175, 215, 255]
        func level(nearestTo part: Double) -> Int {
            levels.indices.min { abs(levels[$0] - part) < abs(levels[$1] - part) } ?? 0
        }
        return "\(target);5;\(16 + 36 * level(nearestTo: red) + 6 * level(nearestTo: green) + level(nearestTo: blue))"
    }
}
