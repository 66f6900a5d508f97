package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The simulator with the Azure ends of two circuits, on a host of its own. For one thread. */
final class AzureSimulator implements AutoCloseable {

    static final String PRIMARY = "azure-primary";
    static final String SECONDARY = "azure-secondary";
    static final List<String> CIRCUITS = List.of(PRIMARY, SECONDARY);

    private final Path folder;
    private final LabProcess process;

    AzureSimulator() throws IOException, InterruptedException {
        folder = Lab.get().folder("sim");
        process = LabProcess.kept();
    }

    /** {@return an address of a circuit's /30: 1 is the PoP's, 2 Azure's} */
    static String address(String circuit, int hostNumber) {
        return "198.18." + (1 + CIRCUITS.indexOf(circuit)) + "." + hostNumber;
    }

    /** Joins it to the PoP's host by a link per circuit. */
    void join(Host pop) throws IOException, InterruptedException {
        Host host = process.host();
        for (String circuit : CIRCUITS) {
            String link = Lab.get().join(host, pop, CIRCUITS.indexOf(circuit));
            pop.address(link, address(circuit, 1) + "/30");
            host.address(link, address(circuit, 2) + "/30");
        }
    }

    /** Starts it, and waits until it answers. */
    void start(long popAs, String key, boolean dials) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("circuits:\n");
        for (String circuit : CIRCUITS) {
            text.append("  - name: ").append(circuit);
            text.append("\n    peering: ").append(address(circuit, 0)).append("/30");
            text.append("\n    peer-as: ").append(popAs);
            text.append("\n    passive-only: ").append(!dials);
            text.append("\n    shared-key: ").append(key);
            text.append("\n    vnet-count: ").append(AzureEdge.VNETS);
            text.append("\n    profile: {restart: 1s, connect-retry: 1s}\n");
        }
        Path file = Files.writeString(folder.resolve("sim.yaml"), text);
        process.start("/state", "sim", file);
    }

    JsonNode state(String circuit) throws IOException {
        return process.get("/circuits/" + circuit);
    }

    int count(String circuit, String what) throws IOException {
        return state(circuit).path(what).asInt();
    }

    boolean isUp(String circuit) throws IOException {
        return state(circuit).path("state").asText().equals("Established");
    }

    /** Injects a fault. */
    void fault(String circuit, String fault, String parameters) throws IOException {
        process.post("/circuits/" + circuit + "/faults/" + fault, "application/json", parameters);
    }

    Path log() {
        return process.log();
    }

    /** Says that the scene has failed. */
    void failed() {
        process.failed();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
