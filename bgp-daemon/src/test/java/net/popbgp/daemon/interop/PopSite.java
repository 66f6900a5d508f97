package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A site with two ExpressRoute circuits: a foreign daemon as the PoP (AS 65010), and the simulator as the Azure edge of both. Whoever runs
 * such a PoP gives the primary's routes the higher LOCAL_PREF, passes nothing of one circuit on to the other, and, because LOCAL_PREF is
 * compared before the length of the AS_PATH, takes paths that Azure has prepended for a drain with a lower one than the secondary's.
 *
 * <p>For one thread.
 */
final class PopSite implements Scene {

    /** How many prefixes the PoP announces from the beginning. */
    static final int SITES = 2;

    private static final String KEY = "InteropKey2026";
    private static final int PRIMARY_PREF = 200;
    private static final int SECONDARY_PREF = 100;
    private static final int DRAINED_PREF = 50;

    final AzureSimulator azure;
    final Foreign daemon;
    final LabSession primary;
    final LabSession secondary;
    private final Kind kind;
    private final Direction direction;
    private final Host host;

    PopSite(Kind kind, Direction direction) throws IOException, InterruptedException {
        this.kind = kind;
        this.direction = direction;
        azure = new AzureSimulator();
        Path folder = Lab.get().folder(kind.name());
        host = Lab.get().host();
        daemon = kind.create(host, folder, AzureSimulator.address(AzureSimulator.PRIMARY, 1));
        primary = session("azure_primary", AzureSimulator.PRIMARY, PRIMARY_PREF);
        secondary = session("azure_secondary", AzureSimulator.SECONDARY, SECONDARY_PREF);
        announce(SITES);
    }

    private LabSession session(String name, String circuit, int localPref) {
        LabSession session = new LabSession(
                name,
                AzureSimulator.address(circuit, 1),
                AzureSite.POP_AS,
                AzureSimulator.address(circuit, 2),
                AzureEdge.AS);
        session.passive = direction == Direction.WE_CONNECT;
        session.password = KEY;
        session.holdTime = 60;
        session.localPref = localPref;
        session.prependedLocalPref = DRAINED_PREF;
        session.exportsOwnOnly = true;
        daemon.sessions.add(session);
        return session;
    }

    /** Sets how many prefixes the PoP announces, from its start or next reload on. */
    void announce(int count) {
        daemon.routes.clear();
        for (int i = 0; i < count; i++) {
            daemon.routes.add(LabRoute.to(AzureSite.onPremises(i)));
        }
    }

    /** Starts everything, and waits until the primary carries the traffic and has a backup. */
    void start() throws IOException, InterruptedException {
        azure.join(host);
        azure.start(AzureSite.POP_AS, KEY, direction == Direction.WE_CONNECT);
        daemon.start();
        untilSteady();
    }

    /** {@return for how many VNet prefixes the daemon uses the primary, and the secondary} */
    List<Integer> selected() throws IOException, InterruptedException {
        Map<String, Integer> selected = daemon.selected();
        return List.of(selected.getOrDefault(primary.name, 0), selected.getOrDefault(secondary.name, 0));
    }

    /** Waits until all traffic goes by the primary and could go by the secondary, and Azure has the PoP's prefixes. */
    void untilSteady() {
        Cell.until("both Established", () -> daemon.isUp(primary) && daemon.isUp(secondary));
        Cell.untilEqual("all by the primary", List.of(AzureEdge.VNETS, 0), this::selected);
        Cell.untilEqual("a backup of all", AzureEdge.VNETS, () -> daemon.received(secondary, LabSession.IPV4));
        for (String circuit : AzureSimulator.CIRCUITS) {
            Cell.untilEqual(
                    "the PoP's prefixes at " + circuit, daemon.routes.size(), () -> azure.count(circuit, "received"));
        }
    }

    /**
     * Waits until all traffic goes by one circuit.
     *
     * @return how many prefixes had a path each time that the daemon was asked meanwhile
     */
    List<Integer> untilAllBy(LabSession session) {
        List<Integer> expected = session == primary ? List.of(AzureEdge.VNETS, 0) : List.of(0, AzureEdge.VNETS);
        List<Integer> reachable = new ArrayList<>();
        Cell.until("all by the " + session.name, () -> {
            List<Integer> selected = selected();
            reachable.add(selected.get(0) + selected.get(1));
            return selected.equals(expected);
        });
        return reachable;
    }

    @Override
    public String report() {
        azure.failed();
        StringBuilder text = new StringBuilder("---- " + kind + ", " + direction.title);
        try {
            text.append('\n').append(daemon.report());
            text.append("\n---- the simulator's log\n").append(Cell.tail(Files.readString(azure.log())));
            for (String circuit : AzureSimulator.CIRCUITS) {
                text.append('\n').append(azure.state(circuit));
            }
        } catch (IOException e) {
            text.append(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        try (host) {
            azure.close();
        }
    }
}
