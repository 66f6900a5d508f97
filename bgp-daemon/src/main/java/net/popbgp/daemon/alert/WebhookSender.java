package net.popbgp.daemon.alert;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts messages. The body is signed where the webhook has a secret: {@code X-PopBGP-Signature: sha256=} and HMAC-SHA256 (RFC 2104) of the
 * body in hexadecimal digits. Redirects are not followed; any answer but 2xx is a failure. Thread-safe.
 */
final class WebhookSender {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final String ALGORITHM = "HmacSHA256";
    private static final int GONE = 410;

    private final Duration timeout;
    private @Nullable HttpClient client; // it has a thread, so it is made when it is needed

    /** @param timeout the longest wait for an answer */
    WebhookSender(Duration timeout) {
        this.timeout = timeout;
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
            client = made;
        }
        return made;
    }

    Outcome send(Webhook webhook, Message message) {
        HttpRequest.Builder request = HttpRequest.newBuilder(webhook.url())
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("User-Agent", "PopBGP")
                .header("X-PopBGP-Delivery", message.id())
                .POST(HttpRequest.BodyPublishers.ofString(message.body(), StandardCharsets.UTF_8));
        webhook.secret()
                .ifPresent(
                        secret -> request.header("X-PopBGP-Signature", "sha256=" + signature(secret, message.body())));
        try {
            HttpResponse<Void> response = client().send(request.build(), HttpResponse.BodyHandlers.discarding());
            int status = response.statusCode();
            String detail = webhook.place() + " answered " + status;
            return status / 100 == 2
                    ? Outcome.delivered(detail)
                    : status == GONE ? Outcome.refused(detail) : Outcome.failed(detail);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return Outcome.unreachable(webhook.place() + " does not answer: " + reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.failed("interrupted");
        }
    }

    static String signature(Secret secret, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.octets(), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }
}
