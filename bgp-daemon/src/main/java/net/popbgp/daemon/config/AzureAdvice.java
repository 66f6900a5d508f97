package net.popbgp.daemon.config;

import java.nio.charset.StandardCharsets;
import net.popbgp.core.net.Asn;
import net.popbgp.speaker.PeerConfig;

/** What Azure ExpressRoute is known to want of a peer. */
final class AzureAdvice {

    /** The AS of Microsoft's edge routers. */
    static final Asn AZURE = Asn.of(12076);

    private static final int LEAST_HOLD_TIME = 10;

    private AzureAdvice() {}

    static void advise(Section section, PeerConfig peer) {
        long hold = peer.holdTime().toSeconds();
        if (hold > 0 && hold < LEAST_HOLD_TIME) {
            section.get("hold-time")
                    .ifPresent(node ->
                            node.warning("Azure documents 10 s as its shortest hold time, this is " + hold + " s"));
        }
        peer.md5Key().ifPresent(key -> {
            String text = new String(key.octets(), StandardCharsets.UTF_8);
            if (!text.matches("[A-Za-z0-9]{1,25}")) {
                section.get("md5-key")
                        .ifPresent(node -> node.warning("Azure takes keys of 1..25 letters and digits only"));
            }
        });
    }
}
