/// 1234567 as 1,234,567.
func grouped(_ number: Int64) -> String {
    var text = ""
    for (index, digit) in String(number.magnitude).reversed().enumerated() {
        if index > 0, index % 3 == 0 { text = "," + text }
        text = String(digit) + text
    }
    return number < 0 ? "-" + text : text
}

/// 1234 as 1.2 s.
func seconds(milliseconds: Int64) -> String {
    milliseconds < 1_000
        ? "\(milliseconds) ms" : "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
}

/// 90 s as 1 min 30 s; the two largest units.
func duration(seconds: Int64) -> String {
    let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
    guard let first = units.firstIndex(where: { seconds >= $0.0 }), first < 3 else {
        return "\(max(0, seconds)) s"
    }
    let rest = seconds % units[first].0 / units[first + 1].0
    let start = "\(seconds / units[first].0) \(units[first].1)"
    return rest == 0 ? start : "\(start) \(rest) \(units[first + 1].1)"
}

/// 5242880 as 5.2 MB, in thousands as disks are sold.
func size(bytes: Int64) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\(bytes / 1_000) kB"
    case ..<1_000_000_000: "\(bytes / 1_000_000).\(bytes % 1_000_000 / 100_000) MB"
    default: "\(bytes / 1_000_000_000).\(bytes % 1_000_000_000 / 100_000_000) GB"
    }
}
