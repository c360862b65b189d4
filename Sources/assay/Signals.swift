import Foundation

/// Ctrl-C and SIGTERM, which ask a program to end.
enum Signals {
    /// Lets a handler have them, but for what whoever started the program wants it to ignore, as nohup and a shell's
    /// background jobs do.
    static func handle(_ handler: @escaping @convention(c) (Int32) -> Void) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] where !isIgnored(number) {
            sigaddset(&signals, number)
            signal(number, handler)
        }
        // A program that is started by a thread which blocks them, as Dispatch's do, would never get them.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
