package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The Azure end of one circuit by a foreign daemon on a host of its own: AS 12076 with so many VNet prefixes, the second address of the
 * circuit's /30. The first is the PoP's. For one thread.
 */
final class AzureEdge implements AutoCloseable {

    static final long AS = 12_076;
    static final int VNETS = 1000;

    /** What the PoP may announce. */
    static final int LIMIT = 4000;

    /** Seconds that an edge offers. */
    private static final int HOLD_TIME = 180;

    /** The name of the PoP's peer. */
    final String peer;

    final Foreign daemon;
    final LabSession session;

    /** Seconds that the PoP offers. */
    int popHoldTime = 60;

    private final int circuit;
    private final Host host;

    /**
     * @param circuit 1 or 2
     * @param popAs the PoP's AS
     */
    AzureEdge(Kind kind, int circuit, String peer, long popAs) throws IOException, InterruptedException {
        this.circuit = circuit;
        this.peer = peer;
        Path folder = Lab.get().folder(kind.name());
        host = Lab.get().host();
        daemon = kind.create(host, folder, address());
        session = new LabSession("pop", address(), AS, popAddress(), popAs);
        session.holdTime = HOLD_TIME;
        daemon.sessions.add(session);
        for (int i = 0; i < VNETS; i++) {
            daemon.routes.add(LabRoute.to(vnet(i)));
        }
    }

    /** {@return the i-th VNet prefix, the same on both circuits} */
    static String vnet(int i) {
        return "10." + (i >> 8) + "." + (i & 0xFF) + ".0/24";
    }

    String popAddress() {
        return "198.18." + circuit + ".1";
    }

    String address() {
        return "198.18." + circuit + ".2";
    }

    /** Joins it to the PoP's host. */
    void join(Host pop) throws IOException, InterruptedException {
        String link = Lab.get().join(pop, host, circuit);
        pop.address(link, popAddress() + "/30");
        host.address(link, address() + "/30");
    }

    boolean isUp() throws IOException, InterruptedException {
        return daemon.isUp(session);
    }

    /** {@return how many prefixes it has from the PoP} */
    int received() throws IOException, InterruptedException {
        return daemon.received(session, LabSession.IPV4);
    }

    @Override
    public void close() throws IOException {
        host.close();
    }
}
