package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RoutePage;

/**
 * What would be if a circuit went down now. Immutable.
 *
 * @param down the circuit that would
 * @param state the site's state then
 * @param moves prefixes that are reached over it now, and over what then
 * @param unadvertised prefixes that the cloud has been sent over this circuit alone: it could not reach them any more
 * @param notes what else the operator should know, each one sentence
 */
public record WhatIf(
        CircuitRole down, SiteState state, List<Move> moves, List<Unadvertised> unadvertised, List<String> notes) {

    /**
     * One prefix that is reached over the circuit now. Immutable.
     *
     * @param nextPeer the peer that it would be reached over, empty if there is none
     */
    public record Move(Prefix prefix, Optional<String> nextPeer) {}

    /**
     * One prefix that the other circuit does not advertise. Immutable.
     *
     * @param reason why it does not
     */
    public record Unadvertised(Prefix prefix, String reason) {}

    public WhatIf {
        moves = List.copyOf(moves);
        unadvertised = List.copyOf(unadvertised);
        notes = List.copyOf(notes);
    }

    /** {@return how many prefixes could not be reached any more} */
    public long withoutBackup() {
        return moves.stream().filter(move -> move.nextPeer().isEmpty()).count();
    }

    static WhatIf of(SiteStatus site, CircuitStatus down, CircuitRoutes routes, CircuitRoutes otherRoutes) {
        Optional<CircuitStatus> other = site.circuits().stream()
                .filter(each -> each.config().role() != down.config().role())
                .findFirst();
        List<Move> moves = routes.fromPeer().stream()
                .filter(row -> row.status() == RoutePage.Status.BEST)
                .map(row -> new Move(row.prefix(), row.backupPeer()))
                .toList();
        boolean takesOver = other.filter(CircuitStatus::isEstablished).isPresent();
        SiteState state = takesOver ? SiteState.DEGRADED : SiteState.DISCONNECTED;
        List<Unadvertised> unadvertised = unadvertised(routes, otherRoutes, takesOver);
        return new WhatIf(
                down.config().role(),
                state,
                moves,
                unadvertised,
                notes(site, down, other, moves, unadvertised, takesOver));
    }

    private static List<Unadvertised> unadvertised(CircuitRoutes routes, CircuitRoutes other, boolean takesOver) {
        Set<Prefix> sent = new HashSet<>();
        Set<Prefix> withheld = new HashSet<>();
        other.toPeer().forEach(row -> (row.status() == RoutePage.Status.WITHHELD ? withheld : sent).add(row.prefix()));
        return routes.toPeer().stream()
                .filter(row -> row.status() != RoutePage.Status.WITHHELD && !sent.contains(row.prefix()))
                .map(row -> new Unadvertised(
                        row.prefix(),
                        !takesOver
                                ? "no other circuit is up"
                                : withheld.contains(row.prefix())
                                        ? "withheld: it would exceed what the cloud takes over the other circuit"
                                        : "the other circuit's policy does not advertise it"))
                .toList();
    }

    private static List<String> notes(
            SiteStatus site,
            CircuitStatus down,
            Optional<CircuitStatus> other,
            List<Move> moves,
            List<Unadvertised> unadvertised,
            boolean takesOver) {
        List<String> notes = new ArrayList<>();
        if (!down.isEstablished()) {
            notes.add("the " + down.config().role() + " is down already: nothing would change");
        }
        if (other.isEmpty()) {
            notes.add("the site has no other circuit");
        } else if (!takesOver) {
            notes.add("the " + other.get().config().role() + " is down, too: the site would be disconnected");
        }
        long lost = moves.stream().filter(move -> move.nextPeer().isEmpty()).count();
        if (lost > 0) {
            notes.add(lost + " of " + moves.size() + " prefixes of the cloud have no other way");
        }
        if (!unadvertised.isEmpty() && takesOver) {
            notes.add(unadvertised.size() + " prefixes of ours are not advertised over the other circuit");
        }
        other.filter(CircuitStatus::isEstablished).ifPresent(each -> limits(notes, down, each));
        if (!site.summarized().summaries().isEmpty() && takesOver) {
            notes.add("the other circuit advertises the same "
                    + site.summarized().summaries().size() + " summaries that are made automatically");
        }
        return notes;
    }

    private static void limits(List<String> notes, CircuitStatus down, CircuitStatus other) {
        PeerStatus.Prefixes counts = other.peer()
                .map(peer -> peer.prefixes(AddressFamily.IPV4_UNICAST))
                .orElseThrow();
        String name = "the " + other.config().role();
        if (counts.withheld() > 0) {
            notes.add(name + " withholds " + counts.withheld() + " prefixes: the cloud takes no more over it");
        } else if (counts.guardWarning()) {
            notes.add(name + " advertises " + counts.advertised() + " prefixes, near what the cloud takes over it");
        }
        if (counts.limitExceeded()) {
            notes.add(name + " has discarded prefixes of the cloud beyond its prefix-limit of "
                    + other.config().neighbor().prefixLimit());
        }
        down.config()
                .downstreamMbps()
                .ifPresent(mbps -> other.config().downstreamMbps().ifPresent(otherMbps -> {
                    if (otherMbps < mbps) {
                        notes.add(name + " has " + otherMbps + " Mbit/s downstream, the "
                                + down.config().role() + " " + mbps);
                    }
                }));
    }
}
