internal import Domain

extension Refusal {
    func encode(into frame: inout WireEncoder) {
        switch self {
        case .invalid(let errors):
            frame.byte(1)
            frame.texts(Self.fitting(errors).flatMap { [$0.field, $0.message] })
        case .notFound(let kind):
            frame.byte(2)
            frame.text(kind)
        case .notAllowed: frame.byte(3)
        case .orderingPaused(let message):
            frame.byte(4)
            frame.optionalText(message)
        case .notOnMenu(let drink):
            frame.byte(5)
            frame.text(drink)
        case .soldOut(let missing):
            frame.byte(6)
            frame.texts(missing)
        case .tooManyActiveOrders(let limit):
            frame.byte(7)
            frame.integer(Int64(limit))
        case .invalidTransition(let from, let to):
            frame.byte(8)
            frame.text(from.rawValue)
            frame.text(to.rawValue)
        case .statusChanged(let present):
            frame.byte(9)
            frame.text(present.rawValue)
        case .keyReused: frame.byte(10)
        case .versionChanged(let present):
            frame.byte(11)
            frame.integer(present.number)
        case .sectionNotEmpty(let drinks):
            frame.byte(12)
            frame.integer(Int64(drinks))
        case .notSignedIn: frame.byte(13)
        case .wrongCode: frame.byte(14)
        case .wrongPassword: frame.byte(15)
        case .nameTaken: frame.byte(16)
        case .lastAdmin: frame.byte(17)
        case .uploadRefused: frame.byte(40)
        case .alreadyUploaded: frame.byte(41)
        case .noPicture(let wanted):
            frame.byte(42)
            frame.text(wanted)
        }
    }

    /// As many as fit into a frame: a body may be wrong in more ways than an answer can name.
    private static func fitting(_ errors: [FieldError]) -> ArraySlice<FieldError> {
        var room = Frame.longest / 2
        return errors.prefix { error in
            room -= error.field.utf8.count + error.message.utf8.count + 8
            return room >= 0
        }
    }

    init(from frame: inout WireDecoder) throws(WireError) {
        switch try frame.byte() {
        case 1:
            let texts = try frame.texts()
            self = .invalid(
                stride(from: 0, to: texts.count - 1, by: 2).map {
                    FieldError(texts[$0], texts[$0 + 1])
                })
        case 2: self = .notFound(try frame.text())
        case 3: self = .notAllowed
        case 4: self = .orderingPaused(message: try frame.optionalText())
        case 5: self = .notOnMenu(drink: try frame.text())
        case 6: self = .soldOut(missing: try frame.texts())
        case 7: self = .tooManyActiveOrders(limit: Int(try frame.integer() as Int64))
        case 8: self = .invalidTransition(from: try frame.status(), to: try frame.status())
        case 9: self = .statusChanged(present: try frame.status())
        case 10: self = .keyReused
        case 11: self = .versionChanged(present: Version(try frame.integer()))
        case 12: self = .sectionNotEmpty(drinks: Int(clamping: try frame.integer() as Int64))
        case 13: self = .notSignedIn
        case 14: self = .wrongCode
        case 15: self = .wrongPassword
        case 16: self = .nameTaken
        case 17: self = .lastAdmin
        case 40: self = .uploadRefused
        case 41: self = .alreadyUploaded
        case 42: self = .noPicture(wanted: try frame.text())
        case let kind: throw WireError(reason: "a refusal of kind \(kind)")
        }
    }
}

extension WireDecoder {
    fileprivate mutating func status() throws(WireError) -> OrderStatus {
        guard let status = OrderStatus(rawValue: try text()) else {
            throw WireError(reason: "an unknown order status")
        }
        return status
    }
}
