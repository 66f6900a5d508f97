package net.popbgp.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Certificates that sign themselves, made by the JDK's {@code keytool}. */
public final class TestCertificates {

    private static final String PASSWORD = "for tests only";

    /** The octets of a PKCS#8 key of 2048 bits of RSA before those of its PKCS#1 key. */
    private static final int BEFORE_PKCS1 = 26;

    /** What is made. Immutable. */
    public record Made(X509Certificate certificate, PrivateKey key) {

        public String certificatePem() throws GeneralSecurityException {
            return pem("CERTIFICATE", certificate.getEncoded());
        }

        /** {@return the key as PKCS#8} */
        public String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /** {@return the key as OpenSSL used to write it: PKCS#1 or SEC 1} */
        public String oldKeyPem() {
            byte[] octets = key.getEncoded();
            if (key.getAlgorithm().equals("RSA")) {
                return pem("RSA PRIVATE KEY", Arrays.copyOfRange(octets, BEFORE_PKCS1, octets.length));
            }
            int inner = 3; // version, AlgorithmIdentifier and the octet string's head stand before it
            while (octets[inner] != 0x04) {
                inner += 2 + octets[inner + 1];
            }
            return "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                    + pem("EC PRIVATE KEY", Arrays.copyOfRange(octets, inner + 2, octets.length));
        }

        /** Writes {@code NAME.pem} and {@code NAME.key}. */
        public void write(Path directory, String name) throws IOException, GeneralSecurityException {
            Files.writeString(directory.resolve(name + ".pem"), certificatePem());
            Files.writeString(directory.resolve(name + ".key"), keyPem());
        }
    }

    private TestCertificates() {}

    /**
     * Makes one of a key of 2048 bits of RSA, or 256 of EC.
     *
     * @param names as keytool takes them: {@code dns:localhost,ip:127.0.0.1}
     * @param options further ones of keytool
     */
    public static Made make(Path directory, String algorithm, String names, String... options) throws Exception {
        Path store = Files.createTempFile(directory, "store", ".p12");
        Files.delete(store);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                algorithm,
                "-keysize",
                algorithm.equals("RSA") ? "2048" : "256",
                "-dname",
                "CN=popbgp test",
                "-ext",
                "SAN=" + names,
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new Made((X509Certificate) keys.getCertificate("test"), (PrivateKey)
                keys.getKey("test", PASSWORD.toCharArray()));
    }

    static String pem(String kind, byte[] octets) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets) + "\n-----END " + kind
                + "-----\n";
    }
}
