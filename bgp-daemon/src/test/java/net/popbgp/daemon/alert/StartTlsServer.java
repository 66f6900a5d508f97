package net.popbgp.daemon.alert;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An SMTP server that can STARTTLS (RFC 3207), which GreenMail cannot, and lets in only who has the password (RFC 4954). One connection at a
 * time.
 */
final class StartTlsServer implements AutoCloseable {

    /** Every line that clients have sent, those in clear marked so. */
    final List<String> lines = new CopyOnWriteArrayList<>();

    private final ServerSocket socket;
    private final SSLContext tls;
    private final boolean offersTls;
    private final String login;

    /** @param offersTls whether EHLO says STARTTLS */
    StartTlsServer(SSLContext tls, boolean offersTls, String user, String password) throws IOException {
        this.tls = tls;
        this.offersTls = offersTls;
        login = "\0" + user + "\0" + password;
        socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve, "starttls-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                client.setSoTimeout(10_000);
                write(client, "220 ready");
                talk(client, false);
            } catch (IOException e) {
                lines.add("error " + e.getMessage());
            }
        }
    }

    private void talk(Socket client, boolean secure) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        boolean data = false;
        boolean known = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lines.add((secure ? "tls " : "clear ") + line);
            if (data) {
                data = !line.equals(".");
                if (!data) {
                    write(client, "250 taken");
                }
            } else if (line.startsWith("EHLO")) {
                write(
                        client,
                        secure ? "250-hello\r\n250 AUTH PLAIN" : offersTls ? "250-hello\r\n250 STARTTLS" : "250 hello");
            } else if (line.equals("STARTTLS") && offersTls) {
                write(client, "220 go ahead");
                SSLSocket layered = (SSLSocket) tls.getSocketFactory().createSocket(client, "127.0.0.1", port(), false);
                layered.setUseClientMode(false);
                talk(layered, true);
                return;
            } else if (line.startsWith("AUTH PLAIN") && secure) {
                byte[] given = Base64.getDecoder().decode(line.substring("AUTH PLAIN ".length()));
                known = new String(given, StandardCharsets.UTF_8).endsWith(login);
                write(client, known ? "235 welcome" : "535 wrong password");
            } else if (line.equals("QUIT")) {
                write(client, "221 bye");
                return;
            } else if (!known) {
                write(client, "530 who are you");
            } else if (line.equals("DATA")) {
                data = true;
                write(client, "354 go ahead");
            } else {
                write(client, "250 fine");
            }
        }
    }

    private static void write(Socket client, String text) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
