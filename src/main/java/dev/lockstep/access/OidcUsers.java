package dev.lockstep.access;

import dev.lockstep.access.Users.Person;
import java.time.Clock;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;

/** Users of an OpenID Connect provider, with the role that its claims give them. */
@Component
@EnableConfigurationProperties(OidcSettings.class)
class OidcUsers implements OAuth2UserService<OidcUserRequest, OidcUser> {
  /** Why a user is refused. */
  static final String NO_ROLE = "no-role";

  static final String NAME = "name";

  private static final Logger LOG = LoggerFactory.getLogger(OidcUsers.class);

  private final OidcUserService claims = new OidcUserService();
  private final OidcSettings settings;
  private final UserStore users;
  private final OidcUserStore remembered;
  private final Clock clock;

  OidcUsers(OidcSettings settings, UserStore users, OidcUserStore remembered, Clock clock) {
    this.settings = settings;
    this.users = users;
    this.remembered = remembered;
    this.clock = clock;
  }

  @Override
  public OidcUser loadUser(OidcUserRequest request) {
    OidcUser user = claims.loadUser(request);
    String nameClaim =
        request
            .getClientRegistration()
            .getProviderDetails()
            .getUserInfoEndpoint()
            .getUserNameAttributeName();
    // A local user of this name is someone else, which the audit could not tell.
    if (!AccountName.isAcceptable(user.getName()) || users.exists(user.getName())) {
      throw refused(NAME, user);
    }
    // Whatever the last log-in gave is over, also if this one is refused.
    remembered.delete(user.getName());
    Role role = settings.role(user.getClaims()).orElseThrow(() -> refused(NO_ROLE, user));
    remember(user, role);
    return nameClaim == null || nameClaim.isEmpty()
        ? new DefaultOidcUser(role.authorities(), user.getIdToken(), user.getUserInfo())
        : new DefaultOidcUser(role.authorities(), user.getIdToken(), user.getUserInfo(), nameClaim);
  }

  /** Without a verified address nobody can be recognised by it. */
  private void remember(OidcUser user, Role role) {
    String email = user.getEmail();
    if (email != null && Boolean.TRUE.equals(user.getEmailVerified())) {
      remembered.save(
          new Person(user.getName(), role), email.toLowerCase(Locale.ROOT), clock.instant());
    }
  }

  private static OAuth2AuthenticationException refused(String why, OidcUser user) {
    LOG.warn("Log-in of {} refused: {}", AccountName.printable(user.getName()), why);
    return new OAuth2AuthenticationException(new OAuth2Error(why), why);
  }
}
