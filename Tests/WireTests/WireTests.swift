import Domain
import JSON
import Testing
import Wire

private let texts = [
    "", "x", "María José", "さくら 🌸", "\u{0}\n", "\u{301}", String(repeating: "é", count: 2_000),
]

private func outcomes() -> [CommandOutcome] {
    var outcomes: [CommandOutcome] = [
        .busy, .storageFull, .tooManySignIns, .unknownVersion, .logDamaged(at: Position(.max)),
        .logDamaged(at: .start),
        .accepted(.init(created: true, id: "", position: .start)),
        .accepted(.init(created: false, id: "x", position: Position(-1), document: [0, 255])),
        .refused(.notSignedIn), .refused(.wrongCode), .refused(.wrongPassword),
        .refused(.nameTaken), .refused(.lastAdmin),
        .refused(.notAllowed), .refused(.keyReused), .refused(.versionChanged(present: Version(7))),
        .refused(.sectionNotEmpty(drinks: 3)), .refused(.orderingPaused(message: nil)),
        .refused(.soldOut(missing: texts)), .refused(.soldOut(missing: [])),
        .refused(.tooManyActiveOrders(limit: .max)),
        .refused(.invalid([])), .refused(.invalid(texts.map { FieldError($0, "no \($0)") })),
    ]
    for text in texts {
        outcomes += [
            .malformed(text), .failed(text), .refused(.notFound(text)),
            .refused(.notOnMenu(drink: text)), .refused(.orderingPaused(message: text)),
            .accepted(
                .init(created: true, id: text, position: Position(7), document: Array(text.utf8))),
        ]
    }
    for one in OrderStatus.allCases {
        outcomes.append(.refused(.statusChanged(present: one)))
        for other in OrderStatus.allCases {
            outcomes.append(.refused(.invalidTransition(from: one, to: other)))
        }
    }
    return outcomes
}

private func requests() -> [CommandRequest] {
    var requests: [CommandRequest] = []
    for route in CommandRoute.allCases {
        for text in texts {
            for credential in credentials(text) {
                requests.append(
                    CommandRequest(
                        route: route, credential: credential,
                        apiKey: text.isEmpty ? nil : text, target: text,
                        key: text.isEmpty ? nil : text, ifMatch: text.isEmpty ? nil : text,
                        body: Array(text.utf8)))
            }
        }
    }
    requests.append(CommandRequest(route: .placeOrder, credential: .none, key: "", body: []))
    return requests
}

private func credentials(_ text: String) -> [Credential] {
    [
        .none, .token(text), .code(text), .local(secret: Array(text.utf8), .guest(ana)),
        .local(secret: [], .staff(text)), .local(secret: [0, 255], .commandLine(text)),
        .local(secret: [], .system(text)),
    ]
}

private let ana = GuestID(UUID(high: 7, low: 1))

@Suite("A frame") struct FrameTests {
    @Test func `is read as it was written, many in a row`() throws {
        let requests = requests()
        let outcomes = outcomes()
        var bytes: [UInt8] = []
        for (index, request) in requests.enumerated() {
            Frame.append(request, number: UInt64(index), to: &bytes)
        }
        for (index, outcome) in outcomes.enumerated() {
            Frame.append(outcome, number: .max - UInt64(index), to: &bytes)
        }
        Frame.appendHeadQuestion(number: 7, to: &bytes)
        var start = 0
        for (index, request) in requests.enumerated() {
            guard case .request(let number, let read) = try Frame.read(bytes, from: &start) else {
                Issue.record("\(request)")
                return
            }
            #expect(number == UInt64(index))
            #expect(read == request)
        }
        for (index, outcome) in outcomes.enumerated() {
            guard case .reply(let number, let read) = try Frame.read(bytes, from: &start) else {
                Issue.record("\(outcome)")
                return
            }
            #expect(number == .max - UInt64(index))
            #expect(read == outcome)
        }
        guard case .headQuestion(number: 7) = try Frame.read(bytes, from: &start) else {
            Issue.record("no question")
            return
        }
        #expect(start == bytes.count)
        #expect(try Frame.read(bytes, from: &start) == nil)
    }

    @Test func `is waited for until its last byte is there`() throws {
        var bytes: [UInt8] = []
        Frame.append(
            CommandRequest(
                route: .placeOrder, credential: .none, key: "k", ifMatch: "\"v1\"", body: [1, 2]),
            number: 1,
            to: &bytes)
        for count in 0..<bytes.count {
            var start = 0
            #expect(try Frame.read(Array(bytes[..<count]), from: &start) == nil)
            #expect(start == 0)
        }
    }

    @Test func `has the layout that its description promises`() {
        var bytes: [UInt8] = []
        Frame.appendHeadQuestion(number: 0x0102_0304_0506_0708, to: &bytes)
        #expect(bytes == [10, 0, 0, 0, 3, 3, 8, 7, 6, 5, 4, 3, 2, 1])
    }

    @Test func `of another version says its number and nothing more`() throws {
        var bytes: [UInt8] = []
        Frame.append(.busy, number: 99, to: &bytes)
        bytes[4] = 2
        bytes[5] = 77
        var start = 0
        guard case .otherVersion(number: 99) = try Frame.read(bytes, from: &start) else {
            Issue.record("it was read")
            return
        }
        #expect(start == bytes.count)
    }

    @Test(arguments: [0, 1, 9, 131_073, UInt32.max]) func `has a length that can be`(length: UInt32)
    {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        var start = 0
        #expect(throws: WireError.self) { _ = try Frame.read(bytes + [1, 1], from: &start) }
    }

    @Test func `that was changed or cut is refused or read, and never runs on`() throws {
        var read = 0
        for outcome in outcomes().prefix(40) {
            var frame: [UInt8] = []
            Frame.append(outcome, number: 1, to: &frame)
            for index in 4..<min(frame.count, 60) {
                for value in [0, 1, 9, 127, 255] as [UInt8] {
                    var changed = frame
                    changed[index] = value
                    var start = 0
                    if let message = try? Frame.read(changed, from: &start) {
                        _ = message
                        read += 1
                        #expect(start == changed.count)
                    }
                }
            }
            // The length says less than the content needs.
            for length in 10..<min(frame.count - 4, 60) {
                var cut = Array(frame[..<(length + 4)])
                cut[0] = UInt8(truncatingIfNeeded: length)
                cut[1] = 0
                var start = 0
                #expect(throws: WireError.self) { _ = try Frame.read(cut, from: &start) }
            }
        }
        #expect(read > 0)
    }

    @Test func `does not begin to make room for texts that are not there`() {
        // A refusal of four billion fields, in a frame of nineteen bytes.
        let bytes: [UInt8] = [16, 0, 0, 0, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 255, 255, 255, 255]
        var start = 0
        #expect(throws: WireError.self) { _ = try Frame.read(bytes, from: &start) }
    }

    @Test(arguments: [0, 1_000, 130_900, 131_100, 1_000_000])
    func `of an answer is read, however long its document is`(count: Int) throws {
        let document = [UInt8](repeating: 0x20, count: count)
        var bytes: [UInt8] = []
        Frame.append(
            .accepted(.init(created: true, id: "x", position: Position(7), document: document)),
            number: 1, to: &bytes)
        var start = 0
        guard case .reply(_, .accepted(let read)) = try Frame.read(bytes, from: &start) else {
            Issue.record("it was not read")
            return
        }
        #expect(read.id == "x")
        #expect(read.position == Position(7))
        #expect(read.document == (count < Frame.longest ? document : []))
    }

    @Test func `of a refusal holds however much was wrong`() throws {
        let errors = (0..<5_000).map { FieldError("translations.\($0)", "is not a language tag") }
        var bytes: [UInt8] = []
        Frame.append(.refused(.invalid(errors)), number: 1, to: &bytes)
        var start = 0
        let message = try Frame.read(bytes, from: &start)
        guard case .reply(_, .refused(.invalid(let read))) = message else {
            Issue.record("not a refusal")
            return
        }
        #expect(!read.isEmpty)
        #expect(read == Array(errors.prefix(read.count)))
    }
}

@Suite("An order's document") struct OrderDocumentTests {
    private let placedAt = Time(microseconds: 1_800_000_000_000_000)

    private func document(_ statuses: [OrderStatus], username: String = "Ana") throws -> JSONObject
    {
        let id = OrderID(UUID(high: 1, low: 2))
        var order = Order(
            OrderPlaced(
                id: id, ticket: 7, guest: ana, username: nil,
                drink: OrderedDrink(
                    id: DrinkID(UUID(high: 3, low: 4)), version: Version(2), name: "Daiquirí"),
                quantity: 2, note: "sin \"hielo\""), at: placedAt, by: .guest(ana))
        for (index, status) in statuses.enumerated() {
            order.evolve(
                OrderStatusChanged(
                    id: id, from: order.status, to: status,
                    reason: status == .rejected ? "No limes" : nil),
                at: Time(microseconds: placedAt.microseconds + Int64(index + 1) * 60_000_000),
                by: .staff("Guðrún"))
        }
        var json = JSONWriter()
        OrderDocument(order, username: username, imageURL: "/images/x.jpg").write(into: &json)
        return try #require(JSONValue(parsing: json.bytes).object)
    }

    @Test func `has the members of the contract`() throws {
        let document = try document([])
        #expect(
            document.members.map(\.name) == [
                "id", "ticket", "drink", "quantity", "note", "username", "status",
                "queue_position", "created_at", "updated_at", "completed_at", "timeline",
            ])
        #expect(document["drink"]?.object?["name"]?.string == "Daiquirí")
        #expect(document["drink"]?.object?["image_url"]?.string == "/images/x.jpg")
        #expect(document["note"]?.string == "sin \"hielo\"")
        #expect(document["status"]?.string == "pending")
        #expect(document["created_at"]?.string == "2027-01-15T08:00:00.000Z")
        #expect(document["updated_at"] == document["created_at"])
        #expect(document["completed_at"] == .null)
        #expect(document["queue_position"] == .null)
    }

    @Test func `is completed only while it is`() throws {
        let done = try document([.completed])
        #expect(done["completed_at"]?.string == "2027-01-15T08:01:00.000Z")
        let undone = try document([.completed, .pending])
        #expect(undone["completed_at"] == .null)
        #expect(undone["updated_at"]?.string == "2027-01-15T08:02:00.000Z")
        #expect(undone["timeline"]?.array?.count == 3)
    }

    @Test(arguments: ["Ana", "a:b", "\u{301}", "\u{FE0F}:x", ""])
    func `says the role of who did it and never the name`(username: String) throws {
        let timeline =
            try document([.inProgress, .rejected], username: username)["timeline"]?.array ?? []
        #expect(timeline.map { $0.object?["by"]?.string } == ["guest", "staff", "staff"])
        #expect(timeline.map { $0.object?["reason"] } == [.null, .null, .string("No limes")])
    }
}

@Suite("A route") struct RouteTests {
    @Test func `keeps its number and its text, which stored keys hang on`() {
        #expect(
            CommandRoute.allCases.map { "\($0.rawValue) \($0.text)" } == [
                "1 POST /admin/sections", "2 POST /admin/drinks", "3 PUT /admin/ingredients/{name}",
                "4 PUT /admin/bar", "5 POST /orders", "6 PUT /admin/orders/{id}",
                "7 PUT /admin/sections/{id}", "8 DELETE /admin/sections/{id}",
                "9 PUT /admin/drinks/{id}", "10 DELETE /admin/drinks/{id}",
                "11 POST /orders/{id}/cancel", "12 POST /admin/orders", "13 PUT /admin/settings",
                "14 POST /register", "15 POST /auth/login", "16 POST /auth/refresh",
                "17 POST /auth/logout", "18 POST /auth/password",
                "19 POST /admin/registration-codes", "20 DELETE /admin/registration-codes/{code}",
                "21 GET /admin/registration-codes", "22 GET /admin/join-code",
                "23 POST /admin/api-keys", "24 DELETE /admin/api-keys/{id}",
                "25 POST /admin/accounts", "26 DELETE /admin/accounts/{id}",
                "27 PUT /admin/accounts/{id}/password", "28 POST /admin/guests/{id}/disable",
                "29 barback key rotate-signing", "30 usage", "31 DELETE /admin/guests/{id}",
                "32 GET /admin/status",
                "40 POST /admin/images/upload-url",
                "41 PUT /images/uploads/{name}",
            ])
    }
}
