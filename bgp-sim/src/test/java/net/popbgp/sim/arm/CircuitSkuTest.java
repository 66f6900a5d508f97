package net.popbgp.sim.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.popbgp.sim.arm.CircuitSku.Family;
import net.popbgp.sim.arm.CircuitSku.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitSkuTest {

    private static ObjectNode json(String tier, String family) {
        return JsonNodeFactory.instance.objectNode().put("tier", tier).put("family", family);
    }

    @ParameterizedTest
    @CsvSource({
        "Standard, MeteredData, Premium, MeteredData, true",
        "Premium, MeteredData, Standard, MeteredData, true",
        "Standard, MeteredData, Standard, UnlimitedData, true",
        "Standard, UnlimitedData, Standard, MeteredData, false",
        "Local, UnlimitedData, Standard, UnlimitedData, true",
        "Standard, UnlimitedData, Local, UnlimitedData, true",
        "Premium, UnlimitedData, Local, UnlimitedData, true",
        "Basic, MeteredData, Standard, MeteredData, true",
        "Standard, MeteredData, Basic, MeteredData, false",
    })
    void changes_that_are_allowed(Tier tier, Family family, Tier nextTier, Family nextFamily, boolean allowed) {
        CircuitSku sku = new CircuitSku(tier, family);
        CircuitSku next = new CircuitSku(nextTier, nextFamily);
        if (allowed) {
            sku.requireChangeTo(next);
        } else {
            assertThatExceptionOfType(ArmException.class)
                    .isThrownBy(() -> sku.requireChangeTo(next))
                    .withMessageContaining(sku.name() + " to " + next.name());
        }
    }

    @Test
    void bandwidth_is_one_of_eight_and_grows_only() {
        assertThat(CircuitSku.bandwidth(IntNode.valueOf(50), 0)).isEqualTo(50);
        assertThat(CircuitSku.bandwidth(IntNode.valueOf(2000), 1000)).isEqualTo(2000);
        assertThat(CircuitSku.bandwidth(IntNode.valueOf(1000), 1000)).isEqualTo(1000);
        assertThatExceptionOfType(ArmException.class)
                .isThrownBy(() -> CircuitSku.bandwidth(IntNode.valueOf(500), 1000))
                .withMessage("The bandwidth of a circuit can grow but not shrink: 1000 Mbps to 500 Mbps.");
        assertThatExceptionOfType(ArmException.class)
                .isThrownBy(() -> CircuitSku.bandwidth(IntNode.valueOf(300), 0))
                .withMessage("Property 'serviceProviderProperties.bandwidthInMbps' must be one of"
                        + " [50, 100, 200, 500, 1000, 2000, 5000, 10000], not 300.");
    }

    @Test
    void standard_links_ten_networks_and_premium_more_with_more_bandwidth() {
        CircuitSku standard = new CircuitSku(Tier.Standard, Family.MeteredData);
        CircuitSku premium = new CircuitSku(Tier.Premium, Family.MeteredData);
        assertThat(CircuitSku.BANDWIDTHS).allMatch(mbps -> standard.maxVnets(mbps) == 10);
        assertThat(CircuitSku.BANDWIDTHS)
                .extracting(premium::maxVnets)
                .containsExactly(20, 25, 25, 40, 50, 60, 75, 100);
    }

    @Test
    void name_must_agree_and_local_is_unlimited() {
        assertThat(CircuitSku.of(json("Premium", "UnlimitedData").put("name", "Premium_UnlimitedData")))
                .isEqualTo(new CircuitSku(Tier.Premium, Family.UnlimitedData));
        assertThatExceptionOfType(ArmException.class)
                .isThrownBy(() -> CircuitSku.of(json("Premium", "UnlimitedData").put("name", "Standard_MeteredData")))
                .withMessage("Property 'sku.name' must be 'Premium_UnlimitedData', not 'Standard_MeteredData'.");
        assertThatExceptionOfType(ArmException.class)
                .isThrownBy(() -> CircuitSku.of(json("Local", "MeteredData")))
                .withMessageContaining("'UnlimitedData' with tier 'Local'");
        assertThatExceptionOfType(ArmException.class)
                .isThrownBy(() -> CircuitSku.of(json("Gold", "MeteredData")))
                .withMessage("Property 'sku.tier' must be one of [Basic, Local, Standard, Premium], not 'Gold'.");
    }
}
