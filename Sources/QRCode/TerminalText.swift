extension QRCode {
    /// The code as lines of half blocks, two rows of modules a line, with its quiet zone.
    ///
    /// With `colours` it is black on white whatever the terminal's colours are. Without, as in a journal or a file,
    /// the light modules are drawn, since most who read those see light letters on a dark ground.
    public func terminalText(colours: Bool) -> String {
        let range = -Self.quietZone..<size + Self.quietZone
        var text = ""
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            if colours { text += "\u{1B}[38;5;16;48;5;231m" }
            for column in range {
                let upper = isDark(column, row) == colours
                // The number of rows is odd, so the last line has one more of the quiet zone.
                let lower = isDark(column, row + 1) == colours
                text += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ")
            }
            text += colours ? "\u{1B}[0m\n" : "\n"
        }
        return text
    }
}
