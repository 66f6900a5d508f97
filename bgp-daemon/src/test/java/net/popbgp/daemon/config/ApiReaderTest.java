package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.access.AccessToken;
import net.popbgp.daemon.access.Caller;
import net.popbgp.daemon.access.Role;
import net.popbgp.daemon.access.TestCertificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class ApiReaderTest {

    private static final String SMALLEST = "local-as: 65001\nrouter-id: 192.0.2.1\n";
    private static final String TLS = "  tls: {certificate: api.pem, key: api.key}\n";
    private static final String TOKENS = "  tokens: [{name: alice, role: operator, token: {env: ALICE}}]\n";
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ALICE",
            "alice-0123456789",
            "BOB",
            "bob-0123456789abc",
            "SHORT",
            "123456789012345",
            "ODD",
            "fifteen and blanks");

    @TempDir
    private static Path directory;

    @BeforeAll
    static void make() throws Exception {
        TestCertificates.make(directory, "EC", "dns:pop.example").write(directory, "api");
        TestCertificates.make(directory, "EC", "dns:pop.example", "-startdate", "-2d", "-validity", "1")
                .write(directory, "expired");
        TestCertificates.make(directory, "EC", "dns:pop.example", "-validity", "20")
                .write(directory, "soon");
        TestCertificates.make(directory, "EC", "dns:pop.example", "-startdate", "+2d", "-validity", "90")
                .write(directory, "future");
    }

    private static DaemonConfig parse(String api) throws ConfigException {
        return ConfigReader.parse(SMALLEST + "api:\n" + api, directory, ENVIRONMENT::get);
    }

    private static List<String> problems(String api) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(api));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void every_key_reaches_the_configuration() throws Exception {
        DaemonConfig.Api api = parse("  listen: \"0.0.0.0:8443\"\n  allowed-hosts: [POP.example]\n" + TLS
                        + "  tokens:\n"
                        + "    - {name: alice, role: operator, token: {env: ALICE}}\n"
                        + "    - {name: grafana, role: read-only, token: {env: BOB}}\n")
                .api();

        assertThat(api.listen().getPort()).isEqualTo(8443);
        assertThat(api.allowedHosts()).containsExactly("pop.example");
        assertThat(api.tls().orElseThrow().names()).containsExactly("pop.example");
        assertThat(api.tokens())
                .extracting(AccessToken::caller)
                .containsExactly(new Caller("alice", Role.OPERATOR), new Caller("grafana", Role.READ_ONLY));
        assertThat(api.toString()).doesNotContain("0123456789");
    }

    @Test
    void nothing_is_needed_on_loopback() throws Exception {
        assertThat(ConfigReader.parse(SMALLEST, directory, ENVIRONMENT::get)
                        .api()
                        .listen()
                        .getAddress()
                        .isLoopbackAddress())
                .isTrue();
        assertThat(parse("  listen: \"[::1]:8179\"\n").api().tokens()).isEmpty();
        assertThat(parse(TLS).api().tls()).isPresent();
        assertThat(parse(TOKENS).api().tokens()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1:8179", "[2001:db8::1]:8179", "\"[::]:8179\""})
    void beyond_loopback_tls_and_tokens_are_needed(String listen) {
        String quoted = listen.startsWith("\"") ? listen : '"' + listen + '"';

        assertThat(problems("  listen: " + quoted + "\n"))
                .singleElement()
                .asString()
                .startsWith("line 4: api.listen: whoever reaches ")
                .endsWith(
                        " could change everything: beyond loopback 'tls' with 'certificate' and 'key' and 'tokens' are"
                                + " needed; or listen on 127.0.0.1");
        assertThat(problems("  listen: " + quoted + "\n" + TLS))
                .singleElement()
                .asString()
                .contains("beyond loopback 'tokens' is needed");
        assertThat(problems("  listen: " + quoted + "\n" + TLS + "  tokens: []\n"))
                .singleElement()
                .asString()
                .contains("beyond loopback 'tokens' is needed");
        assertThat(problems("  listen: " + quoted + "\n" + TOKENS))
                .singleElement()
                .asString()
                .contains("beyond loopback 'tls' with 'certificate' and 'key' is needed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                tls: {certificate: api.pem}                              | line 4: api.tls: 'key' is missing
                tls: {key: api.key}                                      | line 4: api.tls: 'certificate' is missing
                tls: {certificate: none.pem, key: api.key}               | line 4: api.tls.certificate: none.pem: the file cannot be read (NoSuchFileException)
                tls: {certificate: api.pem, key: none.key}               | line 4: api.tls.key: none.key: the file cannot be read (NoSuchFileException)
                tls: {certificate: api.key, key: api.key}                | line 4: api.tls.certificate: api.key: there are no certificates in PEM in it
                tls: {certificate: api.pem, key: soon.key}               | line 4: api.tls.key: soon.key: the key is not that of the certificate of CN=popbgp test
                tls: {certificate: api.pem, key: api.key, keys: 1}       | line 4: api.tls.keys: unknown key 'keys', did you mean 'key'?
                tls: on                                                  | line 4: api.tls: keys and values are expected here, not a single value
                tokens: {name: alice}                                    | line 4: api.tokens: a list is expected here, not keys
                tokens: [{role: operator, token: {env: ALICE}}]          | line 4: api.tokens[0]: 'name' is missing
                tokens: [{name: alice, token: {env: ALICE}}]             | line 4: api.tokens[0]: 'role' is missing
                tokens: [{name: alice, role: operator}]                  | line 4: api.tokens[0]: 'token' is missing
                tokens: [{name: a b, role: operator, token: {env: BOB}}] | line 4: api.tokens[0].name: a name has 1..63 letters, digits and . _ : - : 'a b'
                tokens: [{name: local, role: operator, token: {env: BOB}}] | line 4: api.tokens[0].name: 'local' is what events call those who have no token
                tokens: [{name: bob, role: admin, token: {env: BOB}}]    | line 4: api.tokens[0].role: not one of read-only, operator: 'admin'
                tokens: [{name: bob, role: operator, token: bob-0123456789abc}] | line 4: api.tokens[0].token: a secret does not belong into this file: write {file: PATH} or {env: NAME}
                tokens: [{name: bob, role: operator, token: {env: NONE}}] | line 4: api.tokens[0].token: the environment variable is not set: NONE
                tokens: [{name: bob, role: operator, token: {file: none}}] | line 4: api.tokens[0].token: the key file cannot be read: none (NoSuchFileException)
                tokens: [{name: bob, role: operator, token: {env: SHORT}}] | line 4: api.tokens[0].token: a token has 16..512 characters, this one has 15; 'openssl rand -hex 32' makes a good one
                tokens: [{name: bob, role: operator, token: {env: ODD}}] | line 4: api.tokens[0].token: a token has letters, digits and - . _ ~ + / only, with = at its end (RFC 6750, 2.1)
                """)
    void every_mistake_has_its_line_and_what_to_do(String api, String problem) {
        assertThat(problems("  " + api + "\n")).containsExactly(problem.replace("''", "'"));
    }

    @Test
    void names_and_secrets_are_unique() {
        String tokens = """
                  tokens:
                    - {name: alice, role: operator, token: {env: ALICE}}
                    - {name: bob, role: read-only, token: {env: ALICE}}
                    - {name: bob, role: read-only, token: {env: BOB}}
                """;

        assertThat(problems(tokens))
                .containsExactly(
                        "line 6: api.tokens[1]: has the same secret as the token of alice: who does what could not be told"
                                + " apart",
                        "line 7: api.tokens[2]: another token is named 'bob'");
    }

    @Test
    void there_are_at_most_a_hundred_tokens() {
        String tokens = IntStream.rangeClosed(0, DaemonConfig.Api.MAX_TOKENS)
                .mapToObj(i -> "{name: t" + i + ", role: operator, token: {env: ALICE}}")
                .collect(Collectors.joining(", ", "  tokens: [", "]\n"));

        assertThat(problems(tokens)).containsExactly("line 4: api.tokens: more than 100 tokens");
    }

    @ParameterizedTest
    @CsvSource({"expired, has expired at", "soon, expires at", "future, is valid from"})
    void a_certificate_out_of_its_time_is_a_warning(String name, String warning) throws Exception {
        DaemonConfig config = parse("  tls: {certificate: " + name + ".pem, key: " + name + ".key}\n");

        assertThat(config.warnings())
                .singleElement()
                .asString()
                .startsWith("line 4: api.tls.certificate: the certificate " + warning);
    }

    @Test
    void only_address_and_tls_or_not_need_a_restart() throws Exception {
        DaemonConfig before = parse(TLS + TOKENS);

        assertThat(ConfigDiff.between(
                                before, parse("  allowed-hosts: [x]\n  tls: {certificate: soon.pem, key: soon.key}\n"))
                        .needsRestart())
                .isEmpty();
        assertThat(ConfigDiff.between(before, parse(TOKENS)).needsRestart())
                .extracting(Problem::toString)
                .containsExactly("api.tls: a change from TLS to plain HTTP needs a restart");
        assertThat(ConfigDiff.between(before, parse("  listen: 127.0.0.2\n" + TLS))
                        .needsRestart())
                .extracting(Problem::path)
                .containsExactly("api.listen");
    }

    @Test
    void a_command_finds_in_the_file_what_it_needs_and_minds_nothing_else() throws Exception {
        Files.writeString(directory.resolve("operator"), "alice-0123456789\n");
        Files.writeString(directory.resolve("reader"), "bob-0123456789abc\n");
        Path file = Files.writeString(directory.resolve("popbgp.yaml"), """
                api:
                  listen: 192.0.2.1
                  tls: {certificate: api.pem, key: not-for-everyone.key}
                  tokens:
                    - {name: root, role: operator, token: {file: not-for-everyone}}
                    - {name: bob, role: read-only, token: {file: reader}}
                    - {name: alice, role: operator, token: {file: operator}}
                peers: [{}]
                """);

        ApiClient client = ConfigReader.client(file);

        assertThat(client.listen().getAddress()).isEqualTo(IpAddresses.parse("192.0.2.1"));
        assertThat(client.certificate()).hasSize(1);
        assertThat(client.token().map(AccessToken::caller)).contains(new Caller("alice", Role.OPERATOR));

        Files.writeString(file, "api: {tokens: [{name: root, role: operator, token: {file: not-for-everyone}}]}\n");
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigReader.client(file));
        assertThat(refused.problems())
                .extracting(Problem::message)
                .containsExactly("the key file cannot be read: not-for-everyone (NoSuchFileException)");
        Files.writeString(file, "local-as: 1\n");
        assertThat(ConfigReader.client(file).token()).isEmpty();
    }
}
