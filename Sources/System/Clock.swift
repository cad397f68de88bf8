internal import Glibc

/// The machine's clocks.
public enum Clock {
    /// Microseconds since 1970-01-01 UTC; may jump when somebody sets the clock.
    public static func wallMicroseconds() -> Int64 {
        let now = read(CLOCK_REALTIME)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    /// Nanoseconds since some moment before this process began; never runs backwards.
    public static func monotonicNanoseconds() -> UInt64 {
        let now = read(CLOCK_MONOTONIC)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// How far local time is ahead of UTC at a moment, in seconds; 7200 in Berlin in summer.
    ///
    /// The C library reads the time zone once, at the first call: a process that will put itself under Landlock
    /// calls this before, and then needs no time zone file. UTC when the zone cannot be read.
    public static func utcOffsetSeconds(atMicroseconds moment: Int64) -> Int {
        var seconds = time_t(moment.floorDividedByMillion)
        var local = tm()
        guard localtime_r(&seconds, &local) != nil else { return 0 }
        return local.tm_gmtoff
    }

    /// Lets time pass, where there is nothing to wait on.
    public static func sleep(milliseconds: Int) {
        var pause = timespec(
            tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
        _ = nanosleep(&pause, nil)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        let code = clock_gettime(clock, &now)
        precondition(code == 0, "Linux has both clocks since 2.6")
        return now
    }
}

extension Int64 {
    fileprivate var floorDividedByMillion: Int64 {
        self >= 0 ? self / 1_000_000 : (self - 999_999) / 1_000_000
    }
}
