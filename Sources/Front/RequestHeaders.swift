internal import Domain
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

extension Position {
    /// A position as a header says it: 1 to 18 digits and nothing else.
    init?(digits text: String) {
        guard text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(text)
        else { return nil }
        self.init(number)
    }
}
