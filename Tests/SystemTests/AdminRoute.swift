import Foundation
import Testing

/// An address of the host's, and who of the staff may use it.
struct AdminRoute: CustomTestStringConvertible, Sendable, Hashable {
    let method: String
    /// As the public contract writes it, a star for each id or name.
    let pattern: String
    /// Whether whoever works the bar may, too.
    let isForBar: Bool

    var testDescription: String { "\(method) \(pattern)" }

    /// The address with an id in it that nothing has.
    var path: String {
        pattern.replacingOccurrences(of: "*", with: "01a20aba-d8ad-75a8-a8ee-d798a15e24d2")
    }
    var body: String? { ["POST", "PUT"].contains(method) ? "{}" : nil }

    private init(_ method: String, _ pattern: String, isForBar: Bool = false) {
        self.method = method
        self.pattern = pattern
        self.isForBar = isForBar
    }

    /// Every one there is; a test compares it with the table of routes.
    static let all = [
        AdminRoute("GET", "/admin/drinks"), AdminRoute("POST", "/admin/drinks"),
        AdminRoute("GET", "/admin/drinks/*"), AdminRoute("PUT", "/admin/drinks/*"),
        AdminRoute("DELETE", "/admin/drinks/*"), AdminRoute("GET", "/admin/drinks/*/history"),
        AdminRoute("GET", "/admin/sections"), AdminRoute("POST", "/admin/sections"),
        AdminRoute("GET", "/admin/sections/*"), AdminRoute("PUT", "/admin/sections/*"),
        AdminRoute("DELETE", "/admin/sections/*"),
        AdminRoute("GET", "/admin/ingredients", isForBar: true),
        AdminRoute("GET", "/admin/ingredients/*", isForBar: true),
        AdminRoute("PUT", "/admin/ingredients/*", isForBar: true),
        AdminRoute("GET", "/admin/orders", isForBar: true),
        AdminRoute("POST", "/admin/orders", isForBar: true),
        AdminRoute("GET", "/admin/orders/*", isForBar: true),
        AdminRoute("PUT", "/admin/orders/*", isForBar: true),
        AdminRoute("GET", "/admin/bar", isForBar: true),
        AdminRoute("PUT", "/admin/bar", isForBar: true),
        AdminRoute("GET", "/admin/settings"), AdminRoute("PUT", "/admin/settings"),
        AdminRoute("GET", "/admin/registration-codes"),
        AdminRoute("POST", "/admin/registration-codes"),
        AdminRoute("DELETE", "/admin/registration-codes/*"),
        AdminRoute("GET", "/admin/join-code", isForBar: true),
        AdminRoute("GET", "/admin/status", isForBar: true),
        AdminRoute("GET", "/admin/api-keys"), AdminRoute("POST", "/admin/api-keys"),
        AdminRoute("DELETE", "/admin/api-keys/*"),
        AdminRoute("GET", "/admin/accounts"), AdminRoute("POST", "/admin/accounts"),
        AdminRoute("GET", "/admin/accounts/*"), AdminRoute("DELETE", "/admin/accounts/*"),
        AdminRoute("PUT", "/admin/accounts/*/password"),
        AdminRoute("GET", "/admin/guests"), AdminRoute("GET", "/admin/guests/*"),
        AdminRoute("DELETE", "/admin/guests/*"),
        AdminRoute("POST", "/admin/guests/*/disable"),
        AdminRoute("POST", "/admin/images/upload-url"),
    ]

    /// Methods and addresses as Sources/Front/Routes.swift has them, read from its text.
    static func inSources() throws -> Set<String> {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/Front/Routes.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        var found: Set<String> = []
        for match in text.matches(
            of:
                /case \("admin", ([^\n]*)\):\s*return try method\.(choose\((?s:.*?))(?=\n\s*(?:case|default))/
        ) {
            let parts = match.1.split(separator: ", ").map { part in
                part.hasPrefix("let ") ? "*" : part.filter { $0 != "\"" }
            }
            let path = "/admin/" + parts.joined(separator: "/")
            let call = match.2
            if call.contains(/choose\(\s*\./) || call.contains("(get: ") {
                found.insert("GET \(path)")
            }
            for method in ["post", "put", "delete"] where call.contains("\(method): ") {
                found.insert("\(method.uppercased()) \(path)")
            }
        }
        return found
    }
}
