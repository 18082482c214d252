package dev.lockstep.access;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which role a user of an OpenID Connect provider has. The provider itself is set up with Spring's
 * own properties, {@code spring.security.oauth2.client}.
 *
 * @param rolesClaim the claim that names a user's groups or roles; dots lead into objects
 * @param viewers values of that claim that make a user a viewer
 * @param operators values that make a user an operator
 * @param admins values that make a user an administrator
 * @param remembered how long after a log-in its role counts for commands from a chat
 */
@ConfigurationProperties("lockstep.oidc")
record OidcSettings(
    @DefaultValue("groups") String rolesClaim,
    @DefaultValue("lockstep-viewer") List<String> viewers,
    @DefaultValue("lockstep-operator") List<String> operators,
    @DefaultValue("lockstep-admin") List<String> admins,
    @DefaultValue("30d") Duration remembered) {

  OidcSettings {
    viewers = List.copyOf(viewers);
    operators = List.copyOf(operators);
    admins = List.copyOf(admins);
  }

  /** The highest role that these claims give; empty if they give none. */
  Optional<Role> role(Map<String, Object> claims) {
    Set<String> values = values(claims);
    if (admins.stream().anyMatch(values::contains)) {
      return Optional.of(Role.ADMIN);
    }
    if (operators.stream().anyMatch(values::contains)) {
      return Optional.of(Role.OPERATOR);
    }
    return viewers.stream().anyMatch(values::contains)
        ? Optional.of(Role.VIEWER)
        : Optional.empty();
  }

  private Set<String> values(Map<String, Object> claims) {
    // A name with dots may be one claim: namespaced claims are addresses.
    Object value = claims.containsKey(rolesClaim) ? claims.get(rolesClaim) : nested(claims);
    Set<String> values = new TreeSet<>();
    if (value instanceof Collection<?> many) {
      many.forEach(one -> values.add(String.valueOf(one)));
    } else if (value != null) {
      values.add(value.toString());
    }
    return values;
  }

  private @Nullable Object nested(Map<String, Object> claims) {
    Object value = claims;
    for (String part : rolesClaim.split("\\.")) {
      value = value instanceof Map<?, ?> object ? object.get(part) : null;
    }
    return value;
  }
}
