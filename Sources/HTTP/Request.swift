import CMicrohttpd

/// A request, as long as the handler's call lasts: what is needed later is copied out of it.
///
/// Nothing is read out of the connection before it is asked for, but for the target and the body.
public struct Request: ~Copyable {
    // Counts no references: a request cannot outlive the call it is lent to. A plain reference here makes the optimiser
    // of Swift 6.3.1 fail ("Cannot initialize a nonCopyable type with a guaranteed value").
    unowned(unsafe) let exchange: Exchange

    public var method: Method { exchange.method }

    /// The path's segments and the query's items, decoded.
    public var target: Target { exchange.target }

    /// The first value of a header, without regard to the name's case, or nil.
    ///
    /// Bytes which are not UTF-8 become U+FFFD. The gate has seen to it that Host, Content-Length and Authorization
    /// come at most once.
    public func header(_ name: StaticString) -> String? {
        guard let value = exchange.header(name) else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    /// Every value of a header that may come on several lines, in their order; `name` is in lower case.
    public func headers(_ name: StaticString) -> [String] { exchange.headers(name) }

    /// Whether a header's first value is exactly `text`; makes no String of it.
    public func header(_ name: StaticString, is text: String) -> Bool {
        exchange.header(name)?.elementsEqual(text.utf8) ?? false
    }

    /// The announced length of the body; nil if there is none or it comes in chunks.
    public var contentLength: Int? { exchange.contentLength }

    /// The body; empty in ``Handler/admit(_:)``, and where it goes to a file.
    public var body: [UInt8] { exchange.body }

    /// The file that the body was put into, if the handler asked for it.
    ///
    /// It is removed when the request has been answered, or its client has left.
    public var file: BodyFile? { exchange.file }

    /// Answers 200 with these headers and a body without an end; called in ``Handler/answer(_:ticket:)``, which then
    /// answers `.streaming`.
    ///
    /// Unless it returns ``StreamBegin/noDescriptor``, the connection takes no other answer.
    public func openStream(headers: [(String, String)]) -> StreamBegin {
        exchange.openStream(Response(status: 200, headers: headers).head)
    }

    /// The address at the other end of the connection: the client's, or its proxy's.
    public var peer: Address { exchange.peer }
}
