package net.popbgp.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel says about segments that TCP MD5 or GTSM made it drop. Its counters are of the whole network namespace, not of one peer,
 * and count only what is received here; so an increase is a strong hint and no proof, and a mismatch that only the peer notices shows as
 * silence.
 *
 * <p>No state.
 */
public final class Md5Diagnosis {

    private static final Path COUNTERS = Path.of("/proc/thread-self/net/netstat");

    /**
     * The counters at one moment. Immutable.
     *
     * @param notFound segments without a digest from a peer that has a key
     * @param unexpected segments with a digest from a peer that has no key
     * @param failure segments whose digest was wrong
     * @param lowTtl segments from further away than GTSM allows (RFC 5082)
     * @param known whether the kernel shows the counters
     */
    public record Snapshot(long notFound, long unexpected, long failure, long lowTtl, boolean known) {}

    private Md5Diagnosis() {}

    public static Snapshot now() {
        try {
            return parse(Files.readAllLines(COUNTERS)); // readString cuts such files short
        } catch (IOException e) {
            return new Snapshot(0, 0, 0, 0, false);
        }
    }

    /** Reads pairs of lines: names, then values. */
    static Snapshot parse(List<String> lines) {
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            if (lines.get(i).startsWith("TcpExt:")) {
                List<String> names = List.of(lines.get(i).trim().split("\\s+"));
                List<String> values = List.of(lines.get(i + 1).trim().split("\\s+"));
                if (names.contains("TCPMD5NotFound")) {
                    return new Snapshot(
                            value(names, values, "TCPMD5NotFound"),
                            value(names, values, "TCPMD5Unexpected"),
                            value(names, values, "TCPMD5Failure"),
                            value(names, values, "TCPMinTTLDrop"),
                            true);
                }
            }
        }
        return new Snapshot(0, 0, 0, 0, false);
    }

    private static long value(List<String> names, List<String> values, String name) {
        int index = names.indexOf(name);
        return index < 0 || index >= values.size() ? 0 : Long.parseLong(values.get(index));
    }

    /**
     * {@return one sentence about what has happened between two moments and may have to do with a peer, empty if nothing has} What only the
     * protection of other peers can have dropped is left out.
     *
     * @param keyed whether an MD5 key is configured for the peer
     * @param ttlSecurity whether GTSM is
     */
    public static String describe(Snapshot before, Snapshot after, boolean keyed, boolean ttlSecurity) {
        if (!before.known() || !after.known()) {
            return keyed ? "TCP MD5 is on; the kernel shows no counters to tell a wrong key from silence" : "";
        }
        List<String> causes = new ArrayList<>();
        if (keyed) {
            add(causes, after.failure() - before.failure(), "with a wrong MD5 key");
            add(causes, after.notFound() - before.notFound(), "without the MD5 key that is needed");
        } else {
            add(
                    causes,
                    after.unexpected() - before.unexpected(),
                    "with an MD5 key that is not expected (none is configured for the peer that sends it)");
        }
        if (ttlSecurity) {
            add(
                    causes,
                    after.lowTtl() - before.lowTtl(),
                    "with a TTL too low for GTSM (the peer is further away than ttl-security allows, or does not send with TTL 255)");
        }
        if (causes.isEmpty()) {
            return keyed ? "nothing answers (the peer may be down, or reject our MD5 key in silence)" : "";
        }
        return "segments are being rejected: " + String.join(", ", causes)
                + " since the attempt began (all peers together)";
    }

    private static void add(List<String> causes, long count, String what) {
        if (count > 0) {
            causes.add(count + " " + what);
        }
    }
}
