import Testing

extension WholeBar {
    @Suite("A guest's name", .serialized, .openBar) struct GuestNameTests {
        @Test(arguments: [
            ("Zoë", "zoë"), ("Zoë Li", "ZOË LI"), ("José", "Jose\u{301}"),
            ("Ana Ibarra", "Ａｎａ　Ｉｂａｒｒａ"), ("Bo  Ek", " Bo Ek "), ("Kit", "K\u{200D}it"),
            ("Ωmega", "ωMEGA"), ("Åse", "A\u{30A}se"),
        ])
        func `is taken however it is typed`(name: String, other: String) throws {
            let bar = try theBar()
            let code = try bar.code(uses: 2).text
            let guest = try Session(bar.register(name, code), "POST /register")
            let again = try bar.register(other, code)
            #expect(again.status == 409)
            #expect(again.code == "name_taken")
            // Free again once they have left; and the code was not used up by who was refused.
            #expect(try bar.post("/auth/logout", "{}", guest.bearer).status == 200)
            #expect(try bar.register(other, code).status == 201)
        }

        @Test func `is free again when its guest was put out`() throws {
            let bar = try theBar()
            let guest = try bar.guestSession("Comes back")
            let code = try bar.code().text
            #expect(try bar.register("Comes back", code).code == "name_taken")
            let id = guest.document["user_key"].string ?? ""
            #expect(try bar.post("/admin/guests/\(id)/disable", "{}").status == 200)
            #expect(try bar.register("Comes back", code).status == 201)
        }

        @Test(arguments: [
            "", " ", "\t", "a\u{0}b", "a\u{7}b", "a\u{1B}[31mb", "a\u{7F}b", "a\u{9B}b",
            "\u{202E}live", "a\u{202A}b", "a\u{2066}b", "a\u{2069}b", "a\u{200E}b", "a\u{200F}b",
            "a\u{200B}b", "\u{200B}", "a\u{FEFF}b", "a\u{AD}b", "a\u{2060}b", "a\u{61C}b",
            "\u{200D}", "\u{200C}\u{200D}", "\u{FE0F}", "\u{3164}", "a\u{115F}b", "a\u{180E}b",
            String(repeating: "a", count: 101),
            // A hundred characters of eight code points: no token would hold them.
            String(repeating: "🧑" + String(repeating: "🏽", count: 7), count: 100),
            "Z" + String(repeating: "\u{301}", count: 900),
        ])
        func `shows nothing that nobody sees`(name: String) throws {
            let bar = try theBar()
            let code = try bar.code().text
            let answer = try bar.register(name, code)
            #expect(answer.status == 422)
            #expect(answer.fields == ["username"])
            #expect(try bar.register("Fine \(UInt32.random(in: 0 ... .max))", code).status == 201)
        }

        @Test(arguments: [
            "さくら", "نور", "नेहा", "Ольга", "Σίσυφος", "李小龍", "ไพลิน", "תמר", "김지우",
            "می\u{200C}خواهم", "क्\u{200D}ष", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️", "🧑🏽‍🍳 Kim", "O'Hara", "#1",
            "<b>Bo</b>", "Robert'); DROP TABLE guest;--", "\"", "a",
            String(repeating: "é", count: 100), String(repeating: "👩‍👩‍👧‍👦", count: 60),
        ])
        func `is in any script`(name: String) throws {
            let bar = try theBar()
            let answer = try bar.register(name, bar.code().text)
            #expect(answer.status == 201, "\(answer.text)")
            #expect(answer.data["username"].string == name)
            let session = try Session(answer, "POST /register")
            #expect(session.claims["name"].string == name)
            // As the host and the log see it.
            try bar.untilSeen(answer.position ?? 0)
            let id = answer.data["user_key"].string ?? ""
            #expect(try bar.get("/admin/guests/\(id)").data["username"].string == name)
            let row = try #require(LogRows(data: bar.data).rows.last)
            #expect(row.type == "GuestRegistered")
            #expect(row.data["username"].string == name)
        }

        @Test(arguments: ["{}", #"{"username":null}"#, #"{"username":7}"#, #"{"username":["a"]}"#])
        func `is a text`(body: String) throws {
            let bar = try theBar()
            let answer = try bar.post(
                "/register", body, ["X-Registration-Code": bar.code().text])
            #expect(answer.status == 422)
            #expect(answer.fields == ["username"])
        }
    }
}
