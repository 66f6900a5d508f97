package net.popbgp.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.popbgp.core.fsm.FsmState;
import org.slf4j.LoggerFactory;

/**
 * A connection of a configured peer that sends raw octets into the product's wire, session and tables, while another peer is up. First
 * octet: in the lower three bits which OPEN and KEEPALIVE go before, 0 for none; in the next two how the octets are cut. Afterwards there is
 * no bug in the log, the other peer is up with all its routes, what we sent is well-formed and ends with at most one NOTIFICATION; and when
 * the peer's hold time is over nothing of it is left.
 */
public final class SessionFuzzer {

    /** What making the messages of a handshake, a session's first tables and its first batches takes. */
    private static final long FIXED_BYTES = 4L << 20;

    /**
     * For each octet: what decoding it may take (see Decoding); a one-octet prefix in two tables and in what is sent to the other peer, 64
     * bytes each and doubled when they grow; and, where octets come one by one, a buffer of up to 500 bytes for each.
     */
    private static final long BYTES_PER_OCTET = Decoding.BYTES_PER_OCTET + 3 * 2 * 64 + 500;

    private static final int[] PIECES = {1 << 16, 1, 19, 100};
    private static final Duration HOLD_TIME = Duration.ofSeconds(90);
    private static final byte[] KEEPALIVE = Frames.message(4, new byte[0]);

    private static final String MULTIPROTOCOL = "010400010001" + "010400020001";
    private static final String REFRESH = "0200" + "4600";
    private static final String FOUR_OCTET_AS = "41040000fbf6";
    private static final String ADD_PATH = "4508" + "00010103" + "00020103";
    private static final String EXTENDED_MESSAGE = "0600";
    private static final String GRACEFUL_RESTART = "400a" + "8078" + "00010180" + "00020180";
    private static final String EXTENDED_NEXT_HOP = "0506" + "000100010002";

    private static final List<byte[]> OPENS = List.of(
            new byte[0],
            open(MULTIPROTOCOL + REFRESH + FOUR_OCTET_AS),
            open(MULTIPROTOCOL + REFRESH),
            open(MULTIPROTOCOL + FOUR_OCTET_AS + ADD_PATH + EXTENDED_MESSAGE),
            open(""),
            open(MULTIPROTOCOL + REFRESH + FOUR_OCTET_AS + GRACEFUL_RESTART + EXTENDED_NEXT_HOP),
            open("010400010001" + FOUR_OCTET_AS),
            open(MULTIPROTOCOL + REFRESH + FOUR_OCTET_AS + ADD_PATH + EXTENDED_NEXT_HOP));

    private static final byte[] OPEN_OF_OTHER = open(3, MULTIPROTOCOL + REFRESH + "41040000fbf7");

    static {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    }

    private SessionFuzzer() {}

    private static byte[] open(String capabilities) {
        return open(2, capabilities);
    }

    /** An OPEN of 192.0.2.n, AS 64500 + n, with a hold time of 90 s. */
    private static byte[] open(int n, String capabilities) {
        HexFormat hex = HexFormat.of();
        int length = capabilities.length() / 2;
        String parameter = length == 0 ? "" : "02" + hex.toHexDigits((byte) length) + capabilities;
        String body = "04" + hex.toHexDigits((short) (64500 + n)) + "005a" + "c00002" + hex.toHexDigits((byte) n)
                + hex.toHexDigits((byte) (parameter.length() / 2)) + parameter;
        return Frames.message(1, hex.parseHex(body));
    }

    /** Loads what is needed, so that the first input is no slower than the others. */
    public static void fuzzerInitialize() throws Exception {
        fuzzerTestOneInput(seeds().get(0));
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length < 1) {
            return;
        }
        byte[] open = OPENS.get(input[0] & 7);
        int piece = PIECES[input[0] >> 3 & 3];
        byte[] octets = Frames.from(input, 1);
        Allocation.bounded(FIXED_BYTES, BYTES_PER_OCTET, input.length, () -> {
            play(open, octets, piece);
            return true;
        });
    }

    private static void play(byte[] open, byte[] octets, int piece) {
        try (Site site = new Site(HOLD_TIME)) {
            Site.Neighbour other = site.neighbour(3);
            other.feed(OPEN_OF_OTHER, 1 << 16);
            other.feed(KEEPALIVE, 1 << 16);
            other.feed(Site.ROUTES, 1 << 16);
            Site.Neighbour attacker = site.neighbour(2);
            attacker.feed(open, 1 << 16);
            if (open.length > 0) {
                attacker.feed(KEEPALIVE, 1 << 16);
                Decoding.require(attacker.state() == FsmState.ESTABLISHED, "not up after its OPEN: " + site);
            }
            attacker.feed(octets, piece);
            site.check(other);
            attacker.requireWellFormed();
            site.advance(HOLD_TIME.plusSeconds(5));
            site.check(other);
            attacker.requireWellFormed();
            attacker.requireGone();
        }
    }

    /** {@return the examples after the OPENs by turns, alone and two in a row} */
    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        byte[] before = KEEPALIVE;
        for (byte[] message : Frames.examples()) {
            byte[] choice = {(byte) (seeds.size() % 32)};
            seeds.add(Frames.concat(choice, message));
            seeds.add(Frames.concat(choice, before, message));
            before = message;
        }
        return seeds;
    }
}
