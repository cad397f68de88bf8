public import Domain
public import ReadModels

/// Which moment of the bar is shown.
public struct Moment: Equatable, Sendable {
    public let position: Position
    /// When the event there was recorded; nil at position 0.
    public let recordedAt: Time?
    /// How far local time is ahead of UTC, for people.
    public let utcOffsetSeconds: Int

    public init(position: Position, recordedAt: Time?, utcOffsetSeconds: Int = 0) {
        self.position = position
        self.recordedAt = recordedAt
        self.utcOffsetSeconds = utcOffsetSeconds
    }

    /// `position 58, 2026-12-31T23:59:59+01:00`.
    var text: String {
        guard let recordedAt else { return "position \(position), before anything happened" }
        return "position \(position), \(EventLine.localTime(recordedAt, utcOffsetSeconds))"
    }

    /// `21:03`, as people at a bar say it.
    func clock(_ time: Time) -> String {
        String(EventLine.localTime(time, utcOffsetSeconds).dropFirst(11).prefix(5))
    }
}

/// Shows a whole read model, to people or to programs, piece by piece.
public struct ModelPrinter: Sendable {
    public typealias Output = (_ piece: [UInt8]) throws -> Void
    typealias Printing = @Sendable (_ path: String, Moment, Output) throws -> Void

    public let model: ReadModel
    private let text: Printing
    private let json: Printing

    init(_ model: ReadModel, text: @escaping Printing, json: @escaping Printing) {
        self.model = model
        self.text = text
        self.json = json
    }

    /// One for each read model that can be shown.
    public static let all = [menu, search, orders]

    public static func named(_ name: String) -> ModelPrinter? {
        all.first { $0.model.name == name }
    }

    /// Prints what the file holds; one document of JSON, or text in which nothing stored moves a cursor.
    public func print(
        _ path: String, at moment: Moment, asJSON: Bool, to output: Output
    ) throws {
        try (asJSON ? json : text)(path, moment, output)
    }
}
