package dev.lockstep.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OidcSettingsTest {
  private static OidcSettings settings(String claim) {
    return new OidcSettings(
        claim, List.of("sre"), List.of("on-call", "desk"), List.of("owners"), Duration.ofDays(30));
  }

  @Test
  void givesTheHighestRoleOfTheClaim() {
    OidcSettings settings = settings("groups");
    assertThat(settings.role(Map.of("groups", List.of("sre", "desk", "x"))))
        .contains(Role.OPERATOR);
    assertThat(settings.role(Map.of("groups", List.of("owners", "sre")))).contains(Role.ADMIN);
    assertThat(settings.role(Map.of("groups", "sre"))).contains(Role.VIEWER);
  }

  @Test
  void givesNoRoleForWhatIsNotListed() {
    OidcSettings settings = settings("groups");
    assertThat(settings.role(Map.of())).isEmpty();
    assertThat(settings.role(Map.of("groups", List.of("Owners", "own")))).isEmpty();
    assertThat(settings.role(Map.of("groups", Map.of("owners", true)))).isEmpty();
    assertThat(settings.role(Map.of("roles", List.of("owners")))).isEmpty();
  }

  @Test
  void findsAClaimWithinAClaimAndOneWithDotsInItsName() {
    assertThat(
            settings("realm_access.roles")
                .role(Map.of("realm_access", Map.of("roles", List.of("owners")))))
        .contains(Role.ADMIN);
    assertThat(
            settings("https://example.com/roles")
                .role(Map.of("https://example.com/roles", List.of("sre"))))
        .contains(Role.VIEWER);
  }
}
