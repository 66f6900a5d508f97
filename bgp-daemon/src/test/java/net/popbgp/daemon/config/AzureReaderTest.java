package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.daemon.arm.AzureConfig;
import net.popbgp.daemon.arm.TokenSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureReaderTest {

    private static final String HEAD = "local-as: 65001\nrouter-id: 10.0.0.1\n";
    private static final String GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    @TempDir
    Path directory;

    private AzureConfig read(String azure) throws ConfigException {
        return ConfigReader.parse(HEAD + azure, directory, name -> name.equals("TOKEN") ? "abc.def" : null)
                .azure()
                .orElseThrow();
    }

    private List<String> problems(String azure) {
        try {
            return ConfigReader.parse(HEAD + azure, directory, name -> null).warnings().stream()
                    .map(Problem::toString)
                    .toList();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    @Test
    void all_keys_are_read() throws Exception {
        Files.writeString(directory.resolve("token"), "secret\n");
        AzureConfig azure = read("""
                azure:
                  endpoint: https://management.azure.com/
                  subscription: %s
                  token: {file: token}
                  api-version: 2025-01-01
                  licence-mbps: 500
                  timeout: 20s
                  peering-locations: {Lab: New York, New York: Chicago}
                """.formatted(GUID));

        assertThat(azure.endpoint()).hasToString("https://management.azure.com");
        assertThat(azure.token().orElseThrow().token()).isEqualTo("secret");
        assertThat(azure.apiVersion()).isEqualTo("2025-01-01");
        assertThat(azure.licenceMbps()).hasValue(500);
        assertThat(azure.timeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(azure.peeringLocations()).isEqualTo(Map.of("Lab", "New York", "New York", "Chicago"));
    }

    @Test
    void a_token_of_the_environment_is_not_printed() throws Exception {
        AzureConfig azure =
                read("azure: {endpoint: 'http://127.0.0.1:8180', subscription: " + GUID + ", token: {env: TOKEN}}");

        Optional<TokenSource> token = azure.token();
        assertThat(token.orElseThrow().token()).isEqualTo("abc.def");
        assertThat(azure.toString()).doesNotContain("abc.def");
        assertThat(azure.apiVersion()).isEqualTo("2024-05-01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "endpoint: http://192.0.2.1 | azure.endpoint: http sends the token in the clear and is for loopback addresses only: use https: 'http://192.0.2.1'",
                "endpoint: management.azure.com | azure.endpoint: not an address such as https://management.azure.com: 'management.azure.com'",
                "endpoint: https://a.example/x?y | azure.endpoint: not an address such as https://management.azure.com: 'https://a.example/x?y'",
                "subscription: mine | azure.subscription: a subscription is a GUID: 'mine'",
                "token: abc | azure.token: a token does not belong into this file: write {file: PATH} or {env: NAME}",
                "token: {env: NONE} | azure.token.env: the environment variable is not set: NONE",
                "api-version: latest | azure.api-version: an API version is a date such as 2024-05-01: 'latest'",
                "licence-mbps: 0 | azure.licence-mbps: out of range 1..1000000: 0",
                "timeout: 1m | azure.timeout: at most 30s: '1m'",
                "licence: 5 | azure.licence: unknown key 'licence', did you mean 'licence-mbps'?",
            })
    void what_is_wrong_is_named_with_its_place(String line, String problem) {
        assertThat(problems("azure:\n  " + line + "\n")).anyMatch(each -> each.contains(problem));
    }

    @Test
    void doubtful_things_are_warned_of() {
        assertThat(problems("azure: {endpoint: 'https://management.azure.com', subscription: " + GUID + "}"))
                .containsExactly("line 3: azure: without 'token' Azure refuses every question");
        assertThat(problems("azure: {endpoint: 'https://management.azure.com', subscription: " + GUID
                        + ", token: {file: none}}"))
                .containsExactly("line 3: azure.token: the token file cannot be read: " + directory.resolve("none")
                        + " (NoSuchFileException); it is read again for each question");
    }
}
