import FlyingFox
import FlyingSocks
import Foundation
import Pages
import RunStore
import Support
import Synchronization

/// Serves the page of a results file to the browser of its user.
package struct PageServer: Sendable {
    /// Where it listens.
    package enum Place: Sendable {
        /// A port of 127.0.0.1; 0 for one that is free.
        case port(UInt16)
        /// A socket that only this user may open.
        case socket(String)
    }

    private let file: ResultsFile
    private let place: Place
    private let chosen: [Int]
    private let sweep: SweepReference?
    private let rules: RequestRules
    private let missing = OnceTold()

    /// - Parameters:
    ///   - chosen: the runs that the page shows at first.
    ///   - sweep: whose results over its axes it shows too; nil for none.
    package init(_ file: ResultsFile, at place: Place, chosen: [Int], sweep: SweepReference? = nil) {
        self.sweep = sweep
        self.file = file
        self.place = place
        self.chosen = chosen
        rules =
            switch place {
            case .port: RequestRules(token: PageServer.newToken())
            case .socket: RequestRules(token: nil)
            }
    }

    private static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let text = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    /// Listens until the task is cancelled.
    ///
    /// - Parameter started: called with the port once requests are answered; with nil for a socket.
    /// - Throws: an error if it cannot listen there.
    package func run(started: @escaping @Sendable (_ port: UInt16?, _ token: String?) -> Void) async throws {
        let server = try makeServer()
        await server.appendRoute("*") { request in answer(request) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await server.run() } catch is SocketError { throw Failure(.cannotWrite, reasonNotToListen) }
            }
            group.addTask {
                try await server.waitUntilListening()
                if case .ip4(_, let port)? = await server.listeningAddress {
                    started(port, rules.token)
                } else {
                    started(nil, nil)
                }
            }
            for try await _ in group {}
        }
    }

    private var reasonNotToListen: String {
        switch place {
        case .port(let port):
            "nothing can listen on port \(port) of 127.0.0.1; another program may have it. Leave out --port for a free "
                + "one"
        case .socket(let path): "no socket can be made at \(path)"
        }
    }

    private func makeServer() throws -> HTTPServer {
        switch place {
        case .port(let port):
            return HTTPServer(
                address: try .inet(ip4: "127.0.0.1", port: port), timeout: 60, logger: .disabled)
        case .socket(let path): return HTTPServer(address: .unix(path: path), timeout: 60, logger: .disabled)
        }
    }

    /// Answers a request; also with a refusal.
    func answer(_ request: HTTPRequest) -> HTTPResponse {
        do {
            try rules.check(request)
            if rules.token != nil, rules.given(in: request) != nil { return welcome() }
            return try content(for: request)
        } catch let refusal as RequestRules.Refusal {
            return response(
                refusal.status, "text/plain; charset=utf-8", "bnexp serve: \(refusal.reason)\n", to: request)
        } catch {
            let message = (error as? any UserError)?.message ?? "\(error)"
            return response(.badRequest, "text/plain; charset=utf-8", "bnexp serve: \(message)\n", to: request)
        }
    }

    /// Takes the token out of the address into a cookie.
    private func welcome() -> HTTPResponse {
        var headers = common
        headers[.location] = "/"
        headers[HTTPHeader("Set-Cookie")] =
            "\(rules.cookieName)=\(rules.token ?? ""); HttpOnly; SameSite=Strict; Path=/"
        return HTTPResponse(statusCode: .seeOther, headers: headers)
    }

    private func content(for request: HTTPRequest) throws -> HTTPResponse {
        guard request.path == "/" || file.hasItsName else {
            let reason = "\(file.path) was moved, replaced or deleted; stop bnexp serve, and start it with --db FILE"
            missing.tell(reason)
            throw RequestRules.Refusal(status: .gone, reason: reason)
        }
        switch request.path {
        case "/": return response(.ok, "text/html; charset=utf-8", PageDocument.served, to: request)
        case "/page.json":
            let content = try PageContent(
                runs: nil, chosen: try known(try runs(in: request) ?? chosen), sweep: sweep, in: file)
            return json(
                try content.json(
                    title: "bnexp", subtitle: file.path, isLive: true, known: request.query["state"] ?? ""),
                to: request)
        case "/news.json":
            let content = try PageContent(
                runs: nil, chosen: try known(try runs(in: request) ?? chosen), sweep: sweep, in: file)
            return json(
                try content.news(after: try cursors(in: request), state: request.query["state"] ?? ""), to: request)
        case "/sql.json":
            let (result, isCut) = try file.ask(request.query["statement"] ?? "", seconds: 5, limit: 10_000)
            return json(JSON(answer: result, isCut: isCut), to: request)
        default:
            return response(
                .notFound, "text/plain; charset=utf-8", "bnexp serve: there is no \(request.path)\n", to: request)
        }
    }

    /// The runs that a request names, each once; nil if it names none.
    private func runs(in request: HTTPRequest) throws -> [Int]? {
        guard let text = request.query["runs"] else { return nil }
        var runs: [Int] = []
        for part in text.split(separator: ",") where part != "none" {
            guard let run = Int(part) else {
                throw Failure(.badInput, "runs: found \"\(part)\"; expected ids between commas")
            }
            if !runs.contains(run) { runs.append(run) }
        }
        guard runs.count <= 100 else { throw Failure(.badInput, "\(runs.count) runs; at most 100 are drawn at once") }
        return runs
    }

    /// Returns the runs that the file has; one that was deleted meanwhile is no longer drawn.
    private func known(_ runs: [Int]) throws -> [Int] {
        guard !runs.isEmpty else { return [] }
        let list = runs.commaSeparated
        let known = Set(try file.query("SELECT id FROM run WHERE id IN (\(list))").rows.compactMap { $0[0].whole })
        return runs.filter(known.contains)
    }

    private func cursors(in request: HTTPRequest) throws -> [Int: Int] {
        var cursors: [Int: Int] = [:]
        for part in (request.query["after"] ?? "").split(separator: ",") {
            let numbers = part.split(separator: ":").compactMap { Int($0) }
            guard numbers.count == 2 else { throw Failure(.badInput, "after: found \"\(part)\"; expected id:step") }
            cursors[numbers[0]] = numbers[1]
        }
        return cursors
    }

    private func json(_ json: JSON, to request: HTTPRequest) -> HTTPResponse {
        response(.ok, "application/json", json.text(), to: request)
    }

    private func response(_ status: HTTPStatusCode, _ type: String, _ text: String, to request: HTTPRequest)
        -> HTTPResponse
    {
        var headers = common
        headers[.contentType] = type
        return HTTPResponse(
            statusCode: status, headers: headers, body: request.method == .HEAD ? Data() : Data(text.utf8))
    }

    private var common: HTTPHeaders {
        [
            HTTPHeader("Content-Security-Policy"): PageDocument.servedPolicy,
            HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "no-referrer",
            HTTPHeader("Cache-Control"): "no-store", HTTPHeader("X-Frame-Options"): "DENY",
            HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
            HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
        ]
    }
}

/// A message for whoever started the server, which pages that keep asking do not repeat.
private final class OnceTold: Sendable {
    private let isTold = Mutex(false)

    func tell(_ message: String) {
        let isNew = isTold.withLock { isTold in
            defer { isTold = true }
            return !isTold
        }
        if isNew { say(message) }
    }
}
