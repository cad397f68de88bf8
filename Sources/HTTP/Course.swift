import CMicrohttpd
import Glibc

/// The course of one request: head, body, answer.
extension Server {
    func admit(
        _ exchange: Exchange, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>
    ) -> MHD_Result {
        if let refusal = exchange.readHead(method: method, version: version) {
            if case .headTooLarge = refusal { return refusePast(exchange, with: refusal) }
            return refuse(exchange, with: handler.refusal(refusal), closing: true)
        }
        switch handler.admit(Request(exchange: exchange)) {
        case .refuse(let response):
            return refuse(exchange, with: response, closing: exchange.hasBody)
        case .body(let limit):
            return expect(exchange.expectBody(limit: limit), exchange)
        case .file(let file, let limit):
            return expect(exchange.expectBody(limit: limit, in: file), exchange)
        }
    }

    private func expect(_ refusal: Refusal?, _ exchange: Exchange) -> MHD_Result {
        guard let refusal else { return .YES }
        return refuse(exchange, with: handler.refusal(refusal), closing: true)
    }

    func take(_ part: UnsafeRawBufferPointer, for exchange: Exchange) -> MHD_Result {
        guard let refusal = exchange.append(part) else { return .YES }
        return refusePast(exchange, with: refusal)
    }

    /// Writes a refusal past the library: in the middle of a body it takes no answer, and a large head leaves it no
    /// memory for one, upon which it would close without a word.
    ///
    /// Nothing of this request has been answered yet and the answers before it have been sent, so that the socket's
    /// buffer has room.
    private func refusePast(_ exchange: Exchange, with refusal: Refusal) -> MHD_Result {
        let bytes = handler.refusal(refusal).closingBytes()
        _ = cmhd_write_past(exchange.connection, bytes, bytes.count)
        exchange.phase = .answered
        exchange.isRefused = true
        // NO closes the connection.
        return .NO
    }

    func answer(_ exchange: Exchange) -> MHD_Result {
        let outcome = exchange.reply ?? ask(exchange)
        exchange.reply = nil
        guard !exchange.hasLeftLibrary else { return goOn(exchange) }
        switch outcome {
        case .now(let response):
            exchange.phase = .answered
            exchange.isPromised = false
            return response.queue(on: exchange.connection) ? .YES : .NO
        case .later:
            exchange.phase = .waiting
            exchange.isPromised = true
            MHD_suspend_connection(exchange.connection)
            return .YES
        case .streaming:
            preconditionFailure("A handler answers .streaming once it has begun a stream.")
        }
    }

    /// After an answer was begun past the library, whatever else the handler says.
    private func goOn(_ exchange: Exchange) -> MHD_Result {
        exchange.isPromised = false
        guard exchange.keepsStream else {
            exchange.phase = .answered
            // The library closes its descriptor. The stream has another of the same socket, or has ended by now: a
            // connection suspended for one that has ended would never be resumed.
            return .NO
        }
        exchange.phase = .streaming
        MHD_suspend_connection(exchange.connection)
        return .YES
    }

    private func ask(_ exchange: Exchange) -> Outcome {
        handler.answer(Request(exchange: exchange), ticket: exchange.ticket)
    }

    /// Answers at the first call, which makes the library close the connection; or, if it may live on, at the second.
    private func refuse(_ exchange: Exchange, with response: Response, closing: Bool) -> MHD_Result
    {
        guard closing else {
            exchange.phase = .answering
            exchange.reply = .now(response)
            return .YES
        }
        exchange.phase = .answered
        exchange.isRefused = true
        return response.queue(on: exchange.connection) ? .YES : .NO
    }
}
