import CMicrohttpd

/// The strict gate: what a request's head must be before anything of it is believed.
///
/// libmicrohttpd is lenient and hides what it mends: a folded `X-Api-Key: abc` becomes a header named `X-Api-Keydef`,
/// and a value with a NUL arrives cut. But it cuts the head up in place, so the pieces it hands out must lie one behind
/// the other in its buffer, and every gap must be what the cutting leaves:
///
///     method 0 target 0 version 0 0 ( name 0 blanks value 0 0 )* 0 0
///
/// The first piece begins where the method does, the last ends where the library says the head ends. Whatever it has
/// mended, dropped, moved or not seen leaves a gap of another length.
struct Gate {
    private(set) var refusal: Refusal?
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    /// Where the next piece must begin.
    private var next: UnsafePointer<UInt8>
    private var headers = 0
    private var hosts = 0
    private var authorizations = 0
    private var keys = 0

    private init(next: UnsafePointer<UInt8>) {
        self.next = next
    }

    /// Walks the whole head once, without allocating.
    static func inspect(
        _ connection: OpaquePointer, method: UnsafeBufferPointer<UInt8>, target: UInt,
        targetLength: Int, version: UnsafeBufferPointer<UInt8>, limits: Limits
    ) -> Gate {
        guard let start = method.baseAddress, let versionStart = version.baseAddress else {
            preconditionFailure("libmicrohttpd calls the handler with a method and a version.")
        }
        var gate = Gate(next: versionStart + version.count + 2)
        let size = cmhd_head_size(connection)
        if targetLength > limits.targetBytes {
            gate.refusal = .targetTooLong(limit: limits.targetBytes)
        } else if size > limits.headBytes {
            gate.refusal = .headTooLarge(limit: limits.headBytes)
        } else if !method.allSatisfy(\.isToken) || method.isEmpty {
            gate.refusal = .malformed(.method)
        } else if UInt(bitPattern: start) + UInt(method.count) + 1 != target
            || target + UInt(targetLength) + 1 != UInt(bitPattern: versionStart)
        {
            gate.refusal = .malformed(.requestLine)
        } else if version.count != 8 || !version.starts(with: "HTTP/1.".utf8) || !version[7].isDigit
        {
            gate.refusal = .unsupportedVersion
        } else if version.last == 0x30, start + size == gate.next + 2, gate.isCut(gate.next) {
            // HTTP/1.0 and no header at all.
        } else {
            withUnsafeMutablePointer(to: &gate) { _ = cmhd_each_header(connection, eachHeader, $0) }
            gate.finish(isOld: version.last == 0x30, end: start + size)
            if gate.refusal == nil, size + gate.headers * 64 > limits.memoryBytes - 1_024 {
                gate.refusal = .headTooLarge(limit: limits.headBytes)
            }
        }
        return gate
    }

    /// Whether two NULs stand where CR LF stood.
    private func isCut(_ end: UnsafePointer<UInt8>) -> Bool { end[0] == 0 && end[1] == 0 }

    fileprivate mutating func see(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let nameStart = name.baseAddress, let valueStart = value.baseAddress,
            nameStart == next, isCut(next - 2)
        else { return refuse(.lineEnd) }
        guard !name.isEmpty, name.allSatisfy(\.isToken) else { return refuse(.headerName) }
        var blank = nameStart + name.count + 1
        while blank < valueStart, blank[0] == 0x20 || blank[0] == 0x09 { blank += 1 }
        guard blank == valueStart else { return refuse(.lineEnd) }
        guard value.allSatisfy(\.isFieldText) else { return refuse(.headerValue) }
        next = valueStart + value.count + 2
        headers += 1
        switch name.count {
        case 4 where name.isSame(as: "host"): return seeHost(value.trimmed)
        case 9 where name.isSame(as: "x-api-key"):
            keys += 1
            return keys == 1 || refuse(.repeatedKey)
        case 13 where name.isSame(as: "authorization"):
            authorizations += 1
            return authorizations == 1 || refuse(.repeatedAuthorization)
        case 14 where name.isSame(as: "content-length"): return seeContentLength(value.trimmed)
        case 17 where name.isSame(as: "transfer-encoding"): return seeCoding(value.trimmed)
        default: return true
        }
    }

    private mutating func seeHost(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        hosts += 1
        guard hosts == 1 else { return refuse(.repeatedHost) }
        return isHost(value) || refuse(.host)
    }

    private mutating func seeContentLength(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard contentLength == nil else { return refuse(.repeatedContentLength) }
        guard !isChunked else { return refuse(.twoLengths) }
        // Eighteen digits cannot overflow, and no limit is near them.
        guard !value.isEmpty, value.count <= 18, value.allSatisfy(\.isDigit) else {
            return refuse(.contentLength)
        }
        contentLength = value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return true
    }

    private mutating func seeCoding(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard contentLength == nil else { return refuse(.twoLengths) }
        guard !isChunked, value.isSame(as: "chunked") else {
            refusal = .unknownCoding
            return false
        }
        isChunked = true
        return true
    }

    private mutating func refuse(_ fault: Fault) -> Bool {
        refusal = .malformed(fault)
        return false
    }

    private mutating func finish(isOld: Bool, end: UnsafePointer<UInt8>) {
        guard refusal == nil else { return }
        if next + 2 != end || !isCut(next - 2) || !isCut(next) {
            refusal = .malformed(.lineEnd)
        } else if hosts == 0 && !isOld {
            refusal = .malformed(.noHost)
        } else if isChunked && isOld {
            refusal = .malformed(.codingBeforeHTTP11)
        }
    }
}

/// A host, an IPv4 address or an IPv6 address in brackets, with an optional port.
private func isHost(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    if value.first == 0x5B {
        guard let close = value.firstIndex(of: 0x5D), close > 2,
            value[1..<close].allSatisfy({ $0.hexValue != nil || $0 == 0x3A || $0 == 0x2E })
        else { return false }
        index = close + 1
    } else {
        while index < value.count, value[index] != 0x3A {
            switch value[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: index += 1
            default: return false
            }
        }
        if index == 0 { return false }
    }
    if index == value.count { return true }
    let port = value[(index + 1)...]
    return value[index] == 0x3A && port.count <= 5 && port.allSatisfy(\.isDigit)
}

private func eachHeader(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?,
    nameLength: Int, value: UnsafePointer<CChar>?, valueLength: Int
) -> MHD_Result {
    guard let gate = context?.assumingMemoryBound(to: Gate.self), let name else { return .NO }
    let nameBytes = UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
    let valueBytes = value.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) }
    return gate.pointee.see(
        UnsafeBufferPointer(start: nameBytes, count: nameLength),
        UnsafeBufferPointer(start: valueBytes, count: valueLength)) ? .YES : .NO
}
