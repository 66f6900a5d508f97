package net.popbgp.daemon.scenario;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.Problem;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.sim.wire.SocketNetwork;

/**
 * What is configured on both sides before a {@link Stage} is opened. Each scenario has addresses of its own, 127.80.NUMBER.0/30 and
 * 127.80.NUMBER.8/30, so that all can be played side by side. Used by one thread.
 */
final class StageSetup {

    static final String SITE = "azure";
    static final String KEY = "Scenario1";
    static final int PORT = 17980;

    private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

    private final Scenario scenario;
    private int place;
    private final StringBuilder site = new StringBuilder();
    private final StringBuilder top = new StringBuilder();
    private final String[] circuits = {"", ""};
    private final StringBuilder atAzure = new StringBuilder();
    private final StringBuilder profile = new StringBuilder();
    private String vnets = "[{name: hub, address-spaces: [10.10.0.0/16, 10.11.0.0/16]}]";
    private String key = KEY;
    private int circuitCount = 2;
    private int swapped;

    StageSetup(Scenario scenario) {
        this.scenario = scenario;
    }

    /** For another stage of the same scenario at the same time: other addresses, 0..9. */
    StageSetup place(int value) {
        place = value;
        return this;
    }

    /** Gives the primary the higher addresses. */
    StageSetup swapped() {
        swapped = 1;
        return this;
    }

    /** Keys of the site, YAML without indentation. */
    StageSetup site(String yaml) {
        site.append(yaml.strip().indent(4));
        return this;
    }

    /** Keys of the site instead of those before, for the next reload. */
    StageSetup replaceSite(String yaml) {
        site.setLength(0);
        return site(yaml);
    }

    /** Keys at the top level of the PoP's file. */
    StageSetup top(String yaml) {
        top.append(yaml.strip()).append('\n');
        return this;
    }

    /** Keys of one circuit of the PoP, in one line. */
    StageSetup circuit(CircuitRole role, String yaml) {
        circuits[role.ordinal()] = ", " + yaml;
        return this;
    }

    StageSetup single() {
        circuitCount = 1;
        return this;
    }

    /** The PoP's MD5 key, which is Azure's too if nothing is said. */
    StageSetup popKey(String value) {
        key = value;
        return this;
    }

    /** Keys of both circuits at Azure, in one line. */
    StageSetup azure(String yaml) {
        atAzure.append(", ").append(yaml);
        return this;
    }

    /** Keys of the profile of Azure's routers, in one line. */
    StageSetup profile(String yaml) {
        profile.append(", ").append(yaml);
        return this;
    }

    /** The virtual networks behind each circuit, YAML in one line. */
    StageSetup vnets(String yaml) {
        vnets = yaml;
        return this;
    }

    /** {@return the roles of the PoP's circuits} */
    List<CircuitRole> roles() {
        return List.of(CircuitRole.values()).subList(0, circuitCount);
    }

    /** {@return the address of a role's link with that last number: 1 is the PoP, 2 Azure} */
    String address(CircuitRole role, int host) {
        return "127." + (80 + place) + "." + scenario.number() + "." + ((role.ordinal() ^ swapped) * 8 + host);
    }

    String subnet(CircuitRole role) {
        return address(role, 0) + "/30";
    }

    static String serviceKey(CircuitRole role) {
        return role == CircuitRole.PRIMARY
                ? "11111111-1111-4111-8111-111111111111"
                : "22222222-2222-4222-8222-222222222222";
    }

    /** {@return the simulator's file} */
    String azureFile() {
        StringBuilder text = new StringBuilder("""
                control: 127.0.0.1:0
                arm: {listen: "127.0.0.1:0", clock-speed: 1000000}
                circuits:
                """);
        for (CircuitRole role : CircuitRole.values()) {
            text.append("  - {name: " + role + ", peering: " + subnet(role) + ", port: " + PORT + ", peer-port: " + PORT
                    + (scenario == Scenario.S35 ? "" : ", passive-only: true") + ", shared-key: " + KEY + ", vnets: "
                    + vnets
                    + (atAzure.indexOf("peer-as") < 0 ? ", peer-as: 65001" : "") + atAzure
                    + ", profile: {connect-retry: 300ms" + profile + "}, azure: {service-key: " + serviceKey(role)
                    + ", vlan: " + (100 + role.ordinal()) + ", peering-location: "
                    + (role == CircuitRole.PRIMARY ? "New York" : "Washington DC") + "}}\n");
        }
        return text.toString();
    }

    /** Writes the PoP's file. */
    Path write(Path directory, int armPort) throws IOException {
        Path file = directory.resolve("popbgp.yaml");
        Files.writeString(directory.resolve("md5.key"), key + "\n");
        StringBuilder text = new StringBuilder("local-as: 65001\nrouter-id: 10.0.0." + scenario.number()
                + "\nwarm-up: 0s\napi: {listen: \"127.0.0.1:0\"}\nlisten: [\"" + address(CircuitRole.PRIMARY, 1) + ":"
                + PORT + "\", \"" + address(CircuitRole.SECONDARY, 1) + ":" + PORT
                + "\"]\nazure: {endpoint: \"http://127.0.0.1:" + armPort + "\", subscription: " + SUBSCRIPTION
                + ", peering-locations: {New York: New York, Ashburn: Washington DC}}\n" + top + "sites:\n  - name: "
                + SITE + "\n    port: " + PORT + "\n    md5-key: {file: md5.key}\n" + site + "    circuits:\n");
        for (CircuitRole role : roles()) {
            text.append("      - {pop: " + (role == CircuitRole.PRIMARY ? "New York" : "Ashburn") + ", subnet: "
                    + subnet(role) + ", vlan: " + (100 + role.ordinal()) + ", service-key: " + serviceKey(role)
                    + circuits[role.ordinal()] + "}\n");
        }
        return Files.writeString(file, text);
    }

    /** {@return what is wrong with the PoP's file, errors and warnings} */
    List<String> problems() throws IOException {
        Path directory = Files.createTempDirectory("scenario");
        Path file = write(directory, 1);
        try {
            return ConfigReader.read(file).warnings().stream()
                    .map(Problem::message)
                    .toList();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::message).toList();
        } finally {
            Files.delete(file);
            Files.delete(directory.resolve("md5.key"));
            Files.delete(directory);
        }
    }

    /** Starts Azure and the PoP. */
    Stage open() throws IOException, ConfigException {
        assumeTrue(SocketNetwork.supportsMd5(), "TCP MD5 needs Linux with epoll");
        return new Stage(this);
    }
}
