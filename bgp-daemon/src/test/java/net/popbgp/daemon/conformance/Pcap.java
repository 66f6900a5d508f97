package net.popbgp.daemon.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Captures of Ethernet frames, little-endian: the BGP messages of each direction of each TCP connection in them. */
final class Pcap {

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int TCP = 6;

    /** The segments of one direction by their sequence numbers. */
    private final Map<String, TreeMap<Long, byte[]>> streams = new LinkedHashMap<>();

    private Pcap() {}

    static List<Captured> read(byte[] file) {
        Pcap pcap = new Pcap();
        OctetReader packets = new OctetReader(file);
        if (packets.u32() != 0xD4C3B2A1L) {
            throw new AssertionError("no little-endian pcap file");
        }
        packets.bytes(20);
        while (packets.hasMore()) {
            packets.bytes(8);
            int length = (int) Long.reverseBytes(packets.u32() << 32);
            packets.bytes(4);
            pcap.frame(packets.part(length));
        }
        List<Captured> messages = new ArrayList<>();
        pcap.streams.forEach((speaker, segments) -> messages.addAll(messages(speaker, joined(segments))));
        return messages;
    }

    private void frame(OctetReader frame) {
        frame.bytes(12);
        switch (frame.u16()) {
            case IPV4 -> {
                int headerLength = (frame.u8() & 0x0F) * 4;
                frame.u8();
                int length = frame.u16();
                frame.bytes(5);
                int protocol = frame.u8();
                frame.bytes(2);
                String addresses = Octets.hex(frame.bytes(8));
                frame.bytes(headerLength - 20);
                segment(protocol, addresses, frame.part(length - headerLength));
            }
            case IPV6 -> {
                frame.bytes(4);
                int length = frame.u16();
                int protocol = frame.u8();
                frame.u8();
                String addresses = Octets.hex(frame.bytes(32));
                segment(protocol, addresses, frame.part(length));
            }
            default -> {} // ARP and the like
        }
    }

    private void segment(int protocol, String addresses, OctetReader segment) {
        if (protocol != TCP) {
            return;
        }
        String speaker = addresses + " " + segment.u16() + " to " + segment.u16();
        long sequence = segment.u32();
        segment.bytes(4);
        int headerLength = (segment.u8() >> 4) * 4;
        segment.bytes(headerLength - 13);
        byte[] data = segment.rest();
        if (data.length > 0) {
            streams.computeIfAbsent(speaker, any -> new TreeMap<>()).putIfAbsent(sequence, data);
        }
    }

    private static byte[] joined(Map<Long, byte[]> segments) {
        return Octets.join(segments.values().toArray(byte[][]::new));
    }

    private static List<Captured> messages(String speaker, byte[] stream) {
        List<Captured> messages = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            int length = (stream[at + 16] & 0xFF) << 8 | stream[at + 17] & 0xFF;
            messages.add(new Captured(speaker, 0, true, false, Arrays.copyOfRange(stream, at, at + length)));
            at += length;
        }
        return messages;
    }
}
