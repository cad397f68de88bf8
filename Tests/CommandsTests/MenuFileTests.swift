import Domain
import EventStore
import JSON
import Testing
import Wire

@testable import Commands

@Suite("A menu file") struct MenuFileTests {
    private static let header = #"{"barback":"menu","version":1}"#

    private func exported(_ bar: TestBar) throws -> [String] {
        var lines: [String] = []
        MenuFile.write(try MenuContents(bar.handler.log.reader)) {
            lines.append(String(decoding: $0, as: UTF8.self))
        }
        return lines
    }

    @discardableResult
    private func importing(_ lines: [String], into bar: TestBar) throws -> MenuImport.Result {
        let bytes = Array(lines.joined(separator: "\n").utf8)
        var work = try MenuImport(
            files: [("menu.jsonl", bytes)], into: MenuContents(bar.handler.log.reader))
        return try work.run(send: bar.carryOut) { _ in }
    }

    /// What somebody is told who imports these.
    private func problems(_ lines: [String], into bar: TestBar) -> [String] {
        do {
            try importing(lines, into: bar)
            return []
        } catch {
            return "\(error)".split(separator: "\n").dropFirst().map { String($0.dropFirst(2)) }
        }
    }

    private func furnished() throws -> TestBar {
        let bar = try TestBar()
        let late = try bar.section("Late night 🍸")
        let early = try bar.section("Early")
        _ = try accepted(
            bar.handle(bar.make(.updateSection, #"{"display_order":9}"#, target: late)))
        _ = try bar.drink(
            early, "Daiquirí",
            #"""
            ,"description":"Short,\nsharp","ingredients":[{"name":"Rum","amount":22.5,"unit":"ml",
            "optional":true,"substitutes":["Cachaça"]},"Lime"],"recipe_steps":["Shake"],
            "garnish":"Lime","glass":"coupe","ice":"crushed","tags":["sour"],"abv":20.5,
            "display_order":3,"is_active":false,"translations":{"es":{"name":"x","description":"y",
            "recipe_steps":["Agitar"]}}
            """#)
        _ = try bar.drink(late, "Gone")
        let gone = try bar.drink(late, "Bare")
        _ = try accepted(bar.handle(bar.make(.deleteDrink, "{}", target: gone)))
        _ = try accepted(bar.handle(bar.stock("Rum", false)))
        _ = try accepted(bar.handle(bar.stock("Lime", false)))
        _ = try accepted(bar.handle(bar.stock("Lime", true)))
        _ = try accepted(
            bar.handle(bar.make(.changeSettings, #"{"name":"Mar","max_active_orders":2}"#)))
        return bar
    }

    @Test func `makes of another bar the same bar`() throws {
        let bar = try furnished()
        let lines = try exported(bar)
        #expect(lines.count == 1 + 1 + 2 + 2 + 1)
        #expect(lines[0] == Self.header)
        let other = try TestBar()
        let result = try importing(lines, into: other)
        #expect(result == MenuImport.Result(created: 4, changed: 2, unchanged: 0))
        #expect(try exported(other) == lines)
        #expect(try other.tables() == other.replay())
        #expect(try Set(other.events().map(\.actor)) == ["cli:root"])
    }

    @Test func `may be imported again and again`() throws {
        let bar = try furnished()
        let count = try bar.events().count
        let result = try importing(exported(bar), into: bar)
        #expect(result == MenuImport.Result(created: 0, changed: 0, unchanged: 6))
        #expect(try bar.events().count == count)
    }

    @Test func `changes what has the name, and keeps what a line does not say`() throws {
        let bar = try furnished()
        let before = try exported(bar)
        let result = try importing(
            [
                Self.header, #"{"drink":{"section":"Early","name":"Daiquirí","garnish":"Mint"}}"#,
                #"{"ingredient":{"name":" rum ","in_stock":true}}"#,
            ], into: bar)
        #expect(result == MenuImport.Result(created: 0, changed: 2, unchanged: 0))
        let after = try exported(bar)
        #expect(
            after
                == before.dropLast().map {
                    $0.replacing(#""garnish":"Lime""#, with: #""garnish":"Mint""#)
                })
    }

    @Test func `leaves photos where they are`() throws {
        let bar = try TestBar()
        let photo = try bar.photo()
        let drink = try bar.drink(bar.section(), "Daiquiri", #","image_url":"\#(photo.url)""#)
        #expect(try !exported(bar).contains { $0.contains("image") })
        let url = "/images/019ac0df-3333-7000-8000-0000000000b1-elsewhere.jpg"
        let line =
            #"{"drink":{"section":"Sours","name":"Daiquiri","garnish":"Mint","image_url":"\#(url)"}}"#
        #expect(try importing([Self.header, line], into: bar).changed == 1)
        let id = try #require(DrinkID(drink))
        #expect(try bar.handler.aggregates.drink(id)?.drink.image == photo)
    }

    @Test func `moves a drink that stands in one section only`() throws {
        let bar = try furnished()
        let move = [Self.header, #"{"drink":{"section":"Early","name":"Gone"}}"#]
        #expect(try importing(move, into: bar).changed == 1)
    }

    @Test func `keeps apart what has one name, in its order`() throws {
        let bar = try TestBar()
        let twins = [
            Self.header, #"{"section":{"name":"House"}}"#,
            #"{"drink":{"section":"House","name":"Punch","garnish":"a"}}"#,
            #"{"drink":{"section":"House","name":"Punch","garnish":"b","display_order":1}}"#,
            #"{"section":{"name":"House","display_order":1}}"#,
            #"{"drink":{"section":"House","name":"Cup"}}"#,
        ]
        #expect(try importing(twins, into: bar) == .init(created: 5, changed: 0, unchanged: 0))
        #expect(try importing(twins, into: bar) == .init(created: 0, changed: 0, unchanged: 5))
        let lines = try exported(bar)
        #expect(try importing(lines, into: bar) == .init(created: 0, changed: 0, unchanged: 6))
        let other = try TestBar()
        try importing(lines, into: other)
        #expect(try exported(other) == lines)
    }

    @Test func `of several files names a section in each`() throws {
        let bar = try TestBar()
        let files = ["Daiquiri", "Margarita"].map { name in
            (
                name,
                Array(
                    """
                    \(Self.header)
                    {"section":{"name":"Sours"}}
                    {"drink":{"section":"Sours","name":"\(name)"}}
                    """.utf8)
            )
        }
        for expected in [
            MenuImport.Result(created: 3, changed: 0, unchanged: 1),
            MenuImport.Result(created: 0, changed: 0, unchanged: 4),
        ] {
            var work = try MenuImport(
                files: files, into: MenuContents(bar.handler.log.reader))
            #expect(try work.run(send: bar.carryOut) { _ in } == expected)
        }
    }

    @Test func `that contradicts itself is refused`() throws {
        let told = problems(
            [
                Self.header, #"{"ingredient":{"name":"Mint","in_stock":false}}"#,
                #"{"ingredient":{"name":"mint ","in_stock":true}}"#,
                #"{"settings":{"name":"A"}}"#, #"{"settings":{"name":"B"}}"#,
            ], into: try TestBar())
        #expect(
            told == [
                "menu.jsonl line 3: the ingredient mint is there twice",
                "menu.jsonl line 5: settings is there twice",
            ])
    }

    @Test func `may begin with an editor's mark, and be two files put together`() throws {
        let bar = try TestBar()
        let section = #"{"section":{"name":"Sours"}}"#
        let lines = ["\u{FEFF}\(Self.header)\r", section + "\r", Self.header, ""]
        #expect(try importing(lines, into: bar).created == 1)
    }

    @Test func `does not grow beyond what the writer reads`() throws {
        let numbers = Array(repeating: "1e15", count: 12_000).joined(separator: ",")
        let told = problems(
            [Self.header, "{\"section\":{\"name\":\"x\",\"odd\":[\(numbers)]}}"],
            into: try TestBar())
        #expect(told == ["menu.jsonl line 2: is longer than 65536 bytes"])
    }

    @Test func `is imported whole or not at all, and every wrong line is named`() throws {
        let bar = try furnished()
        let count = try bar.events().count
        let told = problems(
            [
                Self.header, #"{"section":{"name":"Fine"}}"#, "", #"{"section":{"name":""}}"#,
                "nope",
                #"{"drink":{"section":"Nowhere","name":"A"}}"#,
                #"{"drink":{"section":"Fine","name":"A","abv":101,"ice":"dry"}}"#,
                #"{"cat":{}}"#, #"{"ingredient":{"name":"Rum"}}"#, "[]", #"{"drink":1}"#,
            ], into: bar)
        #expect(
            told.map { String($0.prefix { $0 != ":" }) }
                == [4, 5, 6, 7, 8, 9, 10, 11].map { "menu.jsonl line \($0)" })
        #expect(told[2].contains("there is no section Nowhere"))
        #expect(told[3].contains("ice must be none, cubes, large or crushed"))
        #expect(try bar.events().count == count)
    }

    @Test(arguments: [
        [""], ["{}"], [#"{"barback":"menu"}"#], [#"{"barback":"menu","version":2}"#],
        [#"{"barback":"menu","version":0}"#],
        [#"{"section":{"name":"x"}}"#], ["root:x:0:0"],
    ])
    func `says who it is in its first line`(lines: [String]) throws {
        #expect(problems(lines, into: try TestBar()).count == 1)
    }

    @Test func `with more wrong lines than anybody reads names the first twenty`() throws {
        let told = problems(
            [Self.header] + Array(repeating: "x", count: 50), into: try TestBar())
        #expect(told.count == 21)
        #expect(told.last == "and 30 more")
    }

    @Test func `does not overwrite what somebody changed meanwhile`() throws {
        let bar = try furnished()
        let menu = try MenuContents(bar.handler.log.reader)
        let lines = [Self.header, #"{"section":{"name":"Early","display_order":5}}"#]
        var work = try MenuImport(
            files: [("m", Array(lines.joined(separator: "\n").utf8))], into: menu)
        let early = try #require(
            bar.events().first { String(decoding: $0.data, as: UTF8.self).contains("\"Early\"") })
        _ = try accepted(
            bar.handle(
                bar.make(
                    .updateSection, #"{"description":"now"}"#,
                    target: String(early.stream.dropFirst(8)))))
        #expect(throws: MenuImport.Refused.self) {
            try work.run(send: bar.carryOut) { _ in }
        }
    }
}
