package net.popbgp.daemon.alert;

/**
 * What became of an attempt to deliver. Immutable.
 *
 * @param detail the server's words, or what went wrong; no secrets
 */
record Outcome(Kind kind, String detail) {

    enum Kind {
        DELIVERED,
        /** To be tried again. */
        FAILED,
        /** The server could not be talked to: to be tried again, and others for the same server no sooner. */
        UNREACHABLE,
        /** Never to be tried again. */
        REFUSED
    }

    private static final int MAX_DETAIL = 300;

    Outcome {
        String clean = Texts.line(detail);
        detail = clean.length() > MAX_DETAIL ? clean.substring(0, MAX_DETAIL - 1) + "…" : clean;
    }

    static Outcome delivered(String detail) {
        return new Outcome(Kind.DELIVERED, detail);
    }

    static Outcome failed(String detail) {
        return new Outcome(Kind.FAILED, detail);
    }

    static Outcome unreachable(String detail) {
        return new Outcome(Kind.UNREACHABLE, detail);
    }

    static Outcome refused(String detail) {
        return new Outcome(Kind.REFUSED, detail);
    }
}
