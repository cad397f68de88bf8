import Testing

extension WholeBar {
    @Suite("A long menu", .serialized, .openBar) struct LongMenuTests {
        /// SQLite sorts some megabytes in a temporary file, and the front may not make one.
        @Test func `of four megabytes is served whole`() throws {
            let bar = try theBar()
            let section = try #require(try bar.get("/sections").data[0]["id"].string)
            let text = String(repeating: "x", count: 2_000)
            let translations = (100..<120).map {
                "\"es-\($0)\":{\"name\":\"x\",\"description\":\"\(text)\"}"
            }
            .joined(separator: ",")
            let drink =
                "{\"section_id\":\"\(section)\",\"name\":\"Long\",\"translations\":{\(translations)}}"
            let before = try bar.get("/drinks").data.list.count
            var last: Int64 = 0
            for _ in 0..<100 {
                last = Int64(try #require(try bar.post("/admin/drinks", drink).position))
            }
            let menu = try eventually("the menu") { () -> Answer? in
                let answer = try bar.get("/drinks", ["Barback-After": "\(last)"])
                return answer.status == 200 ? answer : nil
            }
            #expect(menu.data.list.count == before + 100)
        }
    }
}
