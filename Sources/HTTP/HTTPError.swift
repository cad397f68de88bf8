/// The world refused something the server needs, in one sentence that says what.
public struct HTTPError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
