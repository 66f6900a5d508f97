package net.popbgp.daemon.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import net.popbgp.daemon.access.AccessToken;
import net.popbgp.daemon.access.TlsIdentity;
import net.popbgp.daemon.alert.AlertsConfig;
import net.popbgp.daemon.arm.AzureConfig;
import net.popbgp.daemon.event.EventsConfig;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.SpeakerConfig;

/**
 * All that a configuration file says. Immutable.
 *
 * @param descriptions the operator's words on peers, by their name
 * @param dynamicPeers ranges that peers may connect from
 * @param announcements what we announce ourselves; each prefix once
 * @param routing what is said about routing of the speaker as a whole
 * @param restart what is said about restarts of the daemon's own
 * @param sites Cloud Interconnect sites; their peers and circuit groups are among those above
 * @param azure how Azure is asked about the circuits; empty for not at all
 * @param events where events are kept
 * @param alerts what is said about mail and webhooks
 * @param warmUp how long the daemon may exercise itself after its start; zero for not at all
 * @param warnings what is doubtful, in the order of the document
 * @param document the document as it was written, for showing
 */
public record DaemonConfig(
        SpeakerConfig speaker,
        Api api,
        List<PeerConfig> peers,
        Map<String, String> descriptions,
        List<Group> circuitGroups,
        List<DynamicPeersConfig> dynamicPeers,
        Map<Prefix, PathAttributes> announcements,
        RoutingConfig routing,
        RestartConfig restart,
        List<SiteConfig> sites,
        Optional<AzureConfig> azure,
        EventsConfig events,
        AlertsConfig alerts,
        Duration warmUp,
        List<Problem> warnings,
        JsonNode document) {

    /**
     * The web interface. Immutable.
     *
     * @param allowedHosts names besides addresses of this machine, localhost and the certificate's that a request may call it by
     * @param tls the certificate; empty for plain HTTP
     * @param tokens those that may call, each name once; none: whoever is on this machine
     */
    public record Api(
            InetSocketAddress listen, Set<String> allowedHosts, Optional<TlsIdentity> tls, List<AccessToken> tokens) {

        public static final int DEFAULT_PORT = 8179;

        /** The most tokens. */
        public static final int MAX_TOKENS = 100;

        public Api {
            allowedHosts = Set.copyOf(allowedHosts);
            tokens = List.copyOf(tokens);
        }
    }

    /** Two peers of one site, by their names. Immutable. */
    public record Group(String name, String primary, String secondary) {}

    public DaemonConfig {
        peers = List.copyOf(peers);
        descriptions = Map.copyOf(descriptions);
        circuitGroups = List.copyOf(circuitGroups);
        dynamicPeers = List.copyOf(dynamicPeers);
        announcements = Map.copyOf(announcements);
        sites = List.copyOf(sites);
        warnings = List.copyOf(warnings);
    }

    /** {@return the same with other peers, groups and dynamic peers} */
    public DaemonConfig with(
            List<PeerConfig> otherPeers, List<Group> otherGroups, List<DynamicPeersConfig> otherRanges) {
        return new DaemonConfig(
                speaker,
                api,
                otherPeers,
                descriptions,
                otherGroups,
                otherRanges,
                announcements,
                routing,
                restart,
                sites,
                azure,
                events,
                alerts,
                warmUp,
                warnings,
                document);
    }

    /** {@return the same with other peers and aggregates} */
    public DaemonConfig with(List<PeerConfig> otherPeers, List<Aggregate> aggregates) {
        return new DaemonConfig(
                speaker,
                api,
                otherPeers,
                descriptions,
                circuitGroups,
                dynamicPeers,
                announcements,
                new RoutingConfig(routing.nextHops(), aggregates, routing.multipath()),
                restart,
                sites,
                azure,
                events,
                alerts,
                warmUp,
                warnings,
                document);
    }
}
