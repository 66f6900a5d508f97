package net.popbgp.daemon.interop;

/** Who makes the TCP connection. */
enum Direction {
    WE_CONNECT("we connect"),
    THEY_CONNECT("they connect"),
    /** Neither is passive. */
    BOTH("both connect");

    final String title;

    Direction(String title) {
        this.title = title;
    }
}
