import FlyingFox
import Foundation

/// Who is answered: a page of this server's own that asks for something to read.
///
/// The address alone keeps other machines out, but not other pages in the same browser, whose requests come from this
/// machine too, nor a foreign name that is made to point to it (DNS rebinding), nor other users of the machine.
struct RequestRules: Sendable {
    /// What a request must bring, in a cookie or once in the address; nil where the socket's mode keeps others out.
    let token: String?

    /// Why a request is not answered.
    struct Refusal: Error, Equatable {
        var status: HTTPStatusCode
        var reason: String
    }

    /// The name of the cookie, different for each server, since ports do not tell cookies apart.
    var cookieName: String { "bnexp-\(token?.prefix(8) ?? "")" }

    /// Checks a request; what it asks for is not looked at.
    func check(_ request: HTTPRequest) throws(Refusal) {
        guard [.GET, .HEAD].contains(request.method) else {
            throw Refusal(
                status: .methodNotAllowed, reason: "only GET and HEAD are answered, not \(request.method.rawValue)")
        }
        let hosts = request.headers.values(for: .host), host = hosts.joined(separator: ", ")
        guard hosts.count == 1, RequestRules.isOfThisMachine(host) else {
            throw Refusal(
                status: .misdirectedRequest,
                reason:
                    "the request is for the host \"\(host)\"; expected 127.0.0.1, localhost or [::1], as behind ssh -L")
        }
        let site = request.headers[HTTPHeader("Sec-Fetch-Site")] ?? "none"
        guard ["none", "same-origin"].contains(site) else {
            throw Refusal(
                status: .forbidden,
                reason:
                    "the request comes from another page (\(site)); type or paste the address that bnexp serve printed")
        }
        guard let token else { return }
        guard isEqual(cookie(of: request) ?? given(in: request) ?? "", token) else {
            throw Refusal(
                status: .forbidden,
                reason: "the token is missing or wrong; open the whole address that bnexp serve printed, with ?token=")
        }
    }

    /// The token in the address, which a browser should not keep there.
    func given(in request: HTTPRequest) -> String? { request.query["token"] }

    private func cookie(of request: HTTPRequest) -> String? {
        let pairs = (request.headers[HTTPHeader("Cookie")] ?? "").split(separator: ";").map {
            $0.trimmingCharacters(in: .whitespaces).split(separator: "=", maxSplits: 1)
        }
        return pairs.first { $0.count == 2 && $0[0] == cookieName }.map { String($0[1]) }
    }

    /// Whether a Host header names this machine itself, on any port.
    static func isOfThisMachine(_ host: String) -> Bool {
        let name = host.lowercased()
        for own in ["127.0.0.1", "localhost", "[::1]"] {
            if name == own { return true }
            if name.hasPrefix(own + ":"), case let port = name.dropFirst(own.count + 1), !port.isEmpty,
                port.utf8.allSatisfy({ (48...57).contains($0) })
            {
                return true
            }
        }
        return false
    }

    /// Compares without telling by the time how much is right.
    private func isEqual(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
