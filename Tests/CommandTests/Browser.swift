import Foundation

/// A browser without a window, which a test drives as a user would.
///
/// It is Chromium, told what to do over two pipes in its DevTools protocol
/// (https://chromedevtools.github.io/devtools-protocol): messages are JSON, each ended by a zero byte.
final class Browser {
    struct Trouble: Error, CustomStringConvertible { var description: String }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer: [UInt8] = []
    private var nextID = 0
    private var session: String?
    /// What pages wrote to the console, and errors in their scripts.
    private(set) var complaints: [String] = []

    /// The browser of this machine; nil if there is none.
    static let path = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
        ["/usr/bin/", "/usr/local/bin/", "/snap/bin/"].map { $0 + name }
    }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Opens an address in a window of a size.
    init(_ address: String, width: Int = 1280, height: Int = 900, profile folder: URL) throws {
        guard let path = Browser.path else {
            throw Trouble(description: "there is no browser; apt-get install chromium")
        }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            exec "$0" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --hide-scrollbars \
            --user-data-dir="$1" --window-size=\(width),\(height) --remote-debugging-pipe about:blank \
            3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null
            """, path, folder.appendingPathComponent("profile").path,
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let target = try send("Target.createTarget", ["url": "about:blank"])
        let attached = try send("Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
        session = attached["sessionId"] as? String
        for domain in ["Page", "Runtime", "Log"] { _ = try send("\(domain).enable") }
        try open(address)
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// Goes to an address and waits until its page says that it is ready.
    func open(_ address: String) throws {
        _ = try send("Page.navigate", ["url": address])
        try wait("document.documentElement?.dataset.ready === 'true'")
    }

    /// Returns what an expression in the page's script is worth; a promise is waited for.
    @discardableResult
    func evaluate(_ expression: String) throws -> Any? {
        let answer = try send(
            "Runtime.evaluate", ["expression": expression, "awaitPromise": true, "returnByValue": true])
        if let problem = answer["exceptionDetails"] { throw Trouble(description: "\(expression): \(problem)") }
        return (answer["result"] as? [String: Any])?["value"]
    }

    func number(_ expression: String) throws -> Double { try evaluate(expression) as? Double ?? .nan }
    func text(_ expression: String) throws -> String { try evaluate(expression) as? String ?? "" }

    /// Waits until an expression is true.
    func wait(_ expression: String, seconds: Double = 60) throws {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if try evaluate(expression) as? Bool == true { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw Trouble(description: "not true after \(seconds) s: \(expression); \(complaints)")
    }

    /// Makes the window as wide as a telephone, which no real window can be.
    func resize(width: Int, height: Int) throws {
        try send(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
        try wait("innerWidth === \(width)")
    }

    /// Presses the left button at one place, moves to another and lets go; places are shares of an element's size.
    func drag(_ selector: String, from start: (x: Double, y: Double), to end: (x: Double, y: Double)) throws {
        _ = try evaluate("document.querySelector(\(quoted(selector))).scrollIntoView({ block: 'center' })")
        let box = try evaluate(
            "(({ x, y, width, height }) => [x, y, width, height])(document.querySelector(\(quoted(selector))).getBoundingClientRect())"
        )
        guard let box = box as? [Double] else { throw Trouble(description: "there is no \(selector)") }
        func mouse(_ type: String, _ place: (x: Double, y: Double), _ button: String) throws {
            _ = try send(
                "Input.dispatchMouseEvent",
                [
                    "type": type, "x": box[0] + place.x * box[2], "y": box[1] + place.y * box[3], "button": button,
                    "buttons": button == "left" ? 1 : 0, "clickCount": 1,
                ])
        }
        try mouse("mouseMoved", start, "none")
        try mouse("mousePressed", start, "left")
        if start != end { try mouse("mouseMoved", end, "left") }
        try mouse("mouseReleased", end, "left")
    }

    func click(_ selector: String) throws { try drag(selector, from: (0.5, 0.5), to: (0.5, 0.5)) }

    func press(_ key: String) throws {
        for type in ["keyDown", "keyUp"] { _ = try send("Input.dispatchKeyEvent", ["type": type, "key": key]) }
    }

    /// Writes what the window shows as a PNG file.
    func photograph(_ file: URL) throws {
        let answer = try send("Page.captureScreenshot", ["format": "png"])
        guard let data = (answer["data"] as? String).flatMap({ Data(base64Encoded: $0) }) else { return }
        try data.write(to: file)
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "\\'") + "'"
    }

    /// Sends a command and returns its result; what comes meanwhile is noted.
    @discardableResult
    private func send(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        nextID += 1
        let id = nextID
        var message: [String: Any] = ["id": id, "method": method, "params": parameters]
        if let session { message["sessionId"] = session }
        try input.fileHandleForWriting.write(contentsOf: try JSONSerialization.data(withJSONObject: message) + [0])
        while true {
            let answer = try receive()
            if answer["id"] as? Int == id {
                if let error = answer["error"] { throw Trouble(description: "\(method): \(error)") }
                return answer["result"] as? [String: Any] ?? [:]
            }
            note(answer)
        }
    }

    private func note(_ event: [String: Any]) {
        let parameters = event["params"] as? [String: Any] ?? [:]
        switch event["method"] as? String {
        case "Runtime.exceptionThrown": complaints.append("\(parameters["exceptionDetails"] ?? "")")
        case "Runtime.consoleAPICalled": complaints.append("console: \(parameters["args"] ?? "")")
        case "Log.entryAdded":
            let entry = parameters["entry"] as? [String: Any] ?? [:]
            complaints.append("\(entry["level"] ?? ""): \(entry["text"] ?? "")")
        case "Page.javascriptDialogOpening": complaints.append("a dialog: \(parameters["message"] ?? "")")
        default: break
        }
    }

    private func receive() throws -> [String: Any] {
        while true {
            if let end = buffer.firstIndex(of: 0) {
                let message = Data(buffer[..<end])
                buffer.removeSubrange(...end)
                return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
            }
            let descriptor = output.fileHandleForReading.fileDescriptor
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard Foundation.poll(&poll, 1, 60_000) > 0 else {
                throw Trouble(description: "the browser does not answer")
            }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { throw Trouble(description: "the browser has ended") }
            buffer += chunk[..<count]
        }
    }
}
