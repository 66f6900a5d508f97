package net.popbgp.daemon.config;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.message.CapabilityNames;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.speaker.PeerFeatures;

/** Reads the keys of a peer that make up its {@link PeerFeatures}. No state. */
final class FeaturesReader {

    private FeaturesReader() {}

    static PeerFeatures read(Section section) {
        PeerFeatures features = PeerFeatures.DEFAULT
                .withExtendedMessages(section.read("extended-messages", false, Values::bool))
                .withExtendedNextHop(section.read("extended-next-hop", false, Values::bool))
                .withRequired(new OpenRequirements(
                        Set.copyOf(section.readAll("required-families", Values::family)),
                        Set.copyOf(section.readAll("required-capabilities", FeaturesReader::capability)),
                        false));
        features = addPath(section, features);
        Optional<BgpRole> role = section.read("role", Values.oneOf(BgpRole.class));
        boolean strict = section.read("strict-role", false, Values::bool);
        if (strict && role.isEmpty()) {
            section.self().error("'strict-role' needs a 'role'");
        }
        return role.isPresent() ? features.withRole(role.get(), strict) : features;
    }

    private static PeerFeatures addPath(Section section, PeerFeatures features) {
        Optional<Section> addPath = section.section("add-path");
        if (addPath.isEmpty()) {
            return features;
        }
        boolean receive = addPath.get().read("receive", false, Values::bool);
        int send = addPath.get().read("send", 0, FeaturesReader::paths);
        addPath.get().finish();
        return features.withAddPath(receive, send);
    }

    private static Integer paths(String text) {
        return text.equals("all")
                ? ExportOptions.MAX_PATHS
                : Values.integer(0, ExportOptions.MAX_PATHS).apply(text);
    }

    static OwnNextHops nextHops(Section section) {
        Optional<InetAddress> ipv4 = section.read("ipv4", Values::address);
        Optional<InetAddress> ipv6 = section.read("ipv6", Values::address);
        Optional<InetAddress> linkLocal = section.read("link-local", Values::address);
        section.finish();
        try {
            return new OwnNextHops(ipv4, ipv6, linkLocal);
        } catch (IllegalArgumentException e) {
            section.self().error(String.valueOf(e.getMessage()));
            return OwnNextHops.NONE;
        }
    }

    private static Integer capability(String text) {
        return CapabilityNames.code(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "not the name of a capability as 'popbgp show peer' shows it: '" + text + "'"));
    }
}
