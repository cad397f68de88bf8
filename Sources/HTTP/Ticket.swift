/// Names a request which is answered later.
///
/// A slot and its generation, never an address: a ticket that comes back over a socket, late or forged, finds its own
/// request or none.
public struct Ticket: Hashable, Sendable {
    public let slot: UInt32
    public let generation: UInt32

    public init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }
}
