import Domain
import Testing

@Suite("A folded text") struct FoldedTests {
    @Test(arguments: [
        ("Crème  de\tCacao ", "creme de cacao"), ("PIÑA", "pina"), ("Ångström", "angstrom"),
        ("Smørrebrød", "smorrebrod"), ("Łódź", "lodz"), ("Straße", "strasse"), ("GROẞ", "gross"),
        ("Ærø", "aero"), ("Œuf", "oeuf"), ("İstanbul", "istanbul"), ("ısı", "isi"),
        ("Curaçao", "curacao"), ("Brännvin", "brannvin"), ("e\u{301}", "e"), ("Ή", "η"),
        ("Σίσυφος", "σισυφοσ"), ("Йод", "иод"), ("Đorđe", "dorde"), ("Þór", "thor"), ("", ""),
        (" \n", ""), ("100% Agave", "100% agave"), ("Rock'n'Rye", "rock'n'rye"),
        ("\u{3000}ジン\u{3000}トニック", "\u{30B7}\u{3099}ン トニック"),
    ])
    func `has neither case nor accents`(given: String, folded: String) {
        // By scalars: Swift takes two ways to write a letter for equal.
        #expect(Array(Folded(given).text.unicodeScalars) == Array(folded.unicodeScalars))
        #expect(Folded(Folded(given).text) == Folded(given))
    }

    @Test(arguments: [
        ("St-Germain (100%)", ["st", "germain", "100"]), ("  ", []), ("\"'%_*:^-", []),
        ("🍹 Mai Tai🍹", ["mai", "tai"]), ("Nº5", ["nº5"]), ("हिन्दी", ["हिन्दी"]), ("❤\u{FE0F}", []),
        ("Don't", ["don", "t"]), ("a\0b", ["a", "b"]), ("Ron Añejo", ["ron", "anejo"]),
    ])
    func `falls apart into words`(given: String, words: [String]) {
        #expect(Folded(given).words == words)
    }
}
