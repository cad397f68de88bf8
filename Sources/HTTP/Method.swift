/// A request method.
///
/// `other` is a token this server knows no route for.
public enum Method: Sendable {
    case get, head, post, put, delete, patch, options, other

    init(_ name: UnsafeBufferPointer<UInt8>) {
        switch name.count {
        case 3 where name.elementsEqual("GET".utf8): self = .get
        case 3 where name.elementsEqual("PUT".utf8): self = .put
        case 4 where name.elementsEqual("POST".utf8): self = .post
        case 4 where name.elementsEqual("HEAD".utf8): self = .head
        case 5 where name.elementsEqual("PATCH".utf8): self = .patch
        case 6 where name.elementsEqual("DELETE".utf8): self = .delete
        case 7 where name.elementsEqual("OPTIONS".utf8): self = .options
        default: self = .other
        }
    }
}
