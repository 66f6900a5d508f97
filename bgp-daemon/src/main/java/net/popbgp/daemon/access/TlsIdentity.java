package net.popbgp.daemon.access;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A certificate with its chain and private key. No text shows the key. Immutable. */
public final class TlsIdentity {

    /** How long before its end a certificate is worth a warning. */
    public static final Duration EXPIRES_SOON = Duration.ofDays(30);

    private static final int DNS_NAME = 2;
    private static final char[] NO_PASSWORD = {};

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
        this.chain = List.copyOf(chain);
        this.key = key;
    }

    /**
     * Makes one of what stands in two PEM files.
     *
     * @param chain the certificate itself first
     * @throws IllegalArgumentException if the key cannot be read or is not the certificate's; the message shows nothing of it
     */
    public static TlsIdentity of(List<X509Certificate> chain, String key) {
        X509Certificate own = chain.get(0);
        PrivateKey read = Pem.privateKey(key, own.getPublicKey());
        if (!belongs(read, own)) {
            throw new IllegalArgumentException("the key is not that of the certificate of "
                    + own.getSubjectX500Principal().getName());
        }
        return new TlsIdentity(chain, read);
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        byte[] sample = {'p', 'o', 'p', 'b', 'g', 'p'};
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> key.getAlgorithm(); // Ed25519 and Ed448 are called EdDSA, as their signatures
                    });
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (SignatureException e) { // as a signature with another key may be of another length
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "keys of " + key.getAlgorithm() + " cannot be used here: use RSA or EC", e);
        }
    }

    /** {@return the DNS names that it is for, in lower case, without those that have a wildcard} */
    public Set<String> names() {
        try {
            @Nullable Collection<List<?>> names = chain.get(0).getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .filter(each -> Objects.equals(each.get(0), DNS_NAME))
                            .map(each -> String.valueOf(each.get(1)).toLowerCase(Locale.ROOT))
                            .filter(each -> !each.contains("*"))
                            .collect(Collectors.toUnmodifiableSet());
        } catch (CertificateParsingException e) {
            return Set.of();
        }
    }

    /** {@return from when on nobody trusts it} The first end in the chain. */
    public Instant expires() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** {@return since when it can be trusted} */
    public Instant begins() {
        return chain.get(0).getNotBefore().toInstant();
    }

    /** {@return a store in memory with nothing else in it, whose password is empty} */
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("popbgp", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the certificate cannot be used", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlsIdentity identity && chain.equals(identity.chain) && key.equals(identity.key);
    }

    @Override
    public int hashCode() {
        return chain.hashCode();
    }

    /** {@return whose it is and until when, without the key} */
    @Override
    public String toString() {
        return chain.get(0).getSubjectX500Principal().getName() + " until " + expires();
    }
}
