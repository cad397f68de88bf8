import QRCode
import Testing

private func code(_ text: String) throws -> QRCode { try #require(QRCode(text)) }

@Suite("A QR code") struct QRCodeTests {
    @Test(arguments: [
        "x", "http://192.168.1.7:8080/", "http://192.168.1.7:8080/join/K7QW2MNRT4XB",
        "https://bar.example.org/join/K7QW2MNRT4XB8",
        "https://la-barra-de-maría-josé.example.org/join/K7QW2MNRT4XB8HJZ",
        "http://[fe80:1234:5678:9abc:def0:1234:5678:9abc]:8080/join/K7QW2MNRT4XB8HJZK7QW2MNRT4XB8",
    ])
    func `reads as the text it was made of`(text: String) throws {
        #expect(try Reader(code: code(text)).text() == text)
    }

    @Test func `grows with its text`() throws {
        #expect(try code("x").size == 21)
        #expect(try code(String(repeating: "x", count: 15)).size == 25)
        #expect(try code(String(repeating: "x", count: 2_331)).size == 177)
    }

    @Test(arguments: ["", "a\u{0}b", String(repeating: "x", count: 2_332)])
    func `is not made of what it cannot hold`(text: String) {
        #expect(QRCode(text) == nil)
    }

    @Test func `is light all around`() throws {
        let code = try code("x")
        #expect(code.isDark(0, 0))
        for place in [(-1, 0), (0, -1), (21, 0), (0, 21), (-1, -1), (1_000, 3)] {
            #expect(!code.isDark(place.0, place.1))
        }
    }
}

@Suite("A QR code in a terminal") struct TerminalTextTests {
    /// The modules that a line of half blocks draws, from what is inked.
    private func inked(_ line: Substring) -> (upper: [Bool], lower: [Bool]) {
        (line.map { "█▀".contains($0) }, line.map { "█▄".contains($0) })
    }

    @Test(arguments: [true, false])
    func `shows every module and a quiet zone of four`(colours: Bool) throws {
        let code = try code("http://192.168.1.7:8080/join/K7QW2MNRT4XB")
        let side = code.size + 8
        let text = code.terminalText(colours: colours)
            .replacing("\u{1B}[38;5;16;48;5;231m", with: "").replacing("\u{1B}[0m", with: "")
        let lines = text.split(separator: "\n")
        #expect(lines.count == (side + 1) / 2)
        for (index, line) in lines.enumerated() {
            #expect(line.count == side)
            let (upper, lower) = inked(line)
            for column in 0..<side {
                #expect(upper[column] == (code.isDark(column - 4, index * 2 - 4) == colours))
                #expect(lower[column] == (code.isDark(column - 4, index * 2 - 3) == colours))
            }
        }
    }

    @Test func `sets its colours on every line and takes them back`() throws {
        let text = try code("x").terminalText(colours: true)
        for line in text.split(separator: "\n") {
            #expect(line.hasPrefix("\u{1B}[38;5;16;48;5;231m"))
            #expect(line.hasSuffix("\u{1B}[0m"))
        }
    }

    @Test func `holds no control characters where nobody looks`() throws {
        let text = try code("x").terminalText(colours: false)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    }
}

@Suite("A QR code as an image") struct SVGTests {
    @Test func `draws every dark module and no other`() throws {
        let code = try code("http://192.168.1.7:8080/")
        let side = code.size + 8
        let svg = code.svg
        #expect(svg.contains("viewBox=\"0 0 \(side) \(side)\""))
        let path = try #require(svg.split(separator: "<path d=\"").last?.prefix { $0 != "\"" })
        var dark: Set<[Int]> = []
        for bar in path.split(separator: "z") {
            // M4 4h7v1H4
            let numbers = bar.split { !$0.isNumber }.compactMap { Int($0) }
            #expect(numbers.count == 5)
            #expect(numbers[0] == numbers[4])
            for column in numbers[0]..<numbers[0] + numbers[2] {
                dark.insert([column, numbers[1]])
            }
        }
        for column in 0..<side {
            for row in 0..<side {
                #expect(dark.contains([column, row]) == code.isDark(column - 4, row - 4))
            }
        }
    }

    @Test func `needs no style and no script`() throws {
        let svg = try code("x").svg
        #expect(!svg.contains("style"))
        #expect(!svg.contains("script"))
    }
}
