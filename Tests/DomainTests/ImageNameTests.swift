import Domain
import Testing

@Suite("The name of a photo") struct ImageNameTests {
    private let id = ImageID(UUID(high: 0x019A_C0DF_3333_7000, low: 0x8000_0000_0000_00B1))
    private let uuid = "019ac0df-3333-7000-8000-0000000000b1"

    @Test(arguments: [
        ("daiquiri.jpg", "daiquiri"), ("My Photo (1).JPG", "my-photo-1"),
        ("../../etc/passwd", "etc-passwd"), ("..\\..\\boot.ini", "boot"), ("", "photo"),
        (".htaccess", "htaccess"), ("...", "photo"), ("さくら.png", "photo"),
        ("Crème brûlée.webp", "creme-brulee"), ("a\u{0}b\r\nSet-Cookie: x.jpg", "a-b-set-cookie-x"),
        ("<script>alert(1)</script>.svg", "script-alert-1-script"), ("-a-", "a"),
        ("photo.tar.gz", "photo-tar"), ("\u{202E}gpj.exe", "gpj"),
        (String(repeating: "x", count: 500), String(repeating: "x", count: 60)),
        (String(repeating: "x", count: 59) + " y", String(repeating: "x", count: 59)),
    ])
    func `is harmless, whatever the file was called`(filename: String, words: String) throws {
        let name = ImageName(id: id, after: filename, ending: "jpg")
        #expect(name.words == words)
        #expect(name.key == "drink-images/\(uuid)-\(words).jpg")
        #expect(name.url == "/images/\(uuid)-\(words).jpg")
        #expect(ImageName(name.description) == name)
        #expect(ImageName(key: name.key) == name)
        #expect(ImageName(url: name.url) == name)
    }

    @Test func `is read exactly as it is written, and nothing else is`() {
        let good = "\(uuid)-a-b1.png"
        #expect(ImageName(good)?.words == "a-b1")
        for text in [
            "", uuid, "\(uuid).png", "\(uuid)-.png", "\(uuid)-a.gif", "\(uuid)-a.PNG",
            "\(uuid)-A.png",
            "\(uuid)-a.png.png", "\(uuid)-a b.png", "\(uuid)-ä.png", "\(uuid)-a%2e.png",
            "\(uuid)_a.png",
            "../\(good)", "/\(good)", "\(good)\0", "\(good)/", " \(good)",
            uuid.uppercased() + "-a.png",
            "\(uuid)-\(String(repeating: "a", count: 61)).png", "\(uuid)-a/../b.png",
        ] {
            #expect(ImageName(text) == nil, "\(text)")
        }
        #expect(ImageName(url: "/images/../\(good)") == nil)
        #expect(ImageName(url: "https://elsewhere/images/\(good)") == nil)
        #expect(ImageName(key: good) == nil)
    }
}

@Suite("A drink's photo") struct DrinkImageTests {
    private let image = ImageName(id: ImageID(UUID(high: 1, low: 2)), after: "a", ending: "jpg")
    private let id = DrinkID(UUID(high: 3, low: 4))

    private func drink() -> Drink {
        Drink(id: id, DrinkFacts(sectionID: SectionID(UUID(high: 5, low: 6)), name: "Daiquiri"))
    }

    @Test func `is put on, kept through other changes, and taken off`() throws {
        var drink = drink()
        #expect(try drink.show(nil) == nil)
        #expect(try drink.show(image) == .imageAttached(id, image))
        drink.evolve(.imageAttached(id, image))
        #expect(try drink.show(image) == nil)
        drink.evolve(.updated(id, drink.facts))
        #expect(drink.image == image)
        #expect(try drink.show(nil) == .imageRemoved(id))
        drink.evolve(.imageRemoved(id))
        #expect(drink.image == nil)
    }

    @Test func `is not put on a drink that is gone`() {
        var drink = drink()
        drink.evolve(.deleted(id))
        #expect(throws: Refusal.notFound("drink")) { try drink.show(image) }
    }
}
