package net.popbgp.sim.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeeringRulesTest {

    private static final String GOOD = """
            {"peerASN": 64512, "primaryPeerAddressPrefix": "192.168.100.128/30",
             "secondaryPeerAddressPrefix": "192.168.100.132/30", "vlanId": 100, "sharedKey": "Abc123"}""";

    private static ArmPeering read(String json, Optional<ArmPeering> present, List<ArmPeering> others)
            throws Exception {
        JsonNode properties = new ObjectMapper().readTree(json);
        return PeeringRules.read(
                ArmPeering.PRIVATE,
                properties,
                Asn.of(12076),
                present,
                others,
                List.of(Prefix.of("10.1.0.0/16"), Prefix.of("172.16.0.0/12")));
    }

    private static ArmPeering read(String json) throws Exception {
        return read(json, Optional.empty(), List.of());
    }

    @Test
    void a_good_peering_is_enabled_unless_it_says_otherwise() throws Exception {
        ArmPeering peering = read(GOOD);

        assertThat(peering.enabled()).isTrue();
        assertThat(peering.primary()).isEqualTo(Prefix.of("192.168.100.128/30"));
        assertThat(peering.sharedKey()).contains("Abc123");
        assertThat(read(GOOD.replace("\"vlanId\"", "\"state\": \"Disabled\", \"vlanId\""))
                        .enabled())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64512 | 65515 | Property 'peerASN' must not be 65515, which is reserved.",
                "64512 | 65520 | Property 'peerASN' must not be 65520, which is reserved.",
                "64512 | 12076 | Property 'peerASN' must not be 12076, which is reserved.",
                "64512 | 4294967296 | Property 'peerASN' must be 1..4294967295, not 4294967296.",
                "64512 | 0 | Property 'peerASN' must be 1..4294967295, not 0.",
                "\"vlanId\": 100 | \"vlanId\": 4095 | Property 'vlanId' must be 1..4094, not 4095.",
                "\"vlanId\": 100 | \"x\": 1 | Property 'vlanId' must be 1..4094, not missing.",
                "100.128/30 | 100.128/29 | Property 'primaryPeerAddressPrefix' must be an IPv4 /30, not 192.168.100.128/29.",
                "100.128/30 | 100.129/30 | Property 'primaryPeerAddressPrefix' is no IPv4 /30: host bits are set in '192.168.100.129/30'; the prefix would be 192.168.100.128/30.",
                "100.132/30 | 100.128/30 | Property 'secondaryPeerAddressPrefix' must not overlap the primary 192.168.100.128/30.",
                "192.168.100.132 | 10.1.0.0 | Property 'secondaryPeerAddressPrefix' must not overlap the address space 10.1.0.0/16 of a linked virtual network.",
                "\"secondaryPeerAddressPrefix\": \"192.168.100.132/30\", | '' | Property 'secondaryPeerAddressPrefix' is required.",
                "\"vlanId\" | \"state\": \"Up\", \"vlanId\" | Property 'state' must be 'Enabled' or 'Disabled', not 'Up'.",
            })
    void what_azure_does_not_take_is_refused_by_name(String good, String bad, String message) {
        assertThatExceptionOfType(ArmException.class)
                .isThrownBy(() -> read(GOOD.replace(good, bad)))
                .withMessage(message);
    }

    @Test
    void s05_a_shared_key_of_26_characters_or_with_a_special_one_is_refused_and_not_repeated() {
        for (String key : List.of("a".repeat(26), "Passw0rd!")) {
            assertThatExceptionOfType(ArmException.class)
                    .isThrownBy(() -> read(GOOD.replace("Abc123", key)))
                    .withMessage(
                            "Property 'sharedKey' must have 1..25 letters and digits and nothing else; this one has "
                                    + key.length() + " characters.");
        }
    }

    @Test
    void a_request_without_a_key_keeps_it_and_an_empty_one_removes_it() throws Exception {
        Optional<ArmPeering> present = Optional.of(read(GOOD));

        assertThat(read(GOOD.replace("\"Abc123\"", "null"), present, List.of()).sharedKey())
                .contains("Abc123");
        assertThat(read(GOOD.replace("Abc123", ""), present, List.of()).sharedKey())
                .isEmpty();
    }

    @Test
    void a_vlan_must_differ_from_the_other_peerings() throws Exception {
        ArmPeering other = read(GOOD);

        assertThatExceptionOfType(ArmException.class)
                .isThrownBy(() -> read(GOOD, Optional.empty(), List.of(other)))
                .withMessage("Property 'vlanId' must differ from the one of AzurePrivatePeering, which is 100.");
    }
}
