import CMicrohttpd
import Glibc

// What libmicrohttpd calls, and the course of one request through it:
//
//     handleConnection   a connection opens: an Exchange is made for it
//     handleTarget       the request line has come, not yet cut up
//     handleRequest      1st: the head has come. An answer given now closes the connection if a body could follow,
//                             so anything but a refusal waits for the last call.
//                        then: a part of the body, as often as needed
//                        last: the whole request has come; again after each resumption
//                        An answer without an end goes past the library (Stream).
//     handleCompletion   answered, or the client has left
//     handleConnection   the connection has closed

func handleConnection(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    place: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    code: MHD_ConnectionNotificationCode
) {
    guard let server = server(context), let connection, let place else { return }
    if code == .CONNECTION_NOTIFY_STARTED {
        place.pointee = Unmanaged.passUnretained(server.open(connection)).toOpaque()
    } else if let exchange = exchange(place.pointee) {
        place.pointee = nil
        server.close(exchange)
    }
}

func handleTarget(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let target, let connection, let place = cmhd_socket_context(connection)?.pointee else {
        return nil
    }
    exchange(place)?.begin(target: target)
    return place
}

/// The library would decode the target before the gate has seen it, and cut it at %00.
func keepEscapes(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    text: UnsafeMutablePointer<CChar>?
) -> Int {
    text.map { strlen($0) } ?? 0
}

func handleRequest(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, part: UnsafePointer<CChar>?,
    partLength: UnsafeMutablePointer<Int>?, state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let server = server(context), let exchange = exchange(state?.pointee), let method,
        let version, let partLength, !server.isStopping
    else { return .NO }
    switch exchange.phase {
    case .head:
        return server.admit(exchange, method: method, version: version)
    case .body where partLength.pointee > 0:
        let count = partLength.pointee
        partLength.pointee = 0
        return server.take(UnsafeRawBufferPointer(start: part, count: count), for: exchange)
    case .body:
        exchange.finishBody()
        return server.answer(exchange)
    case .answering:
        return server.answer(exchange)
    case .idle, .waiting, .streaming, .answered:
        return .NO
    }
}

func handleCompletion(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, code: MHD_RequestTerminationCode
) {
    guard let server = server(context), let exchange = exchange(state?.pointee) else { return }
    let ticket = exchange.isPromised ? exchange.ticket : nil
    exchange.end()
    if let ticket { server.handler.gone(ticket) }
}

private func server(_ context: UnsafeMutableRawPointer?) -> Server? {
    context.map { Unmanaged<Server>.fromOpaque($0).takeUnretainedValue() }
}

private func exchange(_ place: UnsafeMutableRawPointer?) -> Exchange? {
    place.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}
