package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The outside of {@link LabDaemon}'s door: requests to the interface of the process behind it, and orders. Thread-safe.
 */
record Door(Path socket) {

    private static final ObjectMapper JSON = new ObjectMapper();

    JsonNode get(String path) throws IOException {
        return send("GET", path, "application/json", "");
    }

    JsonNode post(String path, String contentType, String body) throws IOException {
        return send("POST", path, contentType, body);
    }

    private JsonNode send(String method, String path, String contentType, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.0\r\nHost: 127.0.0.1:" + LabDaemon.API_PORT + "\r\nContent-Type: "
                + contentType + "\r\nContent-Length: " + octets.length + "\r\n\r\n";
        String answer = send(head.getBytes(StandardCharsets.US_ASCII), octets);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException(method + " " + path + ": no answer");
        }
        String content = answer.substring(end + 4);
        if (!answer.startsWith("2", answer.indexOf(' ') + 1)) {
            throw new IOException(
                    method + " " + path + ": " + answer.lines().findFirst().orElse("") + " " + content);
        }
        return JSON.readTree(content);
    }

    /** Has the process do something, and waits until it is done. */
    void order(String order) throws IOException {
        String failure = send((LabDaemon.ORDER + order + '\n').getBytes(StandardCharsets.UTF_8));
        if (!failure.isEmpty()) {
            throw new IOException(order + ": " + failure);
        }
    }

    private String send(byte[]... parts) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            for (byte[] part : parts) {
                write(channel, part);
            }
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void write(SocketChannel channel, byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
