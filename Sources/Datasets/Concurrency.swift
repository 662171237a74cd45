import Foundation

/// Calls `body` for 0 ..< count at once, each on a thread of its own but the first, and returns when all have.
///
/// They are plain threads, which a child process has too; what keeps threads for later does not outlive a fork.
package func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
        let threads = (1..<max(1, count)).compactMap { index -> pthread_t? in
            let work = Unmanaged.passRetained(Work { body(index) })
            #if os(Linux)
                var thread = pthread_t()
            #else
                var thread: pthread_t?
            #endif
            let status = pthread_create(
                &thread, nil,
                { context in
                    #if os(Linux)
                        guard let context else { return nil }
                    #endif
                    Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, work.toOpaque())
            guard status != 0 else { return thread }
            // Without another thread it is done by this one.
            work.takeRetainedValue().run()
            return nil
        }
        body(0)
        for thread in threads { pthread_join(thread, nil) }
    }
}

private final class Work {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}
