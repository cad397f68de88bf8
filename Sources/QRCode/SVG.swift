extension QRCode {
    /// Modules a side of the code as it is drawn, with its quiet zone.
    public var side: Int { size + 2 * Self.quietZone }

    /// The dark modules as the data of one SVG path in a square of `side` units; about 3 kB for a link.
    public var path: String {
        var path = ""
        for row in 0..<size {
            var column = 0
            while column < size {
                guard isDark(column, row) else {
                    column += 1
                    continue
                }
                let start = column
                while isDark(column, row) { column += 1 }
                path +=
                    "M\(start + Self.quietZone) \(row + Self.quietZone)h\(column - start)v1H\(start + Self.quietZone)z"
            }
        }
        return path
    }

    /// The code as an SVG image, one unit a module, black on white, with its quiet zone.
    ///
    /// It has no styles and no scripts, so that any page's policy lets it through.
    public var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
        <path fill="#fff" d="M0 0h\(side)v\(side)H0z"/><path d="\(path)"/></svg>
        """
    }
}
