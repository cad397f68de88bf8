internal import HTTP

func isJSON(_ contentType: String?) -> Bool {
    guard let contentType else { return false }
    let type = contentType.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    return type == jsonType
}

extension Request {
    /// As it was typed; empty without one.
    var registrationCode: String { header("X-Registration-Code") ?? "" }
}
