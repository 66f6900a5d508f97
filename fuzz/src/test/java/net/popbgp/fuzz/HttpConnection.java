package net.popbgp.fuzz;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** An HTTP client that sends what it is told, right or wrong, each request on a connection of its own. Thread-safe. */
final class HttpConnection {

    private static final int TIMEOUT_MILLIS = 15_000;

    /** What came back. */
    record Answer(int status, boolean isJson, String body) {}

    private final int port;

    HttpConnection(int port) {
        this.port = port;
    }

    Answer ask(String method, String address, List<String> headers, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + address + " HTTP/1.0\r\n" + String.join("\r\n", headers) + "\r\nContent-Length: "
                + octets.length + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(Frames.concat(head.getBytes(StandardCharsets.US_ASCII), octets));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new IOException("no answer to " + method + " " + address + ": '" + answer + "'");
            }
            boolean json = answer.substring(0, end).toLowerCase(Locale.ROOT).contains("content-type: application/json");
            return new Answer(Integer.parseInt(answer.split(" ", 3)[1]), json, answer.substring(end + 4));
        }
    }
}
