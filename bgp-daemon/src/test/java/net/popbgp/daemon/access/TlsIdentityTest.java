package net.popbgp.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {

    @TempDir
    private static Path directory;

    private static TestCertificates.Made rsa;
    private static TestCertificates.Made ec;

    @BeforeAll
    static void make() throws Exception {
        rsa = TestCertificates.make(directory, "RSA", "dns:POP.example,dns:*.example,ip:192.0.2.1");
        ec = TestCertificates.make(directory, "EC", "dns:pop.example");
    }

    private static TestCertificates.Made made(String algorithm) {
        return algorithm.equals("RSA") ? rsa : ec;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void a_key_is_read_as_pkcs8_and_in_its_older_form(String algorithm) throws Exception {
        TestCertificates.Made made = made(algorithm);
        List<X509Certificate> chain = Pem.certificates(made.certificatePem());

        assertThat(TlsIdentity.of(chain, made.keyPem()).keyStore().getKey("popbgp", new char[0]))
                .isEqualTo(made.key());
        assertThat(TlsIdentity.of(chain, "what precedes it\n" + made.oldKeyPem())
                        .keyStore()
                        .getKey("popbgp", new char[0])
                        .getEncoded())
                .startsWith(0x30);
    }

    @Test
    void a_chain_is_read_in_its_order() throws Exception {
        assertThat(Pem.certificates(
                        "# own\n" + rsa.certificatePem() + "# of who has signed it\n" + ec.certificatePem()))
                .containsExactly(rsa.certificate(), ec.certificate());
    }

    @Test
    void a_key_of_another_certificate_is_refused() throws Exception {
        TestCertificates.Made other = TestCertificates.make(directory, "EC", "dns:other.example");

        assertThatThrownBy(() -> TlsIdentity.of(List.of(ec.certificate()), other.keyPem()))
                .hasMessage("the key is not that of the certificate of CN=popbgp test");
        assertThatThrownBy(() -> TlsIdentity.of(List.of(ec.certificate()), rsa.keyPem()))
                .hasMessageContaining("of another kind than the certificate, which has EC");
    }

    @Test
    void a_damaged_key_is_refused_without_showing_it() {
        String damaged = rsa.keyPem().substring(0, 400) + "\n-----END PRIVATE KEY-----\n";

        assertThatThrownBy(() -> TlsIdentity.of(List.of(rsa.certificate()), damaged))
                .hasMessageContaining("damaged")
                .hasNoCause();
        assertThatThrownBy(() -> TlsIdentity.of(List.of(rsa.certificate()), "nothing"))
                .hasMessage("there is no private key in PEM in it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n-----END RSA PRIVATE KEY-----\n"
            })
    void an_encrypted_key_is_refused_with_what_to_do(String key) {
        assertThatThrownBy(() -> TlsIdentity.of(List.of(rsa.certificate()), key))
                .hasMessageContaining("openssl pkey -in FILE -out NEW");
    }

    @Test
    void a_file_without_certificates_is_refused() {
        assertThatThrownBy(() -> Pem.certificates("")).hasMessageContaining("certificates in PEM are needed");
        assertThatThrownBy(() -> Pem.certificates(rsa.keyPem())).hasMessageContaining("no certificates");
        assertThatThrownBy(() -> Pem.inFile(directory, "absent.pem", Pem::certificates))
                .hasMessage("absent.pem: the file cannot be read (NoSuchFileException)");
    }

    @Test
    void names_and_end_are_told_and_the_key_is_not() {
        TlsIdentity identity = TlsIdentity.of(List.of(rsa.certificate()), rsa.keyPem());

        assertThat(identity.names()).containsExactly("pop.example");
        assertThat(identity.expires())
                .isAfter(Instant.now())
                .isEqualTo(rsa.certificate().getNotAfter().toInstant());
        assertThat(identity.toString()).startsWith("CN=popbgp test until 2");
        assertThat(identity).isNotEqualTo(TlsIdentity.of(List.of(ec.certificate()), ec.keyPem()));
    }
}
