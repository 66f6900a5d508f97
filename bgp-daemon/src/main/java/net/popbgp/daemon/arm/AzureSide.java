package net.popbgp.daemon.arm;

import java.util.List;
import java.util.Optional;
import net.popbgp.daemon.site.CircuitConfig;

/**
 * What Azure sees of one circuit. Immutable.
 *
 * @param circuit as it is configured here
 * @param resource empty if Azure was not asked, or has no such circuit
 * @param arp rows of both routers
 * @param neighbors BGP neighbours of both routers
 * @param availability of both routers
 * @param notes what differs from what is configured here
 * @param problems what could not be found out, and why
 */
public record AzureSide(
        CircuitConfig circuit,
        Optional<AzureResource> resource,
        List<Arp> arp,
        List<Neighbor> neighbors,
        List<Availability> availability,
        List<String> notes,
        List<String> problems) {

    /**
     * A row of a router's ARP table. Immutable.
     *
     * @param device {@code primary} or {@code secondary}
     * @param where {@code On-Prem} or {@code Microsoft}
     * @param macAddress as {@code aaaa.bbbb.cccc}, or {@code Incomplete}
     */
    public record Arp(String device, String where, String address, String macAddress, long age) {}

    /**
     * A BGP neighbour of a router: the PoP, or an instance of a gateway. Immutable.
     *
     * @param upDown as {@code 58:09}, {@code 8w4d} or {@code never}
     * @param state how many prefixes it tells, or the state of the session if it is not up
     */
    public record Neighbor(String device, String address, long as, String upDown, String state) {}

    /**
     * What Azure measured last, in percent. Immutable.
     *
     * @param metric {@code ArpAvailability} or {@code BgpAvailability}
     */
    public record Availability(String device, String metric, double percent) {}

    public AzureSide {
        arp = List.copyOf(arp);
        neighbors = List.copyOf(neighbors);
        availability = List.copyOf(availability);
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }
}
