/// What a server asks of the program behind it.
///
/// Everything is called on the reactor's thread, inside ``Server/run()``.
public protocol Handler: AnyObject {
    /// Decides after the head, before any of the body is read, whether the request may go on.
    ///
    /// A refusal here closes the connection if a body was announced; without one the connection lives on.
    func admit(_ request: borrowing Request) -> Admission

    /// Answers a whole request.
    ///
    /// After `.later` the handler keeps `ticket` and calls ``Server/resume(_:with:)``, or ``Server/retry(_:)`` to be
    /// asked the same again.
    func answer(_ request: borrowing Request, ticket: Ticket) -> Outcome

    /// Words the answer to a request which the room refuses by itself. Such a connection is closed.
    func refusal(_ refusal: Refusal) -> Response

    /// Says that a ticket will never be answered: its client left before the answer.
    func gone(_ ticket: Ticket)
}

/// Whether a request's body may come.
public enum Admission {
    /// The body may come, at most so many bytes; more is refused as ``Refusal/bodyTooLarge(limit:)``.
    case body(limit: Int)
    /// The same, but the body goes into a file as it comes; see ``Request/file``.
    case file(BodyFile, limit: Int)
    /// The request is answered now and its body is not read.
    case refuse(Response)
}

/// What becomes of a request.
public enum Outcome {
    case now(Response)
    case later
    /// It was answered by ``Request/openStream(headers:)``, or its client was gone by then.
    case streaming
}

/// What came of beginning an answer without an end.
public enum StreamBegin {
    /// Its head has been sent, and the body is written to this.
    case open(Stream)
    /// The client has left or did not take the whole head at once: the connection will be closed.
    case gone
    /// This machine has no descriptor left for it.
    case noDescriptor
}
