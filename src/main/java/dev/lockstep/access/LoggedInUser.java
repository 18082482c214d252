package dev.lockstep.access;

import java.time.Instant;
import java.util.Collection;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/**
 * A local user in a session.
 *
 * @param password hashed
 * @param changedAt when the user was last changed before the log-in
 */
record LoggedInUser(String name, Role role, String password, Instant changedAt)
    implements UserDetails {

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return role.authorities();
  }

  @Override
  public String getPassword() {
    return password;
  }

  @Override
  public String getUsername() {
    return name;
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return name;
  }
}
