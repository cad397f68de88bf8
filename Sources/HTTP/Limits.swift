/// How much one reactor gives to its clients.
public struct Limits: Sendable {
    /// Open connections; a further one is closed at once.
    public var connections: Int
    /// Seconds without a byte in either direction after which a connection is closed.
    ///
    /// A suspended request does not count.
    public var idleSeconds: Int
    /// Seconds in which a request's head must have come, whether or not bytes trickle in.
    public var headSeconds: Int
    /// Seconds in which a request's body must have come, whether or not bytes trickle in.
    public var bodySeconds: Int
    /// Bytes of a target; one more is answered 414.
    public var targetBytes: Int
    /// Bytes from the method to the empty line; more is answered 431.
    public var headBytes: Int
    /// Bytes which libmicrohttpd sets aside for each connection.
    ///
    /// The head, 64 bytes for each header and 1,024 for the head of the answer must fit in together; what does not is
    /// answered 431 too. Connections that wait hold all of it: 10,000 of them are 83 MB resident with 6,144.
    public var memoryBytes: Int

    public init(
        connections: Int = 16_384, idleSeconds: Int = 75, headSeconds: Int = 20,
        bodySeconds: Int = 120,
        targetBytes: Int = 2_048, headBytes: Int = 4_096, memoryBytes: Int = 6_144
    ) {
        self.connections = connections
        self.idleSeconds = idleSeconds
        self.headSeconds = headSeconds
        self.bodySeconds = bodySeconds
        self.targetBytes = targetBytes
        self.headBytes = headBytes
        self.memoryBytes = memoryBytes
    }
}
