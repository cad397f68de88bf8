import Foundation
import SQLite
import Testing

extension WholeBar {
    @Suite("A damaged log", .serialized) struct DamageTests {
        enum Damage: String, CaseIterable, Sendable {
            case flippedByte, removedRow, swappedRows, changedTime, changedActor, addedRow
        }

        @Test(arguments: Damage.allCases)
        func `is found at its first bad position, and nothing more is written`(_ damage: Damage)
            throws
        {
            let cellar = try Cellar()
            let bad = try cellar.position(ofNote: "order-20")
            let copy = try cellar.copy("copy") { try spoil($0, damage, at: bad, head: cellar.head) }
            let first = damage == .addedRow ? cellar.head + 1 : bad

            let whole = try barback("verify", "--data", cellar.data)
            #expect(whole.code == 0, "\(whole.errors)")
            let said = try barback("verify", "--data", copy)
            #expect(said.code == 1)
            #expect(said.errors.contains("position \(first)"), "\(said.errors)")

            let bar = try Bar(data: copy)
            defer { bar.close() }
            let drink = try bar.anyDrink()
            let refused = try eventually("a refused order", within: 10) { () -> Answer? in
                let answer = try bar.order(drink)
                return answer.status == 201 ? nil : answer
            }
            #expect(refused.status == 503)
            #expect(refused.code == "log_damaged")
            #expect(refused.json["detail"].string?.contains("position \(first)") == true)
            #expect(refused["Retry-After"] != nil)
            let head = try LogRows.head(data: copy)
            #expect(try bar.put("/admin/bar", #"{"accepting_orders":false}"#).code == "log_damaged")
            #expect(try bar.get("/drinks").status == 200)
            #expect(try bar.get("/bar").status == 200)
            #expect(try LogRows.head(data: copy) == head)
            #expect(bar.errors.contains("damaged at position \(first)"))
            #expect(bar.children()["commands"]?.restarts == 0)
        }

        @Test func `is noticed when its own head is not right`() throws {
            let cellar = try Cellar(orders: 5)
            let copy = try cellar.copy("copy") {
                try Cellar.forge("UPDATE head SET position = position - 1", in: $0)
            }
            #expect(try barback("verify", "--data", copy).code == 1)
        }

        private func spoil(_ path: String, _ damage: Damage, at bad: Int, head: Int) throws {
            switch damage {
            case .flippedByte:
                let log = try Connection(path: path, mode: .readOnly)
                let sealed = try log.prepare(
                    "SELECT data ->> 'sealed' FROM event WHERE position = \(bad)")
                #expect(try sealed.step())
                try Cellar.flipByte(of: sealed.text(0), in: path)
            case .removedRow:
                try Cellar.forge("DELETE FROM event WHERE position = \(bad)", in: path)
            case .swappedRows:
                try Cellar.forge(
                    """
                    UPDATE event SET position = -1 WHERE position = \(bad);
                    UPDATE event SET position = \(bad) WHERE position = \(bad + 3);
                    UPDATE event SET position = \(bad + 3) WHERE position = -1
                    """, in: path)
            case .changedTime:
                try Cellar.forge(
                    "UPDATE event SET recorded_at = recorded_at + 1 WHERE position = \(bad)",
                    in: path)
            case .changedActor:
                try Cellar.forge(
                    "UPDATE event SET actor = 'guest:Bo' WHERE position = \(bad)", in: path)
            case .addedRow:
                try Cellar.forge(
                    """
                    INSERT INTO event SELECT position + 1, stream || 'x', version, id, type, schema,
                        recorded_at + 1, actor, command_id, correlation_id, causation_id, key_id,
                        data, leaf FROM event WHERE position = \(head)
                    """, in: path)
            }
        }
    }

    @Suite("A log of a newer barback", .serialized) struct NewerLogTests {
        @Test func `is left alone`() throws {
            let cellar = try Cellar(orders: 1)
            let copy = try cellar.copy("copy") {
                try Cellar.forge("UPDATE head SET format = 99", in: $0)
            }
            let before = try Data(contentsOf: URL(fileURLWithPath: copy + "/log.db"))
            let served = try barback(
                "serve", "--data", copy, "--listen", "127.0.0.1:\(try freePort())")
            #expect(served.code == 3)
            #expect(served.errors.contains("has format 99"))
            #expect(served.errors.contains("newer barback"))
            for words in [["log"], ["verify"]] {
                let said = try barback(words[0], "--data", copy)
                #expect(said.code == 3, "\(words) \(said.errors)")
                #expect(said.errors.contains("has format 99"), "\(words) \(said.errors)")
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: copy + "/log.db")) == before)
        }
    }
}
