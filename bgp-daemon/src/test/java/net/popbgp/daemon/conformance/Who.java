package net.popbgp.daemon.conformance;

/** The tester's parts: E and E2..E10 external, O an external observer, I, I2 and I3 internal. */
enum Who {
    E(1, 65001),
    E2(2, 65002),
    E3(3, 65003),
    E4(4, 65004),
    E5(21, 65021),
    E6(22, 65022),
    E7(23, 65023),
    E8(24, 65024),
    E9(25, 65025),
    E10(26, 65026),
    O(9, 65009),
    I(11, 65000),
    I2(12, 65000),
    I3(13, 65000);

    private final int host;
    private final long as;

    Who(int host, long as) {
        this.host = host;
        this.as = as;
    }

    /** {@return the last octet of its address} */
    int host() {
        return host;
    }

    long as() {
        return as;
    }

    /** {@return its BGP Identifier, higher than the daemon's} */
    String identifier() {
        return "10.0.1." + host;
    }
}
