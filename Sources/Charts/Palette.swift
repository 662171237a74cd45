/// The colours of series and of heat maps.
enum Palette {
    /// The colours of series, which can be told apart by people with any colour vision.
    ///
    /// Source: Okabe & Ito, "Color universal design", 2008.
    static let series = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000].map(RGB.init)
    /// The colours of series in terminals: those that would be hard to see on black are lighter.
    static let terminalSeries = [0x3399DD, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x999999].map(RGB.init)

    /// Returns the colour of viridis at a fraction of 0 to 1; it is perceptually uniform, also in print without
    /// colours.
    ///
    /// The colours are every 16th of its 256 colours, and linear in sRGB between them, which is nowhere off by more
    /// than a hundredth. Source: van der Walt & Smith, "A better default colormap for Matplotlib", SciPy 2015 (CC0).
    static func viridis(_ fraction: Double) -> RGB {
        let place = min(1, max(0, fraction)) * Double(viridisSamples.count - 1),
            index = min(viridisSamples.count - 2, Int(place))
        return viridisSamples[index].mixed(with: viridisSamples[index + 1], place - Double(index))
    }

    static let viridisSamples = [
        0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C, 0x1F9F88, 0x27AD81,
        0x3DBC74, 0x5CC863, 0x81D34D,
        0xAADC32, 0xD5E21A, 0xFDE725,
    ].map(RGB.init)
}
