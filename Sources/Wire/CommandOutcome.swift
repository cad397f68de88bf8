public import Domain

/// What became of a command.
public enum CommandOutcome: Equatable, Sendable {
    /// It is in the log, on the disk. The same request again is answered the same.
    case accepted(Accepted)
    /// It was understood and not carried out; nothing is stored.
    case refused(Refusal)
    /// The body is not JSON of this house; a sentence says why.
    case malformed(String)
    /// Too many commands are waiting, or another program holds the log; try again in a second.
    case busy
    /// The disk is full; nothing was changed.
    case storageFull
    /// The log is damaged at this position; nothing is written any more.
    case logDamaged(at: Position)
    /// The commands process failed in a way it did not expect; nothing was changed.
    case failed(String)
    /// More passwords are waiting to be checked than can be soon; try again in a few seconds.
    case tooManySignIns
    /// The asker speaks another version of the frame.
    case unknownVersion

    public struct Accepted: Equatable, Sendable {
        /// A new thing was made; false where one was changed or already was as asked.
        public var created: Bool
        /// The id or name of the thing.
        public var id: String
        /// The position after which every read model shows the change.
        public var position: Position
        /// The thing as JSON; empty where the asker reads it from a read model, and where it is longer
        /// than a frame.
        public var document: [UInt8]

        public init(created: Bool, id: String, position: Position, document: [UInt8] = []) {
            self.created = created
            self.id = id
            self.position = position
            self.document = document
        }

        // An order that was moved often has a long timeline. A frame that is too long would break the
        // line for everybody on it; an answer without its document is short and true.
        fileprivate var fittingDocument: [UInt8] {
            document.count + id.utf8.count <= Frame.longest - 64 ? document : []
        }
    }

    func encode(into frame: inout WireEncoder) {
        switch self {
        case .accepted(let accepted):
            frame.byte(1)
            frame.byte(accepted.created ? 1 : 0)
            frame.text(accepted.id)
            frame.integer(accepted.position.number)
            frame.blob(accepted.fittingDocument)
        case .refused(let refusal):
            frame.byte(2)
            refusal.encode(into: &frame)
        case .malformed(let reason):
            frame.byte(3)
            frame.text(reason)
        case .busy: frame.byte(4)
        case .storageFull: frame.byte(5)
        case .logDamaged(let position):
            frame.byte(6)
            frame.integer(position.number)
        case .failed(let reason):
            frame.byte(7)
            frame.text(reason)
        case .unknownVersion: frame.byte(8)
        case .tooManySignIns: frame.byte(9)
        }
    }

    init(from frame: inout WireDecoder) throws(WireError) {
        switch try frame.byte() {
        case 1:
            self = .accepted(
                Accepted(
                    created: try frame.byte() == 1, id: try frame.text(),
                    position: Position(try frame.integer()), document: try frame.blob()))
        case 2: self = .refused(try Refusal(from: &frame))
        case 3: self = .malformed(try frame.text())
        case 4: self = .busy
        case 5: self = .storageFull
        case 6: self = .logDamaged(at: Position(try frame.integer()))
        case 7: self = .failed(try frame.text())
        case 8: self = .unknownVersion
        case 9: self = .tooManySignIns
        case let kind: throw WireError(reason: "an outcome of kind \(kind)")
        }
    }
}
