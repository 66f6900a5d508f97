package net.popbgp.daemon.conformance;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** A site whose E is dialed by the daemon, with O. */
record Dialed(Site site, ServerSocket socket) implements AutoCloseable {

    static Dialed site(long as, String... settings) throws IOException, InterruptedException {
        Site site = DaemonUnderTest.shared().site();
        ServerSocket socket = site.listen(Who.E);
        List<String> all = new ArrayList<>(List.of(
                "remote-as: " + as,
                "passive: false",
                "local-address: " + site.daemonAddress(),
                "port: " + socket.getLocalPort()));
        all.addAll(List.of(settings));
        site.peer(Who.E, all.toArray(String[]::new)).peer(Who.O).start();
        return new Dialed(site, socket);
    }

    /** Waits for the daemon's next connection. {@return it} */
    TesterPeer accept() throws IOException {
        return site.accept(Who.E, socket);
    }

    @Override
    public void close() throws IOException {
        site.close();
    }
}
