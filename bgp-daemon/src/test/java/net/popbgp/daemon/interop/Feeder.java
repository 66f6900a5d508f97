package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A third speaker beside a cell's two, on the foreign daemon's host: a BIRD that gives one or both of them routes and passes nothing on. It
 * makes the connections. For one thread.
 */
final class Feeder {

    static final long AS = 4_200_000_200L;

    /** Who waits for the feeder's connection at our side. */
    private static final Map<String, String> OURS = Map.of("passive", "true");

    final Bird bird;
    private final Cell cell;
    private final Path folder;
    private final String address;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private long asTowardsUs;

    Feeder(Cell cell, Host host, Path folder, int hostNumber) {
        this.cell = cell;
        this.folder = folder;
        address = cell.address(hostNumber);
        bird = new Bird(host, folder, address);
    }

    String address() {
        return address;
    }

    /** Gives the foreign daemon this one's routes. {@return the session at the foreign daemon's end} */
    LabSession toThem(long as) {
        LabSession ours = new LabSession("foreign", address, as, cell.theirs(), cell.session.localAs);
        bird.sessions.add(ours);
        LabSession theirs =
                new LabSession("feeder" + bird.sessions.size(), cell.theirs(), cell.session.localAs, address, as);
        theirs.passive = true;
        cell.foreign.sessions.add(theirs);
        return theirs;
    }

    /** Gives us this one's routes. {@return the session at the feeder's end} */
    LabSession toUs(long as) {
        LabSession session = new LabSession("pop", address, as, cell.ours(), Pop.AS);
        bird.sessions.add(session);
        asTowardsUs = as;
        return session;
    }

    /** Sets a key of our peer, in YAML. */
    Feeder set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    String peerName() {
        return cell.peerName() + "-feeder";
    }

    /** {@return our peer, if there is one} */
    String peer() {
        if (asTowardsUs == 0) {
            return "";
        }
        Map<String, String> all = new LinkedHashMap<>(OURS);
        all.putAll(settings);
        return cell.peer(peerName(), address, cell.ours(), asTowardsUs, all);
    }

    void start() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        bird.start();
    }
}
