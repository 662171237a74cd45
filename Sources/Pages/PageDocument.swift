import Foundation
import Support

/// The HTML of a page: one document with its style and its script, which loads nothing from elsewhere.
///
/// Its policy allows this style and this script by their hashes and no other (Content Security Policy Level 3).
package enum PageDocument {
    /// Returns a page that holds its content, to be opened from a file.
    package static func standalone(_ content: JSON) -> String {
        // In a script element only this character could end it.
        let text = content.text().replacingOccurrences(of: "<", with: "\\u003C")
        return html("<script type=\"application/json\" id=\"content\">\(text)</script>\n", connections: "")
    }

    /// A page that asks the server that it came from for its content.
    package static let served = html("", connections: ownConnections)

    /// What the policy of a served page is, also as a header.
    package static let servedPolicy = policy(connections: ownConnections) + "; frame-ancestors 'none'"

    private static let ownConnections = " connect-src 'self';"

    private static func html(_ content: String, connections: String) -> String {
        text(PackageResources.page_html)
            .replacingOccurrences(of: "{policy}", with: policy(connections: connections))
            .replacingOccurrences(of: "{style}", with: style)
            .replacingOccurrences(of: "{script}", with: script)
            .replacingOccurrences(of: "{content}", with: content)
    }

    private static func policy(connections: String) -> String {
        "default-src 'none'; script-src '\(hash(script))'; style-src '\(hash(style))'; img-src data: blob:;"
            + "\(connections) base-uri 'none'; form-action 'none'"
    }

    static let style = text(PackageResources.page_css)
    /// One script of several files, of which each uses those before it.
    private static let script = [
        PackageResources.axes_js, PackageResources.data_js, PackageResources.lines_js, PackageResources.maps_js,
        PackageResources.figures_js, PackageResources.runs_js, PackageResources.page_js,
    ].map(text).joined(separator: "\n")

    static func hash(_ text: String) -> String {
        let hash = SHA256()
        hash.update(text)
        return "sha256-" + Data(hash.digest()).base64EncodedString()
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
