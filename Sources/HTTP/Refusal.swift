/// Why the room itself refuses a request: it is not HTTP that every reader understands alike, or it is too large.
public enum Refusal: Error, Equatable, Sendable {
    case malformed(Fault)
    /// A Transfer-Encoding other than `chunked`.
    case unknownCoding
    case targetTooLong(limit: Int)
    case headTooLarge(limit: Int)
    case bodyTooLarge(limit: Int)
    /// The file which the body goes to takes no more of it.
    case bodyNotStored
    case unsupportedVersion

    /// The status which the answer should have.
    public var status: Int {
        switch self {
        case .malformed: 400
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .headTooLarge: 431
        case .unknownCoding: 501
        case .bodyNotStored: 507
        case .unsupportedVersion: 505
        }
    }

    /// The fault in a sentence, for the answer's `detail`.
    public var sentence: String {
        switch self {
        case .malformed(let fault): fault.rawValue
        case .unknownCoding: "The only Transfer-Encoding understood is chunked."
        case .targetTooLong(let limit): "The request target is longer than \(limit) bytes."
        case .headTooLarge(let limit): "The request's head is larger than \(limit) bytes."
        case .bodyTooLarge(let limit): "The request's body is larger than \(limit) bytes."
        case .bodyNotStored: "There is no room to store the request's body."
        case .unsupportedVersion: "The HTTP version is neither 1.0 nor 1.1."
        }
    }
}

/// What is malformed in a request's head.
public enum Fault: String, Sendable {
    case requestLine = "The request line is not: method, one space, target, one space, version."
    case method = "The method is not a token."
    case target = "The request target must begin with a slash and hold no blank."
    case escape = "A percent escape in the target is not two hexadecimal digits, or is %00."
    case encoding = "The request target is not UTF-8."
    case lineEnd = "A line of the head is folded, holds a NUL or does not end in CR LF."
    case headerName = "A header name is not a token, or white space stands before its colon."
    case headerValue = "A header value holds a control character."
    case noHost = "HTTP/1.1 needs a Host header."
    case repeatedHost = "There is more than one Host header."
    case host = "The Host header is not a host with an optional port."
    case contentLength = "Content-Length is not a plain decimal number."
    case repeatedContentLength = "There is more than one Content-Length header."
    case twoLengths = "Content-Length and Transfer-Encoding exclude each other."
    case codingBeforeHTTP11 = "Transfer-Encoding does not exist in HTTP/1.0."
    case repeatedAuthorization = "There is more than one Authorization header."
    case repeatedKey = "There is more than one X-Api-Key header."
}
