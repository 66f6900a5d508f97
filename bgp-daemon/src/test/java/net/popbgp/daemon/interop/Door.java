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
 * The outside of {@link LabDaemon}'s door: requests to the interface of the process behind it. Thread-safe.
 *
 * @param base what all paths there begin with
 */
record Door(Path socket, String base) {

    private static final ObjectMapper JSON = new ObjectMapper();

    JsonNode get(String path) throws IOException {
        return send("GET", path, "application/json", "");
    }

    JsonNode post(String path, String contentType, String body) throws IOException {
        return send("POST", path, contentType, body);
    }

    private JsonNode send(String method, String path, String contentType, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + base + path + " HTTP/1.0\r\nHost: 127.0.0.1:" + LabDaemon.API_PORT
                + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + octets.length + "\r\n\r\n";
        String answer;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, octets);
            answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
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

    private static void write(SocketChannel channel, byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
