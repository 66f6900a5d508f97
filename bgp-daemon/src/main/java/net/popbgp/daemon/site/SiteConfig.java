package net.popbgp.daemon.site;

import java.util.List;
import java.util.Optional;

/**
 * A Cloud Interconnect site: one or two circuits, of which one carries the traffic. Immutable.
 *
 * @param name unique; 1..50 characters, as its peers are called after it
 * @param provider the name of the cloud's profile, {@code azure}
 * @param type what stands there
 * @param sku the tier of its circuits
 * @param circuits the primary first
 * @param lanMonitoring what is probed
 */
public record SiteConfig(
        String name,
        String description,
        String provider,
        Type type,
        Sku sku,
        List<CircuitConfig> circuits,
        LanMonitoring lanMonitoring) {

    /** The most characters of a name. */
    public static final int MAX_NAME = 50;

    /** What stands at a site. */
    public enum Type {
        BRANCH,
        CLOUD_DC,
        DATACENTER,
        HEADQUARTERS
    }

    /** Makes one where nothing is probed. */
    public SiteConfig(
            String name, String description, String provider, Type type, Sku sku, List<CircuitConfig> circuits) {
        this(name, description, provider, type, sku, circuits, LanMonitoring.OFF);
    }

    public SiteConfig {
        circuits = List.copyOf(circuits);
        if (circuits.isEmpty() || circuits.size() > 2) {
            throw new IllegalArgumentException("a site has one or two circuits, not " + circuits.size());
        }
        if (circuits.get(0).role() != CircuitRole.PRIMARY
                || circuits.size() == 2 && circuits.get(1).role() != CircuitRole.SECONDARY) {
            throw new IllegalArgumentException("the first circuit is the primary, the second the secondary");
        }
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a site's name has at most " + MAX_NAME + " characters: " + name);
        }
    }

    public Optional<CircuitConfig> circuit(CircuitRole role) {
        return circuits.stream().filter(circuit -> circuit.role() == role).findFirst();
    }

    /** {@return the name of the peer of a circuit, as {@code azure-site-1-primary}} */
    public String peerName(CircuitRole role) {
        return name + "-" + role;
    }

    /** {@return how summaries are made automatically: as the primary says, for both circuits; empty for not at all} */
    public Optional<AutoSummarize> autoSummarize() {
        return circuits.get(0).neighbor().advertise().autoSummarize();
    }
}
