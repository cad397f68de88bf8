public import Domain
public import JSON

/// An order as the public contract shows it: one shape, whoever answers.
public struct OrderDocument: Equatable, Sendable {
    public struct Step: Equatable, Sendable {
        public let status: String
        public let at: Time
        /// `guest`, `staff`, `cli` or `system`: a role, never a name.
        public let by: String
        public let reason: String?

        public init(status: String, at: Time, by: String, reason: String?) {
            self.status = status
            self.at = at
            self.by = by
            self.reason = reason
        }
    }

    public var id: String
    public var ticket: Int64
    public var drinkID: String
    public var drinkName: String
    /// Of the photo that the drink had when it was ordered.
    public var imageURL: String?
    public var quantity: Int64
    public var note: String
    public var username: String
    /// 1 for the next to be made; nil where nobody waits, or far back in the queue.
    public var queuePosition: Int64?
    /// Oldest first; never empty.
    public var timeline: [Step]
    /// The whole drink as it was when ordered, for whoever makes it; nil for id, name and picture.
    public var snapshot: [UInt8]?

    public init(
        id: String, ticket: Int64, drinkID: String, drinkName: String, imageURL: String?,
        quantity: Int64, note: String, username: String, queuePosition: Int64?, timeline: [Step]
    ) {
        self.id = id
        self.ticket = ticket
        self.drinkID = drinkID
        self.drinkName = drinkName
        self.imageURL = imageURL
        self.quantity = quantity
        self.note = note
        self.username = username
        self.queuePosition = queuePosition
        self.timeline = timeline
    }

    /// `username` is the guest's, who is named by id in the order.
    public init(_ order: Order, username: String, imageURL: String?) {
        self.init(
            id: order.id.description, ticket: order.ticket,
            drinkID: order.drink.id.description, drinkName: order.drink.name,
            imageURL: imageURL, quantity: order.quantity, note: order.note, username: username,
            queuePosition: nil,
            timeline: order.timeline.map {
                Step(status: $0.status.rawValue, at: $0.at, by: $0.by.role, reason: $0.reason)
            })
    }

    public func write(into json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("ticket", ticket)
            if let snapshot {
                json.member("drink", json: snapshot)
            } else {
                json.name("drink")
                json.object {
                    $0.member("id", drinkID)
                    $0.member("name", drinkName)
                    $0.member("image_url", orNull: imageURL)
                }
            }
            json.member("quantity", quantity)
            json.member("note", note)
            json.member("username", username)
            let last = timeline.last
            json.member("status", last?.status ?? "")
            json.member("queue_position", orNull: queuePosition)
            // Most orders have one step: its time is written once and shown in three places.
            let times = timeline.map(\.at.description)
            json.member("created_at", orNull: times.first)
            json.member("updated_at", orNull: times.last)
            let isCompleted = last?.status == OrderStatus.completed.rawValue
            json.member("completed_at", orNull: isCompleted ? times.last : nil)
            json.name("timeline")
            json.array { json in
                for (step, time) in zip(timeline, times) {
                    json.object {
                        $0.member("status", step.status)
                        $0.member("at", time)
                        $0.member("by", step.by)
                        $0.member("reason", orNull: step.reason)
                    }
                }
            }
        }
    }
}
