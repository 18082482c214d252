package dev.lockstep.access;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a user or an API token may do; each may do everything that the ones before it may. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Decides: retries, accepts, starts. */
  OPERATOR,
  /** Manages users, tokens and settings. */
  ADMIN;

  /** As in requests and on pages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role of this label.
   *
   * @throws RefusedException if there is none
   */
  public static Role parse(String label) {
    return find(label)
        .orElseThrow(
            () ->
                RefusedException.invalid(
                    "role: '%s' is not a role; use viewer, operator or admin".formatted(label)));
  }

  static Optional<Role> find(String label) {
    return Stream.of(values()).filter(role -> role.label().equals(label)).findFirst();
  }

  List<GrantedAuthority> authorities() {
    return List.of(new SimpleGrantedAuthority("ROLE_" + name()));
  }

  static RoleHierarchy hierarchy() {
    return RoleHierarchyImpl.withDefaultRolePrefix()
        .role(ADMIN.name())
        .implies(OPERATOR.name())
        .role(OPERATOR.name())
        .implies(VIEWER.name())
        .build();
  }
}
