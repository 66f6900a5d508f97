package net.popbgp.daemon.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM (RFC 7468). Messages show nothing of a key. No state. */
public final class Pem {

    /** The longest file, octets. */
    public static final int MAX_SIZE = 1 << 20;

    private static final int MAX_CERTIFICATES = 100;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 1, 0};

    private Pem() {}

    /**
     * {@return what is made of a file}
     *
     * @param directory what a relative name starts from
     * @throws IllegalArgumentException naming the file, if it cannot be read, is longer than {@link #MAX_SIZE} or the parser refuses it
     */
    public static <T> T inFile(Path directory, String name, Function<String, T> parser) {
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            byte[] octets = in.readNBytes(MAX_SIZE + 1);
            if (octets.length > MAX_SIZE) {
                throw new IllegalArgumentException("it is longer than " + MAX_SIZE + " octets");
            }
            return parser.apply(new String(octets, StandardCharsets.US_ASCII));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    name + ": the file cannot be read (" + e.getClass().getSimpleName() + ")", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@return the certificates of a text, in its order}
     *
     * @throws IllegalArgumentException if there is none, or more than 100
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates;
        try {
            certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("there are no certificates in PEM in it", e);
        }
        if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
            throw new IllegalArgumentException(
                    "1.." + MAX_CERTIFICATES + " certificates in PEM are needed, it has " + certificates.size());
        }
        return certificates;
    }

    /**
     * {@return the private key of a text} PKCS#8 (RFC 5958), and the older forms of RSA (PKCS#1, RFC 8017) and EC (SEC 1, RFC 5915), which
     * the JDK does not read: they are the inner part of a PKCS#8 key, whose outer part says no more than the certificate does.
     *
     * @throws IllegalArgumentException if there is none, or not of the public key's kind
     */
    static PrivateKey privateKey(String text, PublicKey of) {
        Matcher block = BLOCK.matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException("there is no private key in PEM in it");
        }
        String kind = block.group(1);
        String body = block.group(2);
        if (kind.startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw new IllegalArgumentException(
                    "the key is encrypted: write it without a passphrase, as 'openssl pkey -in FILE -out NEW' does,"
                            + " into a file that only the daemon can read");
        }
        try {
            byte[] octets = Base64.getMimeDecoder().decode(body.strip());
            byte[] pkcs8 = kind.equals("PRIVATE KEY") ? octets : wrapped(octets, of);
            return KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Without the cause, which may show of the key what it stumbled over.
            throw new IllegalArgumentException("the key (" + kind
                    + ") is damaged, or of another kind than the certificate, which has " + of.getAlgorithm());
        }
    }

    /** RFC 5958, 2: version, algorithm, key. */
    private static byte[] wrapped(byte[] key, PublicKey of) {
        return element(SEQUENCE, VERSION_0, algorithm(of.getEncoded()), element(OCTET_STRING, key));
    }

    /** {@return the AlgorithmIdentifier, the first element of a SubjectPublicKeyInfo (RFC 5280, 4.1)} */
    private static byte[] algorithm(byte[] publicKey) {
        int start = publicKey[1] >= 0 ? 2 : 2 + (publicKey[1] & 0x7F);
        int length = publicKey[start + 1];
        if (publicKey[start] != SEQUENCE || length < 0) { // long parameters: a curve without a name
            throw new IllegalArgumentException("unknown parameters");
        }
        return Arrays.copyOfRange(publicKey, start, start + 2 + length);
    }

    /** {@return an element in DER} */
    private static byte[] element(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(each -> each.length).sum();
        if (length > 0xFFFF) {
            throw new IllegalArgumentException("too long");
        }
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        byte[] all = Arrays.copyOf(head, head.length + length);
        int at = head.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
