package net.popbgp.daemon.interop;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What goes over a link on BGP's port, captured by dumpcap and dissected by tshark. For one thread. */
final class Capture {

    private static final int DISCARD = 9;
    private static final String FILTER = "tcp port 179 or udp port " + DISCARD;
    /** Marks a segment with octets of an earlier one, which tshark does not dissect twice: on a busy machine an ACK may be late. */
    private static final String SENT_AGAIN = "tcp.analysis.retransmission";

    private static final String LAST = "no-more-is-asked-for";
    private static final int ERROR = 0x800000;
    private static final int WARNING = 0x600000;

    /**
     * A BGP message.
     *
     * @param from the sender's address
     * @param fields tshark's values by its names of the fields, in the order of the message
     */
    record Message(String from, Map<String, List<String>> fields) {

        List<String> all(String field) {
            return fields.getOrDefault("bgp." + field, List.of());
        }

        /** {@return the first value of a field, empty if there is none} */
        String first(String field) {
            return Capture.first(fields, "bgp." + field);
        }

        int type() {
            return Integer.parseInt(first("type"));
        }
    }

    private final Host host;
    private final String neighbor;
    private final Path file;
    private final Process process;
    private final List<Message> messages = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int unsigned;

    private Capture(Host host, String neighbor, Path file, Process process) {
        this.host = host;
        this.neighbor = neighbor;
        this.file = file;
        this.process = process;
    }

    /**
     * Begins to capture on an interface of a host, and waits until it does.
     *
     * @param neighbor an address beyond the interface
     */
    static Capture start(Host host, String link, String neighbor, Path folder) throws IOException {
        Path file = folder.resolve("session.pcapng");
        Path log = folder.resolve("dumpcap.log");
        List<String> command = List.of("dumpcap", "-i", link, "-f", FILTER, "-w", file.toString());
        Capture capture = new Capture(host, neighbor, file, host.start(log, Map.of(), command));
        Cell.until("dumpcap captures", () -> Files.readString(log).contains("File:"));
        return capture;
    }

    /** Ends the capture when it has all that was sent before, which a datagram sent now tells, and dissects it. */
    void stop() throws IOException, InterruptedException {
        String datagram = "echo " + LAST + " > /dev/udp/" + neighbor + "/" + DISCARD;
        host.start(file.resolveSibling("last.log"), Map.of(), List.of("bash", "-c", datagram));
        Cell.until(
                "all captured",
                () -> Files.readString(file, StandardCharsets.ISO_8859_1).contains(LAST));
        process.destroy();
        process.waitFor();
        byte[] packets =
                Commands.run("tshark", "-r", file.toString(), "-T", "pdml").getBytes(StandardCharsets.UTF_8);
        String text = new String(packets, StandardCharsets.UTF_8);
        byte[] xml = text.substring(text.indexOf("<?xml")).getBytes(StandardCharsets.UTF_8);
        try {
            NodeList all = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml))
                    .getElementsByTagName("packet");
            elements(all).forEach(this::packet);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    /** {@return the messages of a kind from an address, in their order} */
    List<Message> messages(String from, int type) {
        return messages.stream()
                .filter(each -> each.from.equals(from) && each.type() == type)
                .toList();
    }

    /** {@return what tshark complains of: malformed packets, errors, warnings on BGP, and octets that are no BGP} */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** {@return how many segments have no TCP MD5 signature} */
    int unsigned() {
        return unsigned;
    }

    // ---- PDML: packets of protocols of fields

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }

    private void packet(Element packet) {
        String from = "";
        boolean octets = false;
        boolean dissected = false;
        String payload = "";
        for (Element protocol : elements(packet.getChildNodes())) {
            String name = protocol.getAttribute("name");
            Map<String, List<String>> fields = new LinkedHashMap<>();
            collect(protocol, fields);
            switch (name) {
                case "ip" -> from = first(fields, "ip.src");
                case "tcp" -> {
                    octets = !first(fields, "tcp.len").equals("0");
                    dissected |= fields.containsKey("tcp.segment_data") || fields.containsKey(SENT_AGAIN);
                    payload = first(fields, "tcp.payload");
                    unsigned += fields.containsKey("tcp.options.md5") ? 0 : 1;
                }
                case "bgp" -> {
                    dissected = true;
                    messages.add(new Message(from, fields));
                }
                default -> {}
            }
            complaints(protocol, name.equals("bgp") ? WARNING : ERROR);
        }
        if (octets && !dissected) {
            problems.add("octets from " + from + " that are no BGP: " + payload);
        }
    }

    private static String first(Map<String, List<String>> fields, String name) {
        return fields.getOrDefault(name, List.of()).stream().findFirst().orElse("");
    }

    private static void collect(Node node, Map<String, List<String>> fields) {
        for (Element field : elements(node.getChildNodes())) {
            fields.computeIfAbsent(field.getAttribute("name"), any -> new ArrayList<>())
                    .add(field.getAttribute("show"));
            collect(field, fields);
        }
    }

    private void complaints(Element protocol, int from) {
        if (protocol.getAttribute("name").equals("_ws.malformed")) {
            problems.add("malformed packet");
        }
        for (Element field : elements(protocol.getElementsByTagName("field"))) {
            if (field.getAttribute("name").equals("_ws.expert")) {
                Map<String, List<String>> expert = new LinkedHashMap<>();
                collect(field, expert);
                if (Integer.parseInt(first(expert, "_ws.expert.severity")) >= from) {
                    problems.add(first(expert, "_ws.expert.message"));
                }
            }
        }
    }
}
