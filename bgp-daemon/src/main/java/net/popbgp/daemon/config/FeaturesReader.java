package net.popbgp.daemon.config;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.message.CapabilityNames;
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
                .withAddPathReceive(addPathReceive(section))
                .withRequired(new OpenRequirements(
                        Set.copyOf(section.readAll("required-families", Values::family)),
                        Set.copyOf(section.readAll("required-capabilities", FeaturesReader::capability)),
                        false));
        Optional<BgpRole> role = section.read("role", Values.oneOf(BgpRole.class));
        boolean strict = section.read("strict-role", false, Values::bool);
        if (strict && role.isEmpty()) {
            section.self().error("'strict-role' needs a 'role'");
        }
        return role.map(ours -> features.withRole(ours, strict)).orElse(features);
    }

    private static boolean addPathReceive(Section section) {
        return section.section("add-path")
                .map(addPath -> {
                    boolean receive = addPath.read("receive", false, Values::bool);
                    addPath.finish();
                    return receive;
                })
                .orElse(false);
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
