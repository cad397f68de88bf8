internal import Domain
internal import JSON
internal import ReadModels
internal import SQLite
internal import System
internal import Wire

extension ModelPrinter {
    static let orders = ModelPrinter(
        .orders,
        text: { path, moment, output in
            let reader = try OrdersReader(path: path)
            let bar = try reader.bar()
            var state = bar.acceptingOrders ? "ordering is open" : "ordering is paused"
            if let message = bar.message, !message.isEmpty { state += " (\(escaped(message)))" }
            try output(Array("The orders at \(moment.text): \(state)\n".utf8))
            for group in groups {
                var count: Int64 = 0
                var shown: [OrderRow] = []
                try each(of: group.statuses, reader) { page in
                    count += Int64(page.count)
                    shown = (shown + page).suffix(group.most)
                }
                var text = "\n\(group.title): \(count == 0 ? "none" : "\(count)")"
                if count > shown.count { text += ", the last \(shown.count) of them" }
                text += "\n"
                for order in shown { text += line(order, moment) }
                try output(Array(text.utf8))
            }
        },
        json: { path, moment, output in
            let reader = try OrdersReader(path: path)
            try output(Array(#"{"data":["#.utf8))
            var count: Int64 = 0
            try each(of: OrderStatus.allCases, reader) { page in
                for order in page {
                    var json = JSONWriter(reserving: 2_048)
                    OrderDocument(order).write(into: &json)
                    try output((count == 0 ? [] : [UInt8(ascii: ",")]) + json.bytes)
                    count += 1
                }
            }
            let bar = try reader.bar()
            var metadata = JSONWriter()
            metadata.object { json in
                write(moment, into: &json)
                json.member("count", count)
                json.member("accepting_orders", bar.acceptingOrders)
                json.member("message", orNull: bar.message)
            }
            try output(Array(#"],"metadata":"#.utf8) + metadata.bytes + Array("}\n".utf8))
        })

    /// What waits is shown whole; of what is over, the last that somebody may still ask about.
    private static let groups: [(title: String, statuses: [OrderStatus], most: Int)] = [
        ("Waiting", [.pending, .inProgress], .max), ("Ready", [.ready], .max),
        ("Done", [.completed, .cancelled, .rejected], 20),
    ]

    /// Oldest first, in pages: a season's orders do not fit a phone's memory, nor this machine's.
    private static func each(
        of statuses: [OrderStatus], _ reader: OrdersReader, _ body: ([OrderRow]) throws -> Void
    ) throws {
        var next: Position? = .start
        while let position = next {
            let page = try reader.orders(of: statuses, after: position, limit: 500)
            try body(page.orders)
            next = page.next
        }
    }

    /// A line such as `12  21:03  in progress  Daiquiri x2  for Ana: no ice`.
    private static func line(_ order: OrderRow, _ moment: Moment) -> String {
        let ticket = "\(order.ticket)"
        let space = String(repeating: " ", count: max(0, 6 - ticket.count))
        let last = order.timeline.last
        let status = (last?.status ?? "").split(separator: "_").joined(separator: " ")
        var text = "\(space)\(ticket)  \(last.map { moment.clock($0.at) } ?? "")  "
        text += status + String(repeating: " ", count: max(0, 11 - status.count))
        text += "  \(escaped(order.drinkName))"
        if order.quantity > 1 { text += " x\(order.quantity)" }
        text += "  for \(escaped(order.username))"
        if !order.note.isEmpty { text += ": \(escaped(order.note))" }
        if let reason = last?.reason { text += " (\(escaped(reason)))" }
        return text + "\n"
    }
}

extension OrderDocument {
    /// As the host sees it: with the whole drink as it was when ordered.
    fileprivate init(_ row: OrderRow) {
        self.init(
            id: row.id, ticket: row.ticket, drinkID: row.drinkID, drinkName: row.drinkName,
            imageURL: row.imageURL, quantity: row.quantity, note: row.note, username: row.username,
            queuePosition: row.queuePosition,
            timeline: row.timeline.map {
                Step(status: $0.status, at: $0.at, by: $0.role, reason: $0.reason)
            })
        if !row.snapshot.isEmpty { snapshot = row.snapshot }
    }
}
