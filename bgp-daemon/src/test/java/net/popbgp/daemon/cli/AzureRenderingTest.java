package net.popbgp.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AzureRenderingTest {

    private static final String KEY = "11111111-1111-4111-8111-111111111111";

    @Test
    void a_key_that_can_be_used_is_told_with_what_it_stands_for() throws IOException {
        assertThat(AzureRendering.verdicts(new ObjectMapper().readTree("""
                        {"service-key": "%s", "pop": "New York", "valid": true, "name": "er-ny", "sku": "Standard_MeteredData",
                         "provider": "Equinix", "provider-state": "NotProvisioned", "peering-location": "New York",
                         "bandwidth-mbps": 500, "problems": [], "notes": []}
                        """.formatted(KEY))))
                .isEqualToNormalizingNewlines("""
                        %s: valid
                          circuit    er-ny (Standard_MeteredData)
                          provider   Equinix, NotProvisioned
                          location   New York
                          bandwidth  500 Mbit/s
                        """.formatted(KEY));
    }

    @Test
    void refused_keys_of_a_site_are_told_with_the_reasons() throws IOException {
        assertThat(AzureRendering.verdicts(new ObjectMapper().readTree("""
                        {"site": "s", "valid": false, "circuits": [
                         {"circuit": "primary", "service-key": "%s", "valid": false,
                          "problems": ["no circuit of subscription x has this service key"], "notes": []},
                         {"circuit": "secondary", "service-key": "", "valid": false,
                          "problems": ["no service key is configured"], "notes": []}]}
                        """.formatted(KEY))))
                .isEqualToNormalizingNewlines("""
                        primary %s: refused
                          problem    no circuit of subscription x has this service key
                        secondary without a key: refused
                          problem    no service key is configured
                        """.formatted(KEY));
    }

    @Test
    void both_sides_of_a_circuit_stand_together() throws IOException {
        assertThat(AzureRendering.sides(new ObjectMapper().readTree("""
                        {"site": "s", "circuits": [
                         {"circuit": "primary", "service-key": "%s", "name": "er-ny", "sku": "Standard_MeteredData",
                          "provider": "Equinix", "provider-state": "Provisioned", "peering-location": "New York",
                          "bandwidth-mbps": 500,
                          "peering": {"state": "Enabled", "azure-as": 12076, "peer-as": 64512, "vlan": 100,
                                      "primary": "10.0.0.0/30", "secondary": "10.0.0.4/30"},
                          "here": {"state": "Established", "prefixes-received": 3, "prefixes-advertised": 40},
                          "arp": [{"device": "primary", "interface": "On-Prem", "address": "10.0.0.1",
                                   "mac-address": "0200.0a00.0001", "age": 12}],
                          "neighbors": [
                           {"device": "primary", "neighbor": "10.0.0.1", "as": 64512, "up-down": "58:09",
                            "state-or-prefixes": "40"},
                           {"device": "secondary", "neighbor": "10.0.0.5", "as": 64512, "up-down": "never",
                            "state-or-prefixes": "Idle"}],
                          "availability": [{"device": "primary", "metric": "BgpAvailability", "percent": 100.0}],
                          "notes": ["the private peering is Disabled"],
                          "problems": ["ARP table of the secondary: Azure answers 429"]},
                         {"circuit": "secondary", "service-key": "", "arp": [], "neighbors": [], "availability": [],
                          "notes": [], "problems": ["no service key is configured"]}]}
                        """.formatted(KEY))))
                .isEqualToNormalizingNewlines("""
                        primary: er-ny (Standard_MeteredData)
                          provider   Equinix New York, 500 Mbit/s, Provisioned
                          peering    Enabled, AS 64512, VLAN 100, 10.0.0.0/30 and 10.0.0.4/30
                          here       Established, 40 prefixes advertised, 3 received
                          ROUTER   METRIC           PERCENT
                          primary  BgpAvailability      100
                          ROUTER     NEIGHBOR     AS  UP/DOWN  STATE/PREFIXES
                          primary    10.0.0.1  64512  58:09    40
                          secondary  10.0.0.5  64512  never    Idle
                          ROUTER   INTERFACE  ADDRESS   MAC             AGE
                          primary  On-Prem    10.0.0.1  0200.0a00.0001   12
                          problem    ARP table of the secondary: Azure answers 429
                          note       the private peering is Disabled

                        secondary
                          problem    no service key is configured
                        """);
    }
}
