package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A third speaker beside a cell's two, on a host of its own on their network: a BIRD that gives one or both of them routes and passes nothing on. It
 * makes the connections. For one thread.
 */
class Feeder implements AutoCloseable {

    static final long AS = 4_200_000_200L;

    /** Who waits for the feeder's connection at our side. */
    private static final Map<String, String> OURS = Map.of("passive", "true");

    final Bird bird;
    private final Cell cell;
    private final Host host;
    private final Path folder;
    private final String address;
    private long asTowardsUs;

    Feeder(Cell cell, Path folder, int hostNumber) throws IOException, InterruptedException {
        this.cell = cell;
        host = Lab.get().host();
        this.folder = folder;
        address = cell.address(hostNumber);
        bird = new Bird(host, folder, address);
    }

    Host host() {
        return host;
    }

    Path folder() {
        return folder;
    }

    String address() {
        return address;
    }

    /** Gives the foreign daemon this one's routes. */
    void toThem(long as) {
        LabSession ours = new LabSession("foreign", address, as, cell.theirs(), cell.session.localAs);
        ours.exportsOwnOnly = true;
        bird.sessions.add(ours);
        LabSession theirs =
                new LabSession("feeder" + bird.sessions.size(), cell.theirs(), cell.session.localAs, address, as);
        theirs.passive = true;
        cell.foreign.sessions.add(theirs);
    }

    /** Gives us this one's routes. */
    void toUs(long as) {
        LabSession session = new LabSession("pop", address, as, cell.ours(), Pop.AS);
        session.exportsOwnOnly = true;
        bird.sessions.add(session);
        asTowardsUs = as;
    }

    String peerName() {
        return cell.peerName() + "-feeder";
    }

    /** {@return our peer, if there is one} */
    String peer() {
        if (asTowardsUs == 0) {
            return "";
        }
        return cell.peer(peerName(), address, cell.ours(), asTowardsUs, OURS);
    }

    /** Joins it to the bridge of the foreign daemon's host. */
    void join(Host foreign, String bridge, int number) throws IOException, InterruptedException {
        String link = Lab.get().join(foreign, host, number);
        foreign.ip("link", "set", link, "master", bridge);
        foreign.ip("link", "set", link, "up");
        host.address(link, address + "/24");
    }

    void start() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        bird.start();
    }

    @Override
    public void close() throws IOException {
        host.close();
    }
}
