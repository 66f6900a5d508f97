package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.speaker.Failover;
import net.popbgp.speaker.PeerStatus;

/**
 * A site at one moment. Immutable.
 *
 * @param active the circuit that carries the traffic of most prefixes, empty if none does
 * @param circuits the primary first
 * @param lastFailover the last change of the active circuit; empty for a site with one circuit
 * @param summarized what is summarized automatically
 */
public record SiteStatus(
        SiteConfig config,
        SiteState state,
        Optional<CircuitRole> active,
        List<CircuitStatus> circuits,
        Optional<Failover> lastFailover,
        AutoSummarized summarized) {

    public SiteStatus {
        circuits = List.copyOf(circuits);
    }

    public Optional<CircuitStatus> circuit(CircuitRole role) {
        return circuits.stream().filter(each -> each.config().role() == role).findFirst();
    }

    /** {@return what the operator should know, each one sentence} */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Optional<CloudProfile> profile = CloudProfile.named(config.provider());
        int sent = profile.map(each -> each.maxPrefixSent().ipv4()).orElse(0);
        long warning =
                profile.map(each -> (long) sent * each.warnPercent() / 100).orElse(0L);
        for (CircuitStatus circuit : circuits) {
            String name = "the " + circuit.config().role();
            if (circuit.isWithoutRoutes()) {
                warnings.add(
                        name + " is Established, but no route of the cloud's is in use over it: it carries nothing");
            }
            circuit.prefixes()
                    .filter(each -> each.withheld() > 0)
                    .ifPresent(each -> warnings.add(
                            name + " withholds " + each.withheld() + " prefixes: the cloud takes no more"));
            circuit.prefixes()
                    .filter(each -> each.guardWarning() && each.withheld() == 0)
                    .ifPresent(each -> warnings.add(
                            name + " advertises " + each.advertised() + " prefixes, near what the cloud takes"));
            circuit.prefixes()
                    .filter(each -> sent > 0 && !each.limitExceeded() && each.received() >= warning)
                    .ifPresent(each -> warnings.add(name + " gets " + each.received() + " prefixes, near the " + sent
                            + " that the cloud announces before it takes all back"));
            circuit.prefixes()
                    .filter(PeerStatus.Prefixes::limitExceeded)
                    .ifPresent(each -> warnings.add(name + " offers more prefixes than the "
                            + circuit.config().neighbor().prefixLimit() + " that are taken, the rest is discarded"));
        }
        if (!summarized.summaries().isEmpty()) {
            warnings.add(summarized.summaries().size() + " summaries are advertised instead of "
                    + (summarized.saved() + summarized.summaries().size())
                    + " prefixes, which would be more than the cloud takes");
        }
        if (state != SiteState.DISCONNECTED && active.equals(Optional.of(CircuitRole.SECONDARY))) {
            circuit(CircuitRole.PRIMARY)
                    .filter(CircuitStatus::isEstablished)
                    .ifPresent(primary -> warnings.add("the secondary carries the traffic although the primary is up"));
        }
        return warnings;
    }
}
