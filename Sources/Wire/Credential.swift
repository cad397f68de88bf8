public import Domain

/// What a caller shows; the commands process alone finds out who that is.
public enum Credential: Hashable, Sendable {
    case none
    /// An access token, as it came.
    case token(String)
    /// A registration code, as it was typed.
    case code(String)
    /// The secret in `keys/local.key`, and who says to be there: it can be read by whoever may read the
    /// data directory, which the front may not.
    case local(secret: [UInt8], Caller)

    func encode(into frame: inout WireEncoder) {
        switch self {
        case .none: frame.byte(0)
        case .token(let token):
            frame.byte(1)
            frame.text(token)
        case .code(let code):
            frame.byte(2)
            frame.text(code)
        case .local(let secret, let caller):
            frame.byte(3)
            frame.blob(secret)
            frame.text(caller.description)
        }
    }

    init(from frame: inout WireDecoder) throws(WireError) {
        switch try frame.byte() {
        case 0: self = .none
        case 1: self = .token(try frame.text())
        case 2: self = .code(try frame.text())
        case 3:
            let secret = try frame.blob()
            guard let caller = Caller(try frame.text()) else {
                throw WireError(reason: "an unknown caller")
            }
            self = .local(secret: secret, caller)
        case let kind: throw WireError(reason: "a credential of kind \(kind)")
        }
    }
}
