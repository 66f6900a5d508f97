package net.popbgp.daemon.config;

import java.util.Set;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.message.CapabilityNames;
import net.popbgp.speaker.PeerFeatures;

/** Reads the keys of a peer that make up its {@link PeerFeatures}. No state. */
final class FeaturesReader {

    private FeaturesReader() {}

    static PeerFeatures read(Section section) {
        return PeerFeatures.DEFAULT
                .withExtendedMessages(section.read("extended-messages", false, Values::bool))
                .withRequired(new OpenRequirements(
                        Set.copyOf(section.readAll("required-families", Values::family)),
                        Set.copyOf(section.readAll("required-capabilities", FeaturesReader::capability))));
    }

    private static Integer capability(String text) {
        return CapabilityNames.code(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "not the name of a capability as 'popbgp show peer' shows it: '" + text + "'"));
    }
}
