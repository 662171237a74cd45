import Foundation
import Support

/// A page to be read, with the style of the page of pictures and without a script, in one file that loads nothing.
package enum ReadingPage {
    /// Returns the HTML of a page.
    ///
    /// - Parameters:
    ///   - generator: which command made it, such as `bnexp explain`.
    ///   - introduction: paragraphs below the title.
    ///   - content: the elements of the page.
    package static func html(generator: String, title: String, introduction: [String], content: String) -> String {
        let style = PageDocument.style + PageDocument.text(PackageResources.reading_css)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy(style))">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="\(escapedForHTML(generator))">
            <title>\(escapedForHTML(title))</title>
            <style>\(style)</style>
            </head>
            <body>
            <header><h1>\(escapedForHTML(title))</h1>
            \(introduction.map { "<p>\(escapedForHTML($0))</p>" }.joined(separator: "\n"))
            </header>
            <main>
            \(content)</main>
            </body>
            </html>

            """
    }

    private static func policy(_ style: String) -> String {
        "default-src 'none'; style-src '\(PageDocument.hash(style))'; base-uri 'none'; form-action 'none'"
    }
}
